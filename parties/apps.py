from django.apps import AppConfig
from django.db.models import fields


class PartiesConfig(AppConfig):
    name = "parties"
    verbose_name = "Parter"

    def ready(self) -> None:
        fields.BLANK_CHOICE_LABEL = "Välj …"  # Django has no Swedish for it
