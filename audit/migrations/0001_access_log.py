"""The access log's table, which Django cannot make itself: partitioned by month (UTC), rows only added.

The primary key must hold the partition's column, so it is (id, at) in the database, while Django knows `id`. The
default partition takes a row whose month has none yet; `rotate_access_log` moves it to its month.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE SEQUENCE audit_accesslogentry_id_seq AS bigint;

CREATE TABLE audit_accesslogentry (
    id bigint NOT NULL DEFAULT nextval('audit_accesslogentry_id_seq'),
    at timestamp with time zone NOT NULL,
    act varchar(10) NOT NULL,
    about varchar(80) NOT NULL DEFAULT '',
    route varchar(80) NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    is_emergency boolean NOT NULL DEFAULT false,
    is_protected boolean NOT NULL DEFAULT false,
    patient_id bigint NOT NULL REFERENCES parties_patient DEFERRABLE INITIALLY DEFERRED,
    unit_id bigint NULL REFERENCES parties_party DEFERRABLE INITIALLY DEFERRED,
    user_id bigint NOT NULL REFERENCES parties_user DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

ALTER SEQUENCE audit_accesslogentry_id_seq OWNED BY audit_accesslogentry.id;

CREATE INDEX access_log_by_patient ON audit_accesslogentry (patient_id, at DESC);
CREATE INDEX access_log_by_user ON audit_accesslogentry (user_id, at DESC);
CREATE INDEX access_log_by_unit ON audit_accesslogentry (unit_id, at DESC);

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_accesslogentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_accesslogentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

CREATE FUNCTION audit_add_access_log_default() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    CREATE TABLE audit_accesslogentry_default PARTITION OF audit_accesslogentry DEFAULT;
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_accesslogentry_default
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
END $$;

CREATE FUNCTION audit_add_access_log_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part text := 'audit_accesslogentry_' || to_char(month, 'YYYY_MM');
BEGIN
    EXECUTE format(
        'CREATE TABLE %I PARTITION OF audit_accesslogentry FOR VALUES FROM (%L) TO (%L)',
        part, to_char(month, 'YYYY-MM-01 00:00+00'), to_char(month + interval '1 month', 'YYYY-MM-01 00:00+00')
    );
    EXECUTE format(
        'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()',
        part
    );
END $$;

SELECT audit_add_access_log_default();
SELECT audit_add_access_log_month((date_trunc('month', now() AT TIME ZONE 'UTC') + n * interval '1 month')::date)
    FROM generate_series(0, 3) AS n;
"""

BACKWARD = """
DROP FUNCTION audit_add_access_log_month, audit_add_access_log_default;
DROP TABLE audit_accesslogentry;
DROP FUNCTION audit_refuse_change;
"""

STATE = [
    migrations.CreateModel(
        name="AccessLogEntry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(verbose_name="tid")),
            (
                "act",
                models.CharField(
                    choices=[
                        ("SEARCH", "Sökträff"),
                        ("LIST", "Visad i lista"),
                        ("PATIENT", "Öppnad patient"),
                        ("DRAFT", "Order under registrering"),
                        ("ORDER", "Öppnad order"),
                        ("SAVE", "Sparad order"),
                        ("DELIVERY", "Utleverans"),
                        ("RECEIPT", "Mottagning"),
                        ("RETURN", "Retur"),
                        ("CANCEL", "Makulering"),
                        ("PRINT", "Utskrivet dokument"),
                        ("EXPORT", "Export"),
                        ("EMERGENCY", "Nödöppning"),
                        ("ADMINLIST", "Visad i administrationens lista"),
                        ("ADMIN", "Öppnad i administrationen"),
                        ("REVIEW", "Loggranskning"),
                        ("EXTRACT", "Loggutdrag"),
                    ],
                    max_length=10,
                    verbose_name="vad",
                ),
            ),
            ("about", models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="objekt")),
            ("route", models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="sida")),
            ("reason", models.TextField(blank=True, db_default="", default="", verbose_name="skäl")),
            ("is_emergency", models.BooleanField(db_default=False, default=False, verbose_name="nödöppning")),
            (
                "is_protected",
                models.BooleanField(db_default=False, default=False, verbose_name="skyddad identitet vid tillfället"),
            ),
            (
                "patient",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="parties.patient",
                    verbose_name="patient",
                ),
            ),
            (
                "unit",
                models.ForeignKey(
                    blank=True,
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
                    db_index=False,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="användare",
                ),
            ),
        ],
        options={
            "verbose_name": "rad i åtkomstloggen",
            "verbose_name_plural": "åtkomstlogg",
            "default_permissions": ("view",),
            "indexes": [
                models.Index(fields=["patient", "-at"], name="access_log_by_patient"),
                models.Index(fields=["user", "-at"], name="access_log_by_user"),
                models.Index(fields=["unit", "-at"], name="access_log_by_unit"),
            ],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("parties", "0001_parties")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD, BACKWARD)], state_operations=STATE
        )
    ]
