"""What the stock ledger asks of master data while it posts: many records, few queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q

from apps.masterdata.domain import units as rules
from apps.masterdata.domain.codes import code_key
from apps.masterdata.models import Item, ItemUnit, Location, Warehouse
from apps.masterdata.records import LocationInfo, WarehouseInfo, location_info
from apps.masterdata.selectors import finding
from apps.masterdata.selectors.units import factor_of
from apps.masterdata.services.numbers import Numbering, numbering_of
from apps.masterdata.services.refusals import refusing
from tenants.db.prepared import Prepared


@dataclass(frozen=True, kw_only=True, slots=True)
class StockItem:
    """物料 as the ledger needs it. `weight` kg per stock unit; `decimals` the finest quantity of the stock unit."""

    id: int
    code: str
    name: str
    tracking: str
    shelf_life_days: int | None
    unit: str
    decimals: int
    weight: Decimal | None
    is_active: bool
    is_stocked: bool
    is_moved: bool


_COLUMNS = (
    "id", "code", "name", "tracking", "shelf_life_days", "stock_unit__code", "stock_unit__decimals", "weight", "state",
    "is_stocked", "is_service", "is_moved",
)  # fmt: skip

# The same columns by code, the warehouses, the rule of the number: every posting asks this first. `kind` tells apart.
# No condition on the items: where a table has no statistics yet, the planner would begin with all of them.
_NAMES = Prepared("""
SELECT i.id, i.code, i.name, i.tracking, i.shelf_life_days, u.code, u.decimals, i.weight, i.state,
       i.is_stocked, i.is_service, i.is_moved, c.key, CASE WHEN i.merged_into_id IS NOT NULL THEN 'merged' END AS kind
  FROM masterdata_itemcode c
  JOIN masterdata_item i ON i.id = c.item_id
  JOIN masterdata_unit u ON u.id = i.stock_unit_id
 WHERE c.key = ANY(%s)
UNION ALL
SELECT w.id, w.code, w.name, NULL, NULL, NULL, NULL, NULL, w.state, NULL, NULL, NULL, w.code_key, w.kind
  FROM masterdata_warehouse w WHERE w.code_key = ANY(%s)
UNION ALL
SELECT r.id, r.pattern, r.document, NULL, NULL, NULL, NULL, NULL, r.reset, r.gapless, NULL, NULL, NULL, 'number'
  FROM masterdata_numberrule r WHERE r.document = %s
""")


@dataclass(frozen=True, slots=True)
class StockNames:
    """{code as given: record}, and how the document is numbered where that can be done inside its own statement."""

    items: dict[str, StockItem]
    warehouses: dict[str, WarehouseInfo]
    numbering: Numbering | None


def stock_items(codes: Sequence[str]) -> dict[str, StockItem]:
    """{code as given: item} of the codes, aliases and, for what is no code, ids that are known; one query or two."""
    return stock_names(codes, ()).items


def warehouses_called(codes: Iterable[str]) -> dict[str, WarehouseInfo]:
    """{code as given: warehouse} of the codes that are known; one query."""
    return stock_names((), codes).warehouses


def stock_names(codes: Sequence[str], warehouses: Iterable[str], document: str = "") -> StockNames:
    """`stock_items(codes)`, `warehouses_called(warehouses)` and the numbering of `document` with one question."""
    keys, places = ({code: code_key(code) for code in called} for called in (codes, warehouses))
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list(set(keys.values())), list(set(places.values())), document])
        rows = cursor.fetchall()
    by_key: dict[str, StockItem] = {}
    known: dict[str, WarehouseInfo] = {}
    numbering = None
    for row in rows:
        if row[13] == "merged":
            continue
        if row[13] is None:
            by_key[row[12]] = _stock_item(row)
        elif row[12] is None:
            numbering = numbering_of(row[2], row[1], row[8], row[9])
        else:
            known[row[12]] = _warehouse(row)
    found = {code: by_key[key] for code, key in keys.items() if key in by_key}
    near = {code: known[key] for code, key in places.items() if key in known}
    return StockNames(_with_ids(keys, found), near, numbering)


def _with_ids(keys: Mapping[str, str], found: dict[str, StockItem]) -> dict[str, StockItem]:
    ids = {code: finding.as_id(code) for code in keys.keys() - found.keys()}
    if any(ids.values()):
        by_id = stock_items_by_id([number for number in ids.values() if number])
        found |= {code: by_id[number] for code, number in ids.items() if number in by_id}
    return found


def stock_items_by_id(item_ids: Sequence[int]) -> dict[int, StockItem]:
    rows = Item.objects.filter(pk__in=set(item_ids)).values_list(*_COLUMNS)
    return {row[0]: _stock_item(row) for row in rows}


def in_stock_units(rows: Sequence[tuple[int, Decimal, str]]) -> list[Decimal]:
    """(item id, quantity, unit) rows in stock units, exact; three queries however many.

    Raises Invalid `unknown_unit`, `too_many_decimals` and DomainError `unit_not_exact`, at `lines.<n>.…`.
    """
    units = Prefetch("units", ItemUnit.objects.select_related("unit"))
    items = Item.objects.select_related("stock_unit").prefetch_related(units).in_bulk({row[0] for row in rows})
    known = finding.KnownUnits()
    answers = []
    for number, (item_id, quantity, name) in enumerate(rows):
        unit = finding.unit_called(name, known=known, field=f"lines.{number}.unit")
        factor = factor_of(items[item_id], unit, field=f"lines.{number}.unit")
        with refusing(f"lines.{number}.quantity"):
            rules.check_decimals(quantity, unit.decimals)
            answers.append(rules.convert(quantity, source=factor))
    return answers


def locations_called(pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], LocationInfo]:
    """{(warehouse id, code as given): location} of the known codes and barcodes; one query."""
    wanted = Q()
    for warehouse_id, code in set(pairs):
        key = code_key(code)
        wanted |= Q(warehouse_id=warehouse_id) & (Q(code_key=key) | Q(barcode_key=key))
    if not wanted:
        return {}
    rows = list(Location.objects.select_related("warehouse").filter(wanted).order_by("id"))
    found: dict[tuple[int, str], LocationInfo] = {}
    for warehouse_id, code in pairs:
        key = code_key(code)
        near = [row for row in rows if row.warehouse_id == warehouse_id]
        row = next((one for one in near if one.code_key == key), None)
        row = row or next((one for one in near if one.barcode_key == key), None)
        if row:
            found[(warehouse_id, code)] = location_info(row)
    return found


def ensure_transit_warehouse(*, code: str, name: str) -> Warehouse:
    """The first warehouse of kind transit; made when the company has none."""
    row = Warehouse.objects.filter(kind=Warehouse.Kind.TRANSIT, state="active").order_by("id").first()
    if row is None:
        row = Warehouse.objects.filter(code_key=code_key(code)).first()
    return row or Warehouse.objects.create(code=code, name=name, kind=Warehouse.Kind.TRANSIT)


def _warehouse(row: Sequence[Any]) -> WarehouseInfo:
    return WarehouseInfo(id=row[0], code=row[1], name=row[2], kind=row[13], state=row[8])


def _stock_item(row: Sequence[Any]) -> StockItem:
    pk, code, name, tracking, life, unit, decimals, weight, state, is_stocked, is_service, is_moved = row[:12]
    return StockItem(
        id=pk, code=code, name=name, tracking=tracking, shelf_life_days=life, unit=unit, decimals=decimals,
        weight=weight, is_active=state == Item.State.ACTIVE, is_stocked=is_stocked and not is_service,
        is_moved=is_moved,
    )  # fmt: skip
