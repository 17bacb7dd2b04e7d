"""Bills as they are listed, exploded, compared, and where an item is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain.errors import BomCycle
from apps.production.domain.explosion import Bill, Row, Tree
from apps.production.domain.quantities import SCALE, step_of, to_decimal
from apps.production.models import Bom, BomAlternate, BomLine
from apps.production.services.bom_cycles import cycle_refusal
from apps.production.services.boms import active_on
from apps.production.services.plan_bills import LINE_COLUMNS, unit_factor, versions_of
from apps.production.services.plan_refusals import NoActiveBom, absent


def boms(*, search: str = "", item_id: int | None = None, state: str = "") -> QuerySet[Bom]:
    """Bills by item and version, newest version first, with their lines ready to print."""
    rows = shown(Bom.objects.all())
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(item__search_text__icontains=search.casefold()) | Q(version__icontains=search))
    return rows.order_by("item__code_key", "-id")


def shown(rows: QuerySet[Bom]) -> QuerySet[Bom]:
    alternates = Prefetch("alternates", BomAlternate.objects.select_related("item").order_by("priority", "id"))
    lines = BomLine.objects.select_related("component__stock_unit").prefetch_related(alternates).order_by("line")
    return rows.select_related("item__stock_unit").prefetch_related(Prefetch("lines", lines))


def bom_at(bom_id: int) -> Bom:
    """One bill, ready to print. Raises NotFound."""
    found = shown(Bom.objects.all()).filter(pk=bom_id).first()
    if found is None:
        raise absent()
    return found


def state_counts() -> dict[str, int]:
    rows = Bom.objects.values("state").order_by("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in rows}


def bill_on(item_id: int, day: date) -> Bom | None:
    """The version of an item's bill that counts on `day`."""
    return Bom.objects.filter(active_on(day), item_id=item_id).order_by("id").first()


@dataclass(frozen=True)
class ExplodedRow:
    """One spot of the tree; `quantity` is rounded up to the item's unit."""

    level: int
    path: tuple[masterdata.ItemInfo, ...]
    quantity: Decimal
    phantom: bool

    @property
    def item(self) -> masterdata.ItemInfo:
        return self.path[-1]


@dataclass(frozen=True)
class Exploded:
    """The tree by path, and totals by item: the sum over paths of what is not rounded, rounded up once."""

    rows: list[ExplodedRow]
    totals: list[tuple[masterdata.ItemInfo, Decimal]]


def explode(*, item: masterdata.ItemInfo, quantity: Decimal, on: date) -> Exploded:
    """What `quantity` stock units of `item` are made of on `on`. Raises NoActiveBom."""
    heads, lines = _bills_below(item.id, on)
    if item.id not in {row[1] for row in heads}:
        raise NoActiveBom(_("物料 %(item)s 在这一天没有启用的物料清单。") % {"item": item.code})
    items = masterdata.get_items({row[1] for row in heads} | {row[1] for row in lines} | {item.id})
    bills: dict[int, Bill[int]] = {key: found[0].bill for key, found in versions_of(heads, lines, items).items()}
    try:
        tree = Tree(bills, item.id, on)
    except BomCycle as error:
        raise cycle_refusal([int(str(node)) for node in error.path]) from error
    asked = Fraction(quantity)
    rows, totals = tree.rows(asked), tree.totals(asked)
    ordered = sorted(totals, key=lambda key: (items[key].code, key))
    return Exploded(
        [_row(row, items) for row in rows],
        [(items[key], rounded(totals[key], items[key])) for key in ordered],
    )


def rounded(quantity: Fraction, item: masterdata.ItemInfo) -> Decimal:
    """Rounded up to the finest quantity of the item's unit."""
    step = step_of(item.decimals)
    # In whole numbers: a tree has thousands of rows, and fractions are slow.
    return to_decimal(-(-quantity.numerator * SCALE // (quantity.denominator * step)) * step)


def _row(row: Row[int], items: Mapping[int, masterdata.ItemInfo]) -> ExplodedRow:
    path = tuple(items[key] for key in row.path)
    return ExplodedRow(row.level, path, rounded(row.quantity, path[-1]), row.phantom)


def _bills_below(item_id: int, on: date) -> tuple[list[Any], list[Any]]:
    """Bills in force on `on` from `item_id` downward, and their lines; two queries a level."""
    heads: list[Any] = []
    lines: list[Any] = []
    frontier, seen = {item_id}, {item_id}
    while frontier:
        bills = Bom.objects.filter(active_on(on), item_id__in=frontier).order_by("id")
        found = list(bills.values_list("id", "item_id", "base_quantity", "valid_from", "valid_to"))
        below = BomLine.objects.filter(bom_id__in=[row[0] for row in found]).order_by("bom_id", "line")
        rows = list(below.values_list(*LINE_COLUMNS))
        heads.extend(found)
        lines.extend(rows)
        frontier = {row[1] for row in rows} - seen
        seen |= frontier
    return heads, lines


@dataclass(frozen=True)
class UsedIn:
    """`quantity` of the asked item in one unit of `item`, along one path upward."""

    level: int
    item: masterdata.ItemInfo
    bom: Bom
    quantity: Decimal


MOST_USES = 5_000


def where_used(item: masterdata.ItemInfo) -> list[UsedIn]:
    """Active bills that hold the item, then those that hold these, and so on; by level, item and version."""
    found: list[UsedIn] = []
    shares: dict[int, Fraction] = {item.id: Fraction(1)}
    level, seen_depth = 1, 50
    while shares and level <= seen_depth and len(found) < MOST_USES:
        lines = list(
            BomLine.objects.filter(component_id__in=shares, bom__state=Bom.State.ACTIVE)
            .select_related("bom__item")
            .order_by("bom__item__code_key", "bom_id", "line")
        )
        items = masterdata.get_items({line.bom.item_id for line in lines} | {line.component_id for line in lines})
        above: dict[int, Fraction] = {}
        uses: dict[int, tuple[Bom, Fraction]] = {}
        for line in lines:
            per_unit = Fraction(line.quantity) * unit_factor(items[line.component_id], line.unit)
            share = shares[line.component_id] * per_unit / Fraction(line.bom.base_quantity)
            bom, before = uses.get(line.bom_id, (line.bom, Fraction(0)))
            uses[line.bom_id] = (bom, before + share)
        for bom, share in uses.values():
            found.append(UsedIn(level, items[bom.item_id], bom, _six(share)))
            above[bom.item_id] = above.get(bom.item_id, Fraction(0)) + share
        shares, level = above, level + 1
    return found


def _six(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.000001")).normalize()


@dataclass(frozen=True)
class Difference:
    """A component that two versions treat differently; None = it is not in that version."""

    component: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def compare(before: Bom, after: Bom) -> list[Difference]:
    """What changed from one version to the other, by component; several lines of one component are added up."""
    old, new = _by_component(before), _by_component(after)
    changed = sorted(code for code in old | new if old.get(code) != new.get(code))
    return [Difference(code, old.get(code), new.get(code)) for code in changed]


def _by_component(bom: Bom) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in bom.lines.all():
        row = found.setdefault(line.component.code, {"quantity": Decimal(0), "fixed_quantity": Decimal(0)})
        row["quantity"] += line.quantity / bom.base_quantity
        row["fixed_quantity"] += line.fixed_quantity
        row["scrap_rate"], row["unit"] = line.scrap_rate, line.unit
    return found
