from django.apps import AppConfig
from django.core import checks


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Loggar"

    def ready(self) -> None:
        from .checks import access_log_years  # models can be imported only now

        checks.register(access_log_years, checks.Tags.security)
