"""What each role may do: one table, read by the migrations that make the groups, shown in the administration and in
docs/security.md.
"""

from collections.abc import Sequence

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

ACTS = {
    CREATE_REQUISITION: "Göra beställningar",
    CREATE_PRESCRIPTION: "Förskriva, inom sin förskrivningsrätt",
    CREATE_TRANSFER: "Göra lagerflyttsorder",
    CHANGE: "Ändra en registrerad order",
    CANCEL: "Makulera",
    DELIVER: "Plocka och skapa utleverans",
    RECEIVE: "Kvittera mottagning",
    SETTLE: "Reda ut mottagningsdifferenser",
    MANAGE_BACK_ORDERS: "Styra restorder",
    RECEIVE_GOODS: "Ta emot inleveranser",
    RETURN: "Ta emot returer",
    COUNT: "Inventera",
    VIEW_ORDERS: "Se kundorder",
    VIEW_STOCK: "Se saldon",
    VIEW_PATIENTS: "Söka patienter",
    REVIEW_LOG: "Granska åtkomstloggen",
}
"""The acts in the words of the interface, in the order of the table."""

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
    "inventory.isogroup",
]
REMOVABLE = ["parties.usercustomer", "parties.prescribingright", "inventory.usertraining"]
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
    "parties.securityevent",
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
        *_may("delete", REMOVABLE),
        *_may("change view", SETTINGS),
        *_may("view", LEDGERS),
    ],
}


ADMINISTRATION = {
    "Lägga till, ändra och se parter, användare, rättigheter, patienter, artiklar och lager": _may(
        "add change view", MASTER_DATA
    ),
    "Ta bort en användares kund, förskrivningsrätt eller utbildning": _may("delete", REMOVABLE),
    "Ändra individer, beställningspunkter och kundordertyper": _may("change view", SETTINGS),
    "Se order, leveranser, lagerrörelser, roller, ändringar och inloggningar i administrationen": _may("view", LEDGERS),
}
"""What is done in the administration, as whole lines of the table."""


def role_table() -> list[tuple[str, list[bool]]]:
    """One line for each act: what it is called, and whether each role (in the order of ROLE_PERMISSIONS) may do it."""
    acts: dict[str, Sequence[str]] = {label: [permission] for permission, label in ACTS.items()}
    return [
        (label, [set(permissions) <= set(granted) for granted in ROLE_PERMISSIONS.values()])
        for label, permissions in (acts | ADMINISTRATION).items()
    ]


def grant_roles(apps: StateApps) -> None:
    """Make the groups and give each just the permissions of the table that exist so far; for migrations.

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
        group.permissions.set(
            permission
            for permission in permission_model.objects.select_related("content_type")
            if (permission.content_type.app_label, permission.codename) in wanted
        )
