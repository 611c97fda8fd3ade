"""The rows that the system starts with: the kundordertyper and the roles."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import ROLE_PERMISSIONS

SUBTYPES = [
    # code, name, type, sender rule, direct, hidden, description
    ("lagerflytt", "Lagerflytt", "L", "CENTRAL", False, False, "Från lager 10 till ditt kommunlager."),
    ("lagerflytt-kommun", "Lagerflytt mellan kommuner", "L", "OTHER", False, True, "Från en annan kommuns lager."),
    ("bestallning", "Beställning", "B", "CENTRAL", False, False, "Från lager 10, Hjälpmedelsservice, som levererar."),
    ("direktbestallning", "Direktbeställning", "B", "OWN", True, False, "Från eget kommunlager. Du plockar själv."),
    ("forskrivning", "Förskrivning", "F", "CENTRAL", False, False, "Från lager 10, Hjälpmedelsservice, som levererar."),
    ("direktforskrivning", "Direktförskrivning", "F", "OWN", True, False, "Från eget kommunlager. Du lämnar ut själv."),
]


def create_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    subtype = apps.get_model("orders", "OrderSubtype")
    for position, (code, name, type_, rule, direct, hidden, description) in enumerate(SUBTYPES, start=1):
        subtype.objects.create(
            code=code,
            name=name,
            type=type_,
            sender_rule=rule,
            is_direct=direct,
            is_hidden=hidden,
            description=description,
            position=position * 10,
        )
    create_roles(apps)


def create_roles(apps: StateApps) -> None:
    """Django makes permissions after all migrations; the roles need them now."""
    for app in ("parties", "inventory", "orders"):
        config = apps.get_app_config(app)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, permissions in ROLE_PERMISSIONS.items():
        group, _ = group_model.objects.get_or_create(name=role)
        for name in permissions:
            app, _, codename = name.partition(".")
            group.permissions.add(permission_model.objects.get(content_type__app_label=app, codename=codename))


def delete_rows(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("orders", "OrderSubtype").objects.all().delete()
    apps.get_model("auth", "Group").objects.filter(name__in=ROLE_PERMISSIONS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_order_rules"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_rows, delete_rows)]
