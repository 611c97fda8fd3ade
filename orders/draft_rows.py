"""Rows of the wizard's tables: articles that were found, and the lines of a draft with what they leave in the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from inventory.models import Article, Device, Warehouse
from inventory.queries import Balance, available_in, balances_in, central_warehouse, own_store, substitutes_for

from .devices import free_devices_by_article
from .models import Order, OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A line of a draft: what the sender has before it and after it; `short` is what becomes a back order."""

    line: OrderLine
    before: int
    short: int

    @property
    def after(self) -> int:
        return max(self.before - self.line.quantity, 0)

    @property
    def there(self) -> int:
        return self.line.quantity - self.short


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found, with its balances (the sender's first) and the devices that can be chosen.

    `substitute` can be ordered in place of an article that cannot. Of what is handed out at once one `must_choose` the
    device.
    """

    article: Article
    balances: Sequence[Balance]
    devices: Sequence[Device]
    must_choose: bool
    substitute: Article | None = None


def draft_rows(order: Order, lines: Sequence[OrderLine]) -> list[DraftRow]:
    """The lines in their order; two lines of one article share what the sender has. Read without locks."""
    sender = order.sender
    left = available_in([sender], [line.article for line in lines]) if sender and lines else {}
    rows = []
    for line in lines:
        key = (sender.pk if sender else 0, line.article_id)
        before = max(left.get(key, 0), 0)
        rows.append(DraftRow(line=line, before=before, short=max(line.quantity - before, 0)))
        left[key] = max(before - line.quantity, 0)
    return rows


def hits_of(order: Order, articles: Collection[Article], *, warehouses: Sequence[Warehouse]) -> list[Hit]:
    """What the page shows of each article; at most four statements whatever the number of hits."""
    balances = balances_in(warehouses, articles)
    devices = devices_to_choose(order, articles)
    substitutes = substitutes_for(articles)
    return [
        Hit(
            article=article,
            balances=balances.get(article.pk, []),
            devices=devices.get(article.pk, []),
            must_choose=order.subtype.is_direct,
            substitute=substitutes.get(article.pk),
        )
        for article in articles
    ]


def devices_to_choose(
    order: Order, articles: Collection[Article], *, editing: OrderLine | None = None
) -> dict[int, Sequence[Device]]:
    """Free devices in the sender that are not on the order already, by article; the edited line keeps its own."""
    return free_devices_by_article(order.sender, articles, but_of=order, editing=editing)


def warehouses_of(order: Order) -> list[Warehouse]:
    """The sender first, then the customer's own store and lager 10, each once."""
    store = own_store(order.customer) if order.customer else None
    found = [order.sender, store, central_warehouse(store)]
    return list({warehouse.pk: warehouse for warehouse in found if warehouse}.values())
