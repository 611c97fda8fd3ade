"""What a person may do: the roles held everywhere, and those held at the unit that is acted for. And passwords."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db import connection
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


HELD = """
    SELECT EXISTS (
        SELECT FROM parties_usercustomer AS link
        WHERE link.user_id = %s AND link.customer_id = %s AND (%s OR EXISTS (
            SELECT FROM auth_group_permissions
            JOIN auth_permission AS permission ON permission.id = permission_id
            JOIN django_content_type AS type ON type.id = content_type_id
            WHERE app_label = %s AND codename = %s AND group_id IN (
                SELECT group_id FROM parties_usercustomer_roles WHERE usercustomer_id = link.id
                UNION ALL SELECT group_id FROM parties_user_groups WHERE user_id = link.user_id
            )
        ))
    )
"""


def holds_at(user: User, customer_id: int, permission: str) -> bool:
    """What `has_perm` says of somebody who acts for that customer; False where the user does not work there.

    One statement, for it is asked of each order's orderer; `has_perm` reads all that the person may do.
    """
    app_label, _, codename = permission.partition(".")
    with connection.cursor() as cursor:
        cursor.execute(HELD, [user.pk, customer_id, user.is_superuser, app_label, codename])
        (is_held,) = cursor.fetchone()
    return user.is_active and is_held


class UnitBackend(UnitRoles):
    """User name and password, where local accounts are allowed."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: object
    ) -> User | None:
        if not settings.LOCAL_LOGIN:
            return None
        return super().authenticate(request, username, password, **kwargs)
