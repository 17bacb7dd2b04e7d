"""Lists of lots and serial numbers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.inventory.models import Balance, Lot

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class LotFilter:
    """What a list is narrowed to; None = not at all. `on_hand`: only lots of which something lies here."""

    item_id: int | None = None
    code: str | None = None
    state: str | None = None
    kind: str | None = None
    expiring_before: date | None = None
    on_hand: bool | None = None
    search: str | None = None


def listed(wanted: LotFilter) -> QuerySet[Lot]:
    """Lots with item and `on_hand`; those that expire first come first, then by code."""
    rows = Lot.objects.select_related("item__stock_unit").annotate(
        on_hand=Coalesce(Subquery(_on_hand()), ZERO, output_field=DecimalField(max_digits=18, decimal_places=4))
    )
    plain = {
        "item_id": wanted.item_id,
        "code": wanted.code,
        "state": wanted.state,
        "kind": wanted.kind,
        "expires_on__lt": wanted.expiring_before,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value is not None})
    if wanted.on_hand:
        rows = rows.filter(on_hand__gt=0)
    if wanted.search:
        rows = rows.filter(_matching(wanted.search))
    return rows.order_by(F("expires_on").asc(nulls_last=True), "code", "id")


def _on_hand() -> Any:
    rows = Balance.objects.filter(lot_id=OuterRef("pk")).order_by().values("lot_id")
    return rows.annotate(total=Sum("quantity")).values("total")


def _matching(search: str) -> Q:
    wanted: Any = Q()
    for word in search.split()[:6]:
        wanted &= (
            Q(code__icontains=word) | Q(supplier_lot__icontains=word) | Q(item__search_text__contains=word.lower())
        )
    return wanted
