"""What a person may do: the roles held everywhere, and those held at the unit that is acted for. And passwords."""

from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from .models import User
from .prepared import prepared

GRANTED = """
    SELECT type.app_label || '.' || permission.codename FROM auth_permission AS permission
    JOIN django_content_type AS type ON type.id = permission.content_type_id
    WHERE permission.id IN (
        SELECT permission_id FROM auth_group_permissions WHERE group_id IN (
            SELECT group_id FROM parties_user_groups WHERE user_id = %s
            UNION ALL SELECT group_id FROM parties_usercustomer_roles WHERE usercustomer_id = %s
        )
    )
"""


class UnitRoles(ModelBackend):
    """Permissions of the roles held everywhere and of those held at the acting unit. Nobody gets any by name."""

    def get_user_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        """In plain SQL, since each page asks: 1 ms of processor time less. Kept by `get_all_permissions`."""
        if user_obj.is_superuser:
            return super().get_group_permissions(user_obj, obj)
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        with prepared() as cursor:
            cursor.execute(GRANTED, [user_obj.pk, user_obj.acting.pk if user_obj.acting else None])
            return {permission for (permission,) in cursor.fetchall()}

    async def aget_user_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        return self.get_user_permissions(user_obj, obj)

    async def aget_group_permissions(self, user_obj: User | AnonymousUser, obj: Model | None = None) -> set[str]:
        return await sync_to_async(self.get_group_permissions)(user_obj, obj)


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
    with prepared() as cursor:
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

    def user_can_authenticate(self, user: Any) -> bool:
        """A first password that nobody replaced in time is as good as a wrong one, and its sessions end."""
        until = user.first_password_until
        return super().user_can_authenticate(user) and (until is None or timezone.now() < until)
