from django.apps import AppConfig
from django.core import checks
from django.db.models import fields


class PartiesConfig(AppConfig):
    name = "parties"
    verbose_name = "Parter"

    def ready(self) -> None:
        from .checks import knows_swedish_letters  # the database can be asked only now

        checks.register(knows_swedish_letters, checks.Tags.database)
        fields.BLANK_CHOICE_LABEL = "Välj …"  # Django has no Swedish for it
