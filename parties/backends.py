"""What a person may do: the roles held everywhere, and those held at the unit that is acted for. And passwords."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from .models import User, UserCustomer


class UnitRoles(ModelBackend):
    """Permissions of the roles held everywhere and of those held at the acting unit. Nobody gets any by name."""

    def _get_user_permissions(self, user: User) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user: User) -> QuerySet[Permission]:
        """By subqueries: a join with an OR over it read the roles of all users for each page."""
        held = Q(group__in=User.groups.through.objects.filter(user=user).values("group"))
        if user.acting:
            held |= Q(group__in=UserCustomer.roles.through.objects.filter(usercustomer=user.acting).values("group"))
        return Permission.objects.filter(held)


class UnitBackend(UnitRoles):
    """User name and password, where local accounts are allowed."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> User | None:
        if not settings.LOCAL_LOGIN:
            return None
        return super().authenticate(request, username, password, **kwargs)
