"""What gunicorn starts. Django looks at its checks only in manage.py, so those about security are asked here too."""

import os

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sesam.settings")


def require_safe_settings() -> None:
    """Raises ImproperlyConfigured: production is as Django's `check --deploy` advises, or it does not start."""
    found = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=settings.HTTPS_ONLY)
    wrong = [message for message in found if message.level >= checks.WARNING and not message.is_silenced()]
    if wrong:
        raise ImproperlyConfigured("Sesam does not start. " + " ".join(str(message.msg) for message in wrong))


application = get_wsgi_application()
require_safe_settings()
