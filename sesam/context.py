"""What every page's frame needs."""

from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from orders import roles
from orders.access import creatable_types, may_pick, may_see_queues
from orders.differences import may_see_differences
from orders.wizard import new_order_url
from parties.models import User
from parties.sessions import next_question, time_left


class Link(NamedTuple):
    label: str
    url: str
    is_current: bool


class Navigation:
    """The main menu of one user, asked for only when a page shows it (a part of a page does not)."""

    def __init__(self, user: User, path: str) -> None:
        self.user = user
        self.path = path

    @property
    def home(self) -> Link:
        url = reverse("home")
        return Link("Start", url, self.path == url)

    @property
    def is_in_orders(self) -> bool:
        return self.path.startswith((reverse("order_list"), "/utleveranser/"))

    @cached_property
    def orders(self) -> list[Link]:
        """The menu Kundorder: the overview, then the types that the user may make."""
        if not self.user.has_perm(roles.VIEW_ORDERS):
            return []
        overview = reverse("order_list")
        return [Link("Orderöversikt", overview, self.path == overview), *self.order_types]

    @cached_property
    def order_types(self) -> list[Link]:
        return [self._link(kind.label, new_order_url(kind)) for kind in creatable_types(self.user)]

    @property
    def is_in_stock(self) -> bool:
        return self.path.startswith("/lager/")

    @cached_property
    def stock(self) -> list[Link]:
        """The menu Lager: what one does in a warehouse, each with the right that its page asks for."""
        may = self.user.has_perm
        pages = [
            ("Att plocka", "work_list", may_pick(self.user)),
            ("Saldo", "stock_list", may(roles.VIEW_STOCK)),
            ("Artiklar", "article_list", may(roles.VIEW_STOCK)),
            ("Individer", "device_list", may(roles.VIEW_STOCK)),
            ("Restorder", "backorder_list", may_see_queues(self.user)),
            ("Mottagning", "receipt_list", may(roles.RECEIVE)),
            ("Avvikelser", "difference_list", may_see_differences(self.user)),
            ("Inleverans", "goods_receipt", may(roles.RECEIVE_GOODS)),
            ("Returer", "return_list", may(roles.RETURN)),
        ]
        return [self._link(label, reverse(name)) for label, name, is_allowed in pages if is_allowed]

    @cached_property
    def find_words(self) -> str:
        """What the search of the page head finds for the user, as its field says; empty when nothing."""
        may = self.user.has_perm
        kinds = {
            "order": roles.VIEW_ORDERS,
            "artikel": roles.VIEW_STOCK,
            "individ": roles.VIEW_STOCK,
            "patient": roles.VIEW_PATIENTS,
        }
        words = [word for word, permission in kinds.items() if may(permission)]
        return f"Sök {', '.join(words)}" if words else ""

    @cached_property
    def others(self) -> list[Link]:
        links = []
        if self.user.has_perm(roles.VIEW_PATIENTS):
            links.append(self._link("Patienter", reverse("patient_list")))
        if self.user.has_perm(roles.REVIEW_LOG):
            links.append(self._link("Loggranskning", reverse("log_review")))
        if self.user.is_staff:
            links.append(self._link("Admin", reverse("admin:index")))
        return links

    def _link(self, label: str, url: str) -> Link:
        return Link(label, url, self.path.startswith(url))


def navigation(request: HttpRequest) -> dict[str, Navigation | int]:
    """The context processor: for whoever is logged in `nav`, and when the page asks how long the log-in lasts."""
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "nav": Navigation(user, request.path),
        "session_asks_in": next_question(time_left(request.session).seconds),
    }
