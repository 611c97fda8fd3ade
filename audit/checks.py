from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from .partitions import years_kept


def access_log_years(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No command starts with a retention below the law's."""
    try:
        years_kept()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="audit.E001")]
    return []
