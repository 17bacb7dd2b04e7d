"""Orders as pages and the API read them: the row, its fold, our side of each line, what happened to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from apps.masterdata import public as masterdata
from apps.supply.domain.convert import to_own
from apps.supply.domain.despatch import Ledger
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order
from apps.supply.domain.terms import Line
from apps.supply.models import OrderItem, SharedOrder, VersionCopy
from apps.supply.selectors.chains import folded_order
from apps.supply.selectors.ledgers import movements
from apps.supply.services.projecting import buyer_of


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """One order ready to print. `items`: our side by line; `moved`: what happened by line; `first_id`: version 1."""

    row: SharedOrder
    order: Order
    items: Mapping[int, OrderItem]
    infos: Mapping[int, masterdata.ItemInfo]
    moved: Mapping[int, Ledger]
    first_id: UUID | None = None

    @property
    def includes_tax(self) -> bool:
        return self.order.header.price_includes_tax if self.order.header else True

    def item_of(self, line: Line) -> masterdata.ItemInfo | None:
        own = self.items.get(line.line)
        return self.infos.get(own.item_id) if own is not None and own.item_id is not None else None

    def own_quantity(self, line: Line) -> Decimal | None:
        """In our stock unit; None while unmapped, taken as text, or when the factor has no exact answer."""
        own = self.items.get(line.line)
        if own is None or own.item_id is None:
            return None
        try:
            return to_own(line.quantity, own.factor)
        except RuleBroken:
            return None

    def warnings(self) -> list[dict[str, Any]]:
        """Dates in the past and odd amounts: they warn, they do not refuse."""
        found = []
        sent_on = localtime(self.row.sent_at).date()
        for line in self.order.terms.lines:
            if line.requested_date is not None and line.requested_date < sent_on:
                found.append({"code": "date_in_past", "line": line.line})
            if line.unit_price == 0:
                found.append({"code": "zero_price", "line": line.line})
        return found


def orders() -> "QuerySet[SharedOrder]":
    """All orders, newest first."""
    return SharedOrder.objects.select_related("link", "link__partner").order_by("-sent_at", "id")


FILTERS = {
    "state": "state",
    "role": "role",
    "number": "number__iexact",
    "partner": "link__partner__code__iexact",
}  # fmt: skip


def filtered(asked: Mapping[str, str]) -> "QuerySet[SharedOrder]":
    """?role=&state=&waiting_for=me|them&partner=&number=&search=; unknown words find nothing."""
    rows = orders()
    for name, lookup in FILTERS.items():
        if asked.get(name):
            rows = rows.filter(**{lookup: asked[name]})
    waiting = asked.get("waiting_for", "")
    if waiting == "me":
        rows = rows.filter(ours_to_answer())
    elif waiting == "them":
        rows = rows.exclude(waiting_for="").exclude(ours_to_answer())
    elif waiting:
        rows = rows.filter(waiting_for=waiting)
    text = (asked.get("search") or asked.get("q") or "").strip().lower()
    return rows.filter(search_text__contains=text) if text else rows


def ours_to_answer() -> Q:
    """Orders whose turn is ours."""
    return Q(role="buyer", waiting_for="buyer") | Q(role="seller", waiting_for="seller")


def views_of(rows: Iterable[SharedOrder]) -> list[OrderView]:
    """The rows with all that is printed; four queries however many."""
    found = list(rows)
    ids = [row.pk for row in found]
    copies: dict[UUID, list[VersionCopy]] = {}
    for copy in VersionCopy.objects.filter(chain__in=ids).order_by("chain", "seq"):
        copies.setdefault(copy.chain, []).append(copy)
    items: dict[UUID, dict[int, OrderItem]] = {}
    for item in OrderItem.objects.filter(order_id__in=ids).order_by("order_id", "line"):
        items.setdefault(item.order_id, {})[item.line] = item
    infos = masterdata.get_items(
        item.item_id for lines in items.values() for item in lines.values() if item.item_id is not None
    )
    moved = movements(ids)
    return [
        OrderView(
            row=row,
            order=folded_order(copies.get(row.pk, []), buyer_of(row.link)),
            items=items.get(row.pk, {}),
            infos=infos,
            moved={line: ledger for (order, line), ledger in moved.items() if order == row.pk},
            first_id=copies[row.pk][0].id if row.pk in copies else None,
        )
        for row in found
    ]


def view_of(row: SharedOrder) -> OrderView:
    return views_of([row])[0]
