from django.db import migrations, models


class Migration(migrations.Migration):
    """Extra goods can be with the sender again."""

    dependencies = [
        ("orders", "0026_receipt_of_other_article"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="receiptsettlement",
            name="receipt_settlement_outcome_fits_kind",
        ),
        migrations.AddConstraint(
            model_name="receiptsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["MISSING", "DAMAGED"]), ("outcome__in", ["ARRIVED", "WITH_SENDER", "LOST"])),
                    models.Q(("kind", "EXTRA"), ("outcome__in", ["FROM_SENDER", "FOUND", "WITH_SENDER"])),
                    _connector="OR",
                ),
                name="receipt_settlement_outcome_fits_kind",
            ),
        ),
    ]
