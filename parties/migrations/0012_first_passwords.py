from django.db import migrations, models


class Migration(migrations.Migration):
    """Until when a password that an administrator was given is good for, and what is done with passwords."""

    dependencies = [
        ("parties", "0011_session_epoch_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_password_until",
            field=models.DateTimeField(editable=False, null=True, verbose_name="första lösenordet gäller till"),
        ),
        migrations.AlterField(
            model_name="securityevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("LOGIN", "Inloggning"),
                    ("LOGOUT", "Utloggning"),
                    ("EVERYWHERE", "Utloggning överallt"),
                    ("REFUSED", "Nekad inloggning"),
                    ("LOCKED", "Spärrad inloggning"),
                    ("FIRST", "Nytt första lösenord"),
                    ("PASSWORD", "Byte av lösenord"),
                    ("NO_PASSWD", "Borttaget lösenord"),
                    ("UNIT", "Byte av enhet"),
                    ("SEARCHES", "För många sökningar"),
                ],
                max_length=10,
                verbose_name="vad",
            ),
        ),
    ]
