"""Log-in through the identity provider of Swedish health care (OpenID Connect, as Inera's IdP gives it).

The provider says who it is (employeeHsaId), at which level of assurance (acr), and for which care unit (the commission,
vårdmedarbetaruppdrag). The account and its units must exist here already; nothing is made or changed by logging in.
"""

from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from .backends import UnitRoles
from .models import User, UserCustomer

PERSON = "employeeHsaId"
CLOCKS_MAY_DIFFER = 30  # seconds
type Claims = dict[str, Any]


class LoginRefused(Exception):
    """The provider vouches for somebody who may not come in; the message says why, in Swedish."""


class OidcBackend(OIDCAuthenticationBackend, UnitRoles):  # type: ignore[misc]  # the package is not typed
    """What mozilla-django-oidc does not do by itself: for whom, from whom and until when a token is; and our people."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Nothing for a user name and a password: only the answer of the provider brings a nonce."""
        return super().authenticate(request, **kwargs) if "nonce" in kwargs else None

    def get_user(self, user_id: int) -> User | None:
        return UnitRoles.get_user(self, user_id)  # nobody whose account has been closed

    def get_payload_data(self, token: str, key: Any) -> Claims:
        """The claims of a token that is signed by this provider, meant for this system, and valid now."""
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[settings.OIDC_RP_SIGN_ALGO],
            audience=settings.OIDC_RP_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=CLOCKS_MAY_DIFFER,
            options={"require": ["aud", "exp", "iat", "iss", "sub"]},
        )
        if claims.get("azp", settings.OIDC_RP_CLIENT_ID) != settings.OIDC_RP_CLIENT_ID:
            raise jwt.InvalidAudienceError("The token was issued to another system")
        return claims

    def get_or_create_user(self, access_token: str, id_token: str, payload: Claims) -> User:
        """The account of the person. Raises LoginRefused."""
        more = self.get_userinfo(access_token, id_token, payload)
        if more.get("sub") != payload["sub"]:
            raise jwt.InvalidTokenError("The user info is about somebody else")
        claims = more | payload
        require_level(payload)
        user = find_account(str(claims.get(PERSON) or ""))
        user.act_for(find_unit(user, str(claims.get(settings.OIDC_UNIT_CLAIM) or "")))
        return user


def require_level(claims: Claims) -> None:
    """Raises LoginRefused below LoA 3 (HSLF-FS 2016:40: strong authentication)."""
    if claims.get("acr") not in settings.OIDC_LEVELS:
        raise LoginRefused("Din e-legitimation räcker inte. Logga in med en på tillitsnivå 3, till exempel SITHS.")


def find_account(hsa_id: str) -> User:
    """Raises LoginRefused when the person has no account that is open."""
    if not hsa_id:
        raise LoginRefused("Inloggningen sa inte vem du är i tjänsten. Välj ett tjänste-id och försök igen.")
    users = User.objects.filter(hsa_id__iexact=hsa_id)[:2]
    if len(users) != 1:
        raise LoginRefused(f"Det finns inget konto för HSA-id {hsa_id}. Be systemförvaltaren lägga upp ett.")
    if not users[0].is_active:
        raise LoginRefused("Kontot är avstängt. Fråga systemförvaltaren.")
    return users[0]


def find_unit(user: User, hsa_id: str) -> UserCustomer | None:
    """The unit of the commission, None where the provider names none. Raises LoginRefused for a unit not the user's."""
    if not hsa_id:
        return None
    for link in user.memberships:
        if link.customer.hsa_id.casefold() == hsa_id.casefold():
            return link
    raise LoginRefused(
        f"Ditt uppdrag gäller en enhet som du inte hör till här ({hsa_id}). "
        "Välj ett annat uppdrag, eller be systemförvaltaren koppla dig till enheten."
    )


def end_session_url(request: HttpRequest) -> str:
    """Where the provider ends its own session and leads back here; empty where there is nothing to end."""
    token = request.session.get("oidc_id_token")
    if not (token and settings.OIDC_END_SESSION_ENDPOINT):
        return ""
    query = {
        "id_token_hint": token,
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("login")),
    }
    return f"{settings.OIDC_END_SESSION_ENDPOINT}?{urlencode(query)}"
