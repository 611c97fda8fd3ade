from django import template
from django.db.models import Model

from audit import history

register = template.Library()


@register.simple_tag
def changes_of(obj: Model) -> list[history.Change]:
    """The object's changes, newest first, for the administration's page *Historik*."""
    return history.changes_of(obj)
