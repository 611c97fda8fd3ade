"""Who has a title that is a profession gets the profession."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PROFESSIONS = {
    "arbetsterapeut": "OT",
    "fysioterapeut": "PT",
    "sjukgymnast": "PT",
    "sjuksköterska": "NURSE",
    "distriktssköterska": "DISTRICT",
    "läkare": "PHYSICIAN",
    "logoped": "SPEECH",
    "audionom": "AUDIO",
    "optiker": "OPTICIAN",
    "ortopedingenjör": "PROSTHETIST",
    "dietist": "DIETITIAN",
    "undersköterska": "ASSISTANT",
    "tekniker": "TECHNICIAN",
}


def set_professions(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    users = apps.get_model("parties", "User").objects.filter(profession="")
    for title, profession in PROFESSIONS.items():
        users.filter(title__iexact=title).update(profession=profession)


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_professions_and_temporary_rights")]
    operations = [migrations.RunPython(set_professions, migrations.RunPython.noop)]
