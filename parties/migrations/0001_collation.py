from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CANDIDATES = [
    ("SELECT 1 FROM pg_collation WHERE collprovider = 'i' LIMIT 1", "(provider = icu, locale = 'sv-SE')"),
    ("SELECT 1 FROM pg_collation WHERE collname IN ('sv_SE.utf8', 'sv_SE.UTF-8')", "(locale = 'sv_SE.utf8')"),
    ("SELECT 1", 'FROM "C"'),
]


def create_collation(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Swedish order (å ä ö last): ICU where the server has it, else the system's locale, else code points."""
    with schema_editor.connection.cursor() as cursor:
        for question, definition in CANDIDATES:
            cursor.execute(question)
            if cursor.fetchone():
                cursor.execute(f"CREATE COLLATION swedish {definition}")
                return


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunPython(
            create_collation,
            lambda apps, schema_editor: schema_editor.execute("DROP COLLATION swedish"),
        ),
    ]
