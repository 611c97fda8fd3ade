"""The rows that the system starts with: the kundordertyper and the roles."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from orders.roles import ROLE_PERMISSIONS, grant_roles

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
    grant_roles(apps)


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
