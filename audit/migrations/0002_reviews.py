"""Reviews of the access log, and the monthly samples; both only ever added to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = ("accessreview", "accesssample", "sampledvisit")
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_{0} FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_{0} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACKWARD = "DROP TRIGGER append_only ON audit_{0}; DROP TRIGGER never_emptied ON audit_{0};"


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_access_log"),
        ("parties", "0003_care_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="dag")),
                (
                    "seen_to",
                    models.BigIntegerField(
                        help_text="Rader därefter är inte granskade.", verbose_name="sista granskade rad"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("OK", "Behörig åtkomst"), ("FOLLOW_UP", "Följs upp"), ("BREACH", "Obehörig åtkomst")],
                        max_length=9,
                        verbose_name="utfall",
                    ),
                ),
                ("note", models.TextField(blank=True, db_default="", default="", verbose_name="anteckning")),
                ("at", models.DateTimeField(verbose_name="granskad")),
            ],
            options={
                "verbose_name": "loggranskning",
                "verbose_name_plural": "loggranskningar",
                "permissions": [("review_access_log", "Kan granska åtkomstloggen")],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="AccessSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Månadens första dag.", unique=True, verbose_name="månad")),
                ("seed", models.BigIntegerField(verbose_name="frö")),
                ("per_unit", models.PositiveIntegerField(verbose_name="antal per enhet")),
                ("drawn_at", models.DateTimeField(verbose_name="dragen")),
            ],
            options={
                "verbose_name": "stickprov",
                "verbose_name_plural": "stickprov",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="SampledVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="dag")),
            ],
            options={
                "verbose_name": "besök i stickprov",
                "verbose_name_plural": "besök i stickprov",
                "default_permissions": ("view",),
            },
        ),
        migrations.AddIndex(
            model_name="accesslogentry",
            index=models.Index(
                condition=models.Q(("is_emergency", True), ("is_protected", True), _connector="OR"),
                fields=["at"],
                name="access_log_always_reviewed",
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.patient",
                verbose_name="patient",
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="granskad av",
            ),
        ),
        migrations.AddField(
            model_name="accessreview",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddField(
            model_name="accesssample",
            name="drawn_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="dragen av",
            ),
        ),
        migrations.AddField(
            model_name="sampledvisit",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.patient",
                verbose_name="patient",
            ),
        ),
        migrations.AddField(
            model_name="sampledvisit",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="audit.accesssample",
                verbose_name="stickprov",
            ),
        ),
        migrations.AddField(
            model_name="sampledvisit",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="användare",
            ),
        ),
        migrations.AddIndex(
            model_name="accessreview",
            index=models.Index(fields=["user", "patient", "day"], name="access_review_of_visit"),
        ),
        migrations.AddConstraint(
            model_name="accessreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", models.F("reviewer")), _negated=True),
                name="access_review_not_by_oneself",
                violation_error_message="Ingen granskar sin egen åtkomst. Be en annan loggranskare.",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome", "OK"), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="access_review_says_why",
                violation_error_message="Skriv vad som ska följas upp eller vad som var fel.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sampledvisit",
            constraint=models.UniqueConstraint(fields=("sample", "user", "patient", "day"), name="sampled_visit_once"),
        ),
        *(migrations.RunSQL(APPEND_ONLY.format(table), BACKWARD.format(table)) for table in TABLES),
    ]
