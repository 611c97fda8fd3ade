"""Which unit takes part in whose care, and where users live, for the log review."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_unit_roles_and_hsa_ids"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="home_postal_code",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=10, verbose_name="bostadens postnummer"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="home_street",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Visas inte. Loggranskningen jämför den med patienternas adresser.",
                max_length=120,
                verbose_name="bostadsadress",
            ),
        ),
        migrations.CreateModel(
            name="CareRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="från")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="Tomt tills vidare.", null=True, verbose_name="till och med"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_relations",
                        to="parties.patient",
                        verbose_name="patient",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="registrerad av",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        limit_choices_to={"is_customer": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="care_relations",
                        to="parties.party",
                        verbose_name="enhet",
                    ),
                ),
            ],
            options={
                "verbose_name": "vårdrelation",
                "verbose_name_plural": "vårdrelationer",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="care_relation_period",
                        violation_error_message="Slutdatum kan inte ligga före startdatum.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("patient", "unit"),
                        name="care_relation_open_once",
                        violation_error_message="Enheten har redan en vårdrelation med patienten tills vidare.",
                    ),
                ],
            },
        ),
    ]
