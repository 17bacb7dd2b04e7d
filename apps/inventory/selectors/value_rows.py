"""存货成本 as rows: by item and warehouse, by category, by warehouse."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from apps.inventory.selectors import valuation as cells
from apps.masterdata import public as masterdata

ZERO = Decimal(0)
SIX = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class ValueLine:
    """Quantity (stock units) and value (CNY) of what lay there; names are empty where rows are not parted by them."""

    item: str
    name: str
    category: str
    warehouse: str
    quantity: Decimal
    value: Decimal
    provisional: bool
    item_id: int | None = None

    @property
    def short_name(self) -> str:
        """The name beside a column of codes: without the code that it begins with."""
        return self.name.removeprefix(self.item).strip()

    @property
    def unit_cost(self) -> Decimal | None:
        """Value / quantity for the eye; None without stock."""
        return (self.value / self.quantity).quantize(SIX, ROUND_HALF_UP) if self.quantity else None


def valuation(
    *,
    group: str,
    day: date,
    known_at: datetime,
    today: date,
    item_id: int | None = None,
    category: str | None = None,
) -> list[ValueLine]:
    """Value at the end of `day` as known at `known_at`; `group` item (each warehouse a row), category or warehouse."""
    found = cells.cells(day=day, known_at=known_at, today=today)
    items = masterdata.get_items({cell.item_id for cell in found if item_id in (None, cell.item_id)})
    stores = {place.id: place for place in masterdata.find_warehouses(active_only=False)}
    wanted = masterdata.category_ids(category) if category else frozenset()
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    marks: dict[tuple[str, ...], bool] = defaultdict(bool)
    ids: dict[tuple[str, ...], int] = {}
    for cell in found:
        item = items.get(cell.item_id)
        if item is None or (category and item.category_id not in wanted):
            continue
        store = stores[cell.warehouse_id].code if cell.warehouse_id in stores else ""
        keys = {
            "item": (item.code, item.label, item.category, store),
            "category": ("", item.category, item.category, ""),
            "warehouse": ("", stores[cell.warehouse_id].name if cell.warehouse_id in stores else "", "", store),
        }
        key = keys[group]
        sums[key][0] += cell.quantity
        sums[key][1] += cell.value
        marks[key] |= cell.provisional
        if group == "item":
            ids[key] = cell.item_id
    return [
        ValueLine(
            item=key[0], name=key[1], category=key[2], warehouse=key[3], quantity=total[0], value=total[1],
            provisional=marks[key], item_id=ids.get(key),
        )
        for key, total in sorted(sums.items())
        if total != [ZERO, ZERO]
    ]  # fmt: skip
