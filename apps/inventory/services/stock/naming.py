"""Codes of a body become records, in bulk; what is unknown or out of use is refused where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from apps.inventory.services.refusals import ItemStopped, PartnerBlocked, spot, wrong
from apps.masterdata import public as masterdata
from apps.masterdata.public import LocationInfo, Numbering, PartnerInfo, StockItem, WarehouseInfo

MOST_QUANTITY = Decimal("99999999999999")
MOST_TEXT = 64


class Typed(Protocol):
    """What all typed lines have."""

    @property
    def item(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...
    @property
    def lot(self) -> str: ...
    @property
    def serials(self) -> tuple[str, ...]: ...


def find_items(codes: Sequence[str], *, all_states: bool = False) -> list[StockItem]:
    """The items of the lines, in their order. Raises Invalid `unknown_item`, ItemStopped."""
    return _items(codes, masterdata.stock_items(list(dict.fromkeys(codes))), all_states=all_states)


@dataclass(frozen=True, slots=True)
class Named:
    """The records that a document names: items in the order of its lines, {field: warehouse}, its numbering."""

    items: list[StockItem]
    places: dict[str, WarehouseInfo]
    numbering: Numbering | None


def find_names(codes: Sequence[str], *, document: str, all_states: bool = False, **fields: str) -> Named:
    """`find_items`, `find_warehouses` and how `document` is numbered with one question."""
    found = masterdata.stock_names(list(dict.fromkeys(codes)), set(fields.values()), document)
    items = _items(codes, found.items, all_states=all_states)
    return Named(items, _warehouses(fields, found.warehouses), found.numbering)


def _items(codes: Sequence[str], known: Mapping[str, StockItem], *, all_states: bool) -> list[StockItem]:
    found = []
    for number, code in enumerate(codes, start=1):
        item = known.get(code)
        if item is None:
            raise wrong(_("没有物料“%(code)s”，请先新增。") % {"code": code}, "unknown_item", spot(number, "item"))
        if not item.is_stocked or not (item.is_active or all_states):
            raise ItemStopped(
                _("物料 %(code)s 已停用或不是库存物料，不能出入库。") % {"code": item.code},
                fields={spot(number, "item"): [_("已停用或不是库存物料。")]},
            )
        found.append(item)
    return found


def find_warehouses(**fields: str) -> dict[str, WarehouseInfo]:
    """{field: warehouse} of `field=code`. Raises Invalid `unknown_warehouse`; a stopped one takes nothing new."""
    return _warehouses(fields, masterdata.warehouses_called(set(fields.values())))


def _warehouses(fields: Mapping[str, str], known: Mapping[str, WarehouseInfo]) -> dict[str, WarehouseInfo]:
    found = {}
    for field, code in fields.items():
        warehouse = known.get(code)
        if warehouse is None or not warehouse.is_active:
            raise wrong(_("没有可用的仓库“%(code)s”。") % {"code": code}, "unknown_warehouse", field)
        found[field] = warehouse
    return found


def find_partner(code: str) -> PartnerInfo | None:
    """The partner, None for none. Raises Invalid `unknown_partner`, PartnerBlocked."""
    if not code:
        return None
    partner = masterdata.partner_by_code(code)
    if partner is None:
        raise wrong(_("没有往来单位“%(code)s”。") % {"code": code}, "unknown_partner", "partner")
    if partner.is_blocked:
        raise PartnerBlocked(_("%(partner)s 已被冻结，不能用于新单据。") % {"partner": partner.label})
    return partner


def find_locations(warehouse: WarehouseInfo, codes: Sequence[str], *, field: str = "location") -> list[int | None]:
    """Ids of the lines' locations, None where none was named. Raises Invalid `unknown_location`."""
    known: dict[tuple[int, str], LocationInfo] = {}
    if any(codes):
        known = masterdata.locations_called([(warehouse.id, code) for code in codes if code])
    found = []
    for number, code in enumerate(codes, start=1):
        location = known.get((warehouse.id, code)) if code else None
        if code and location is None:
            sentence = _("仓库 %(warehouse)s 没有库位“%(code)s”。") % {"warehouse": warehouse.code, "code": code}
            raise wrong(sentence, "unknown_location", spot(number, field))
        found.append(location.id if location else None)
    return found


def stock_quantities(lines: Sequence[Typed], items: Sequence[StockItem]) -> list[Decimal]:
    """Each line in stock units, exact. Raises Invalid `bad_quantity`, `too_many_decimals`, `unknown_unit`,
    `unit_not_exact`.
    """
    answers = [line.quantity for line in lines]
    foreign: list[int] = []
    for index, (line, item) in enumerate(zip(lines, items, strict=True)):
        if not line.quantity.is_finite() or not 0 < line.quantity <= MOST_QUANTITY:
            raise wrong(_("数量必须大于零。"), "bad_quantity", spot(index + 1))
        if line.unit and line.unit != item.unit:
            foreign.append(index)
        else:
            _check_decimals(line.quantity, item, index + 1)
    if foreign:
        rows = [(items[index].id, lines[index].quantity, lines[index].unit) for index in foreign]
        for index, quantity in zip(foreign, masterdata.in_stock_units(rows), strict=True):
            answers[index] = quantity
    return answers


def _check_decimals(quantity: Decimal, item: StockItem, line: int) -> None:
    exponent = int(quantity.normalize().as_tuple().exponent)
    if -exponent > item.decimals:
        sentence = _("%(item)s 的数量最多 %(decimals)s 位小数。") % {"item": item.code, "decimals": item.decimals}
        raise wrong(sentence, "too_many_decimals", spot(line))


def check_tracking(
    item: StockItem, *, quantity: Decimal, lot: str, serials: Sequence[str], line: int, lot_needed: bool
) -> None:
    """Lot and serials fit the item. Raises Invalid `lot_required`, `lot_not_allowed`, `serials_mismatch`."""
    if item.tracking != "lot" and lot:
        raise wrong(
            _("%(item)s 不按批次管理，不能填批号。") % {"item": item.code}, "lot_not_allowed", spot(line, "lot")
        )
    if item.tracking == "lot" and not lot and lot_needed:
        raise wrong(_("%(item)s 按批次管理，请填批号。") % {"item": item.code}, "lot_required", spot(line, "lot"))
    if any(len(text) > MOST_TEXT or "\x00" in text or not text.strip() for text in (*serials, *([lot] if lot else []))):
        raise wrong(_("批号或序列号不能为空，最多 64 个字。"), "bad_lot", spot(line, "lot" if lot else "serials"))
    if item.tracking != "serial":
        if serials:
            sentence = _("%(item)s 不按序列号管理。") % {"item": item.code}
            raise wrong(sentence, "serials_mismatch", spot(line, "serials"))
        return
    if len(set(serials)) != len(serials) or len(serials) != quantity:
        sentence = _("%(item)s 的序列号要与数量一一对应。") % {"item": item.code}
        raise wrong(sentence, "serials_mismatch", spot(line, "serials"))


def expiry_of(item: StockItem, made_on: date | None, expires_on: date | None) -> date | None:
    """What was given, else `made_on` + shelf life. Raises Invalid `bad_expiry` where the calendar ends before it."""
    if expires_on or not made_on or not item.shelf_life_days:
        return expires_on
    if (date.max - made_on).days < item.shelf_life_days:
        raise wrong(_("生产日期太晚，算不出有效期。"), "bad_expiry", "made_on")
    return made_on + timedelta(days=item.shelf_life_days)
