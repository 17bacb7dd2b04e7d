"""Bills in force as planning reads them: every version with its days, units turned into stock units."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from apps.production.domain.explosion import Bill, DatedBill, Line
from apps.production.models import Bom, BomLine

LINE_COLUMNS = (
    "bom_id",
    "component_id",
    "quantity",
    "unit",
    "scrap_rate",
    "fixed_quantity",
    "phantom",
    "valid_from",
    "valid_to",
)
Versions = dict[int, list[DatedBill[int]]]
ONE = Fraction(1)


class Part(Protocol):
    """What a bill asks of an item: `ItemInfo` and `PlanItem` of master data."""

    @property
    def id(self) -> int: ...
    @property
    def is_phantom(self) -> bool: ...
    @property
    def units(self) -> dict[str, str]: ...


class _Fractions(dict[Decimal, Fraction]):
    """Decimals as fractions. Bills repeat a few quantities and rates: each is turned into a fraction once."""

    def __missing__(self, value: Decimal) -> Fraction:
        found = self[value] = Fraction(value)
        return found


def active_bills(since: date, until: date, items: Iterable[int] | None = None) -> tuple[list[Any], list[Any]]:
    """(bills, lines) that count on some day from `since` to `until`, as rows of values; two queries."""
    bills = Bom.objects.filter(state=Bom.State.ACTIVE).filter(Q(valid_from__isnull=True) | Q(valid_from__lte=until))
    bills = bills.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=since))
    lines: QuerySet[BomLine] = BomLine.objects.filter(bom__state=Bom.State.ACTIVE)
    if items is not None:
        wanted = list(items)
        bills, lines = bills.filter(item_id__in=wanted), lines.filter(bom__item_id__in=wanted)
    heads = list(bills.order_by("id").values_list("id", "item_id", "base_quantity", "valid_from", "valid_to"))
    return heads, list(lines.order_by("bom_id", "line", "id").values_list(*LINE_COLUMNS))


def versions_of(heads: list[Any], lines: list[Any], items: Mapping[int, Part]) -> Versions:
    """{item: its versions}; components nobody knows are left out."""
    exact = _Fractions()
    of_bom: dict[int, list[Line[int]]] = {}
    for row in lines:
        bom_id, component = row[0], items.get(row[1])
        if component is not None:
            of_bom.setdefault(bom_id, []).append(_line(row, component, exact))
    found: Versions = {}
    for bom_id, item_id, base, since, until in heads:
        bill = Bill(exact[base], tuple(of_bom.get(bom_id, ())))
        found.setdefault(item_id, []).append(DatedBill(bill, since, until))
    return found


def _line(row: Any, component: Part, exact: _Fractions) -> Line[int]:
    _bom, _component, quantity, unit, scrap, fixed, phantom, since, until = row
    factor = unit_factor(component, unit)
    return Line(
        component.id,
        exact[quantity] if factor is ONE else exact[quantity] * factor,
        exact[scrap],
        exact[fixed] if factor is ONE else exact[fixed] * factor,
        component.is_phantom if phantom is None else phantom,
        since,
        until,
    )


def unit_factor(item: Part, unit: str) -> Fraction:
    """Stock units in one `unit` of the item; 1 for the stock unit, and for a unit the item no longer has."""
    return Fraction(item.units[unit]) if unit and unit in item.units else ONE
