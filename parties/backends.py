"""What a person may do: the roles held everywhere, and those held at the unit that is acted for."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from .models import User


class UnitBackend(ModelBackend):
    """User name and password, and the roles of the acting unit. Nobody gets rights without a role."""

    def _get_group_permissions(self, user: User) -> QuerySet[Permission]:
        held = Q(group__user=user)
        if user.acting:
            held |= Q(group__unit_links=user.acting)
        return Permission.objects.filter(held).distinct()
