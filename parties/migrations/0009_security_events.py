"""Log-ins and what belongs to them, kept for five years: no row is changed, and none removed before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION parties_keep_security_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '5 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON parties_securityevent
    FOR EACH ROW EXECUTE FUNCTION parties_keep_security_event();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON parties_securityevent
    FOR EACH STATEMENT EXECUTE FUNCTION parties_keep_security_event();
"""
BACKWARD = """
DROP TRIGGER never_emptied ON parties_securityevent;
DROP TRIGGER append_only ON parties_securityevent;
DROP FUNCTION parties_keep_security_event;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0008_search_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="tid")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("LOGIN", "Inloggning"),
                            ("LOGOUT", "Utloggning"),
                            ("EVERYWHERE", "Utloggning överallt"),
                            ("REFUSED", "Nekad inloggning"),
                            ("LOCKED", "Spärrad inloggning"),
                            ("UNIT", "Byte av enhet"),
                            ("SEARCHES", "För många sökningar"),
                        ],
                        max_length=10,
                        verbose_name="vad",
                    ),
                ),
                (
                    "address",
                    models.CharField(blank=True, db_default="", default="", max_length=45, verbose_name="adress"),
                ),
                (
                    "detail",
                    models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="varför"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.party",
                        verbose_name="enhet",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
            ],
            options={
                "verbose_name": "säkerhetshändelse",
                "verbose_name_plural": "säkerhetshändelser",
                "default_permissions": ("view",),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
