"""What each role may do: one table, read by the migration that makes the groups and shown in the documentation."""

from django.contrib.auth.management import create_permissions
from django.db.migrations.state import StateApps

CREATE_TRANSFER = "orders.create_transfer"
CREATE_REQUISITION = "orders.create_requisition"
CREATE_PRESCRIPTION = "orders.create_prescription"
DELIVER = "orders.deliver_order"
RECEIVE = "orders.receive_delivery"
CANCEL = "orders.cancel_order"
CHANGE = "orders.change_registered_order"
MANAGE_BACK_ORDERS = "orders.manage_back_orders"
SETTLE = "orders.settle_receipt"
RETURN = "orders.return_goods"
COUNT = "inventory.count_stock"
RECEIVE_GOODS = "inventory.receive_goods"
VIEW_ORDERS = "orders.view_order"
VIEW_STOCK = "inventory.view_stocklevel"
VIEW_PATIENTS = "parties.view_patient"
REVIEW_LOG = "audit.review_access_log"

MASTER_DATA = [
    "parties.party",
    "parties.user",
    "parties.usercustomer",
    "parties.prescribingright",
    "parties.patient",
    "parties.carerelation",
    "inventory.warehouse",
    "inventory.article",
    "inventory.training",
    "inventory.usertraining",
]
SETTINGS = ["inventory.device", "inventory.stocklevel", "orders.ordersubtype"]
LEDGERS = [
    "inventory.location",
    "inventory.stockmovement",
    "inventory.goodsreceipt",
    "orders.order",
    "orders.orderline",
    "orders.orderevent",
    "orders.delivery",
    "orders.deliveryline",
    "orders.receipt",
    "orders.receiptline",
    "orders.receiptsettlement",
    "orders.deliveryfailure",
    "orders.holding",
    "orders.goodsreturn",
    "orders.notice",
    "orders.ordernumberseries",
    "auth.group",
    "audit.changeentry",
]


STORE_STAFF = [
    CREATE_TRANSFER,
    DELIVER,
    RECEIVE,
    RECEIVE_GOODS,
    CANCEL,
    CHANGE,
    RETURN,
    COUNT,
    VIEW_ORDERS,
    VIEW_STOCK,
]


def _may(acts: str, models: list[str]) -> list[str]:
    """Django's own permissions: `_may("add", ["parties.party"])` is `["parties.add_party"]`."""
    return [f"{model.replace('.', f'.{act}_')}" for model in models for act in acts.split()]


ROLE_PERMISSIONS: dict[str, list[str]] = {
    "Beställare": [CREATE_REQUISITION, DELIVER, CANCEL, CHANGE, VIEW_ORDERS, VIEW_STOCK],
    "Förskrivare": [
        CREATE_REQUISITION,
        CREATE_PRESCRIPTION,
        DELIVER,
        CANCEL,
        CHANGE,
        VIEW_ORDERS,
        VIEW_STOCK,
        VIEW_PATIENTS,
    ],
    "Förrådspersonal": STORE_STAFF,
    "Tekniker": STORE_STAFF,
    "HMS handläggare": [DELIVER, CANCEL, CHANGE, MANAGE_BACK_ORDERS, SETTLE, VIEW_ORDERS, VIEW_STOCK],
    "HMS lager": [
        DELIVER,
        RECEIVE_GOODS,
        CANCEL,
        CHANGE,
        MANAGE_BACK_ORDERS,
        SETTLE,
        RETURN,
        COUNT,
        VIEW_ORDERS,
        VIEW_STOCK,
    ],
    "Loggranskare": [REVIEW_LOG],
    "Systemförvaltare": [
        *_may("add change view", MASTER_DATA),
        *_may("delete", ["parties.usercustomer", "parties.prescribingright", "inventory.usertraining"]),
        *_may("change view", SETTINGS),
        *_may("view", LEDGERS),
    ],
}


def grant_roles(apps: StateApps) -> None:
    """Make the groups and give them the permissions of the table that exist so far; for migrations.

    Django makes permissions after all migrations, so those of our models are made here first.
    """
    for app in ("auth", "parties", "audit", "inventory", "orders"):
        if app not in apps.app_configs:  # an early migration, from before the app
            continue
        config = apps.get_app_config(app)
        config.models_module = True  # type: ignore[assignment]  # only its truth is asked for
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, names in ROLE_PERMISSIONS.items():
        group, _ = group_model.objects.get_or_create(name=role)
        wanted = {tuple(name.split(".")) for name in names}
        for permission in permission_model.objects.select_related("content_type"):
            if (permission.content_type.app_label, permission.codename) in wanted:
                group.permissions.add(permission)
