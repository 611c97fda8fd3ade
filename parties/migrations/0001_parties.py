"""The collation comes in the first migration: apps that point at the user model depend on just that one."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import Error, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Best first. Only trying tells: a server built without ICU still lists an ICU collation. "C" alone comes last, since
# with it å ä ö have no upper and lower case, and ILIKE would miss them.
DEFINITIONS = [
    "(provider = icu, locale = 'sv-SE')",
    "(provider = libc, locale = 'sv_SE.UTF-8')",
    "(provider = builtin, locale = 'C.UTF-8')",  # PostgreSQL 17 and newer
    "(provider = libc, locale = 'C.UTF-8')",
    'FROM "C"',
]


def create_collation(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make `swedish`: å ä ö last where the server knows the language, else in the order of code points (ä å ö)."""
    for definition in DEFINITIONS:
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                schema_editor.execute(f"CREATE COLLATION swedish {definition}")
        except Error:
            if definition == DEFINITIONS[-1]:
                raise
        else:
            return


def drop_collation(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP COLLATION swedish")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunPython(create_collation, drop_collation),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("name", models.CharField(db_collation="swedish", max_length=120, verbose_name="namn")),
                ("title", models.CharField(blank=True, db_default="", default="", max_length=80, verbose_name="titel")),
                (
                    "hsa_id",
                    models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="HSA-id"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "användare",
                "verbose_name_plural": "användare",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="nummer")),
                ("name", models.CharField(db_collation="swedish", max_length=120, verbose_name="namn")),
                (
                    "is_region",
                    models.BooleanField(db_default=False, default=False, verbose_name="region (hjälpmedelsservice)"),
                ),
                ("is_municipality", models.BooleanField(db_default=False, default=False, verbose_name="kommun")),
                ("is_customer", models.BooleanField(db_default=False, default=False, verbose_name="kund")),
                ("is_care_unit", models.BooleanField(db_default=False, default=False, verbose_name="vårdenhet")),
                ("is_supplier", models.BooleanField(db_default=False, default=False, verbose_name="leverantör")),
                ("gln", models.CharField(blank=True, db_default="", default="", max_length=13, verbose_name="GLN")),
                (
                    "street",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="gatuadress"),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="postnummer"),
                ),
                ("city", models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="ort")),
                ("is_active", models.BooleanField(db_default=True, default=True, verbose_name="aktiv")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="Kommunen som kunden eller vårdenheten hör till.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="parties.party",
                        verbose_name="kommun",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Den som faktureras. Tomt betyder organisationen själv.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paid_for",
                        to="parties.party",
                        verbose_name="betalare",
                    ),
                ),
            ],
            options={
                "verbose_name": "part",
                "verbose_name_plural": "parter",
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "identity_kind",
                    models.CharField(
                        choices=[
                            ("PNR", "Personnummer"),
                            ("SAM", "Samordningsnummer"),
                            ("RES", "Reservnummer Värmland"),
                        ],
                        max_length=3,
                        verbose_name="slag av identitet",
                    ),
                ),
                (
                    "identity_number",
                    models.CharField(
                        help_text="12 tecken med sekel, utan bindestreck.",
                        max_length=12,
                        verbose_name="identitetsnummer",
                    ),
                ),
                (
                    "former_numbers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        help_text="Reservnummer som blivit personnummer; går fortfarande att söka på.",
                        verbose_name="tidigare nummer",
                    ),
                ),
                ("name", models.CharField(db_collation="swedish", max_length=120, verbose_name="namn")),
                (
                    "street",
                    models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="gatuadress"),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, db_default="", default="", max_length=10, verbose_name="postnummer"),
                ),
                ("city", models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="ort")),
                (
                    "phone",
                    models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="telefon"),
                ),
                (
                    "protection",
                    models.CharField(
                        choices=[("NONE", "Ingen"), ("CONF", "Sekretessmarkering"), ("PROT", "Skyddad folkbokföring")],
                        db_default="NONE",
                        default="NONE",
                        max_length=4,
                        verbose_name="skydd",
                    ),
                ),
                ("deceased_on", models.DateField(blank=True, null=True, verbose_name="avliden")),
                (
                    "municipality",
                    models.ForeignKey(
                        limit_choices_to={"is_municipality": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="patients",
                        to="parties.party",
                        verbose_name="kommun",
                    ),
                ),
            ],
            options={
                "verbose_name": "patient",
                "verbose_name_plural": "patienter",
            },
        ),
        migrations.CreateModel(
            name="PrescribingRight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "iso_prefix",
                    models.CharField(
                        help_text="2, 4 eller 6 siffror utan mellanslag, t.ex. 1206.",
                        max_length=6,
                        verbose_name="ISO-grupp",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="gäller från")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="gäller till och med")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prescribing_rights",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
            ],
            options={
                "verbose_name": "förskrivningsrätt",
                "verbose_name_plural": "förskrivningsrätter",
            },
        ),
        migrations.CreateModel(
            name="UserCustomer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_default", models.BooleanField(db_default=False, default=False, verbose_name="standardkund")),
                (
                    "customer",
                    models.ForeignKey(
                        limit_choices_to={"is_customer": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="user_links",
                        to="parties.party",
                        verbose_name="kund",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="customer_links",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="användare",
                    ),
                ),
            ],
            options={
                "verbose_name": "användares kund",
                "verbose_name_plural": "användares kunder",
            },
        ),
        migrations.AddField(
            model_name="user",
            name="customers",
            field=models.ManyToManyField(
                limit_choices_to={"is_customer": True},
                related_name="users",
                through="parties.UserCustomer",
                to="parties.party",
                verbose_name="kunder",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_region", True),
                    ("is_municipality", True),
                    ("is_customer", True),
                    ("is_care_unit", True),
                    ("is_supplier", True),
                    _connector="OR",
                ),
                name="party_is_something",
                violation_error_message="Ange vad parten är: region, kommun, kund, vårdenhet eller leverantör.",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_customer", True), ("is_care_unit", True), _connector="OR", _negated=True),
                    ("is_region", True),
                    ("is_municipality", True),
                    ("parent__isnull", False),
                    _connector="OR",
                ),
                name="party_unit_belongs_to_municipality",
                violation_error_message="En kund eller vårdenhet hör till en kommun. Välj kommunen.",
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                ),
                name="party_is_not_its_own_parent",
                violation_error_message="En part kan inte höra till sig själv.",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=django.contrib.postgres.indexes.GinIndex(fields=["former_numbers"], name="patient_former_numbers"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("identity_number",),
                name="patient_identity_unique",
                violation_error_message="Det finns redan en patient med det identitetsnumret.",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("identity_kind", "PNR"), ("identity_number__regex", "^(18|19|20)[0-9]{10}$")),
                    models.Q(("identity_kind", "SAM"), ("identity_number__regex", "^(18|19|20)[0-9]{4}[6-9][0-9]{5}$")),
                    models.Q(
                        ("identity_kind", "RES"),
                        ("identity_number__regex", "^(18|19|20)[0-9]{6}S[FUXPL][0-9][A-UW-Z1-9]$"),
                    ),
                    _connector="OR",
                ),
                name="patient_identity_format",
                violation_error_message="Identitetsnumret har inte rätt form för sitt slag.",
            ),
        ),
        migrations.AddConstraint(
            model_name="prescribingright",
            constraint=models.CheckConstraint(
                condition=models.Q(("iso_prefix__regex", "^[0-9]{2}([0-9]{2}){0,2}$")),
                name="prescribing_right_iso_prefix",
                violation_error_message="Skriv ISO-gruppen med 2, 4 eller 6 siffror.",
            ),
        ),
        migrations.AddConstraint(
            model_name="prescribingright",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="prescribing_right_period",
                violation_error_message="Slutdatum kan inte ligga före startdatum.",
            ),
        ),
        migrations.AddConstraint(
            model_name="usercustomer",
            constraint=models.UniqueConstraint(
                fields=("user", "customer"),
                name="user_customer_once",
                violation_error_message="Användaren hör redan till kunden.",
            ),
        ),
        migrations.AddConstraint(
            model_name="usercustomer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("user",),
                name="user_customer_one_default",
                violation_error_message="Användaren har redan en standardkund.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("hsa_id", ""), _negated=True),
                fields=("hsa_id",),
                name="user_hsa_id_unique",
                violation_error_message="HSA-id används redan av en annan användare.",
            ),
        ),
    ]
