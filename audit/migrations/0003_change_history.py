"""Who changed which master data, rights and users: one table, written by triggers, so that no way in is forgotten.

Arguments of `audit_record_change`: the table and column whose history shows the row, columns that are no news, columns
that are not written down. Of a changed row that has a history of its own only what changed is kept; of one that stands
in another's history all of it, so that it can be told from its likes. Who did it stands in the transaction's setting `sesam.actor` (see `audit/changing.py`).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION audit_record_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    silent text[] := string_to_array(TG_ARGV[2], ' ');
    secret text;
    was jsonb;
    becomes jsonb;
    row_id bigint;
    subject_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD) - silent;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        becomes := to_jsonb(NEW) - silent;
    END IF;
    row_id := COALESCE(becomes, was) ->> 'id';
    subject_id := COALESCE(becomes, was) ->> TG_ARGV[1];
    IF was = becomes THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = TG_ARGV[0] THEN
        SELECT jsonb_object_agg(key, value), jsonb_object_agg(key, becomes -> key) INTO was, becomes
            FROM jsonb_each(was) WHERE value IS DISTINCT FROM becomes -> key;
    END IF;
    FOREACH secret IN ARRAY string_to_array(TG_ARGV[3], ' ') LOOP
        was := jsonb_set(was, ARRAY[secret], '"***"', false);
        becomes := jsonb_set(becomes, ARRAY[secret], '"***"', false);
    END LOOP;
    INSERT INTO audit_changeentry
        (at, actor_id, kind, table_name, object_id, subject_table, subject_id, before, after)
        VALUES (
            now(), NULLIF(current_setting('sesam.actor', true), '')::bigint, TG_OP, TG_TABLE_NAME, row_id,
            TG_ARGV[0], subject_id, was, becomes
        );
    RETURN NULL;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_changeentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_changeentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_party
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_party', 'id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_patient
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_patient', 'id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_user
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'id', 'last_login', 'password');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_usercustomer
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'user_id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_prescribingright
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'user_id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_user_groups
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'user_id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON parties_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('parties_user', 'user_id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON auth_group
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('auth_group', 'id', '', '');
CREATE TRIGGER change_history AFTER INSERT OR UPDATE OR DELETE ON auth_group_permissions
    FOR EACH ROW EXECUTE FUNCTION audit_record_change('auth_group', 'group_id', '', '');
"""

BACKWARD = """
DROP FUNCTION audit_record_change CASCADE;
DROP TRIGGER never_emptied ON audit_changeentry;
DROP TRIGGER append_only ON audit_changeentry;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_reviews"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [
        migrations.CreateModel(
            name="ChangeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="tid")),
                (
                    "kind",
                    models.CharField(
                        choices=[("INSERT", "Tillagd"), ("UPDATE", "Ändrad"), ("DELETE", "Borttagen")],
                        max_length=6,
                        verbose_name="vad",
                    ),
                ),
                ("table_name", models.CharField(max_length=63, verbose_name="tabell")),
                ("object_id", models.BigIntegerField(verbose_name="rad")),
                ("subject_table", models.CharField(max_length=63, verbose_name="hör till tabell")),
                ("subject_id", models.BigIntegerField(verbose_name="hör till rad")),
                ("before", models.JSONField(null=True, verbose_name="före")),
                ("after", models.JSONField(null=True, verbose_name="efter")),
                (
                    "actor",
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
                "verbose_name": "ändring",
                "verbose_name_plural": "ändringar",
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["subject_table", "subject_id", "-id"], name="change_by_subject")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
