"""A new work order as the caller describes it, checked against master data before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.models import WorkOrder
from apps.production.services.shop_refusals import check_decimals, refused, wrong_input


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """工序 typed with an order. `run_minutes` per unit, `work_centre` a code, `alternatives` as the model has them."""

    seq: int
    work_centre: str
    name: str = ""
    setup_minutes: Decimal = Decimal(0)
    run_minutes: Decimal = Decimal(0)
    fixed_minutes: Decimal = Decimal(0)
    queue_minutes: Decimal = Decimal(0)
    overlap_quantity: Decimal | None = None
    alternatives: Sequence[dict[str, Any]] = ()
    setup_group: str = ""
    inspect: str = "none"
    subcontract: dict[str, Any] | None = None
    report_point: bool = True
    piece_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class NewMaterial:
    """用料 typed with an order: `quantity` in stock units for the whole order."""

    item: str
    quantity: Decimal
    step_seq: int | None = None
    backflush: bool = False


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """A work order to be made. `item_id` or `item` (code); `quantity` in stock units.

    `steps` and `materials` None = from routing and BOM, empty = none. `bom`, `routing`: id or version; None = active.
    """

    quantity: Decimal
    due_on: date
    item: str = ""
    item_id: int | None = None
    start_on: date | None = None
    priority: int = 5
    bom: int | str | None = None
    routing: int | str | None = None
    steps: Sequence[NewStep] | None = None
    materials: Sequence[NewMaterial] | None = None
    number: str = ""
    sales_order: str = ""
    sales_line: int | None = None
    reference: str = ""
    warehouse: str = ""
    planned_order_id: int | None = None


def item_of(given: NewOrder) -> masterdata.ItemInfo:
    """The item to make. Raises Invalid `unknown_item`, DomainError `item_stopped`."""
    found = _item(given)
    if found is None:
        raise wrong_input("unknown_item", _("没有物料 %(code)s。") % {"code": given.item[:40]}, "item")
    if not found.is_active:
        raise refused("item_stopped", _("物料 %(code)s 已停用，不能再做工单。") % {"code": found.code}, "item")
    check_decimals(given.quantity, found.decimals, "quantity")
    return found


def _item(given: NewOrder) -> masterdata.ItemInfo | None:
    if given.item_id is not None:
        return masterdata.get_items([given.item_id]).get(given.item_id)
    return masterdata.item_by_code(given.item)


def check_head(given: NewOrder) -> None:
    """Raises Invalid for a quantity or priority out of range, or a start after the due date (`bad_range`)."""
    if given.quantity <= 0:
        raise wrong_input("invalid", _("数量要大于零。"), "quantity")
    if not 1 <= given.priority <= 9:
        raise wrong_input("invalid", _("优先级是 1 到 9。"), "priority")
    check_dates(given.start_on, given.due_on)


def check_dates(start_on: date | None, due_on: date) -> None:
    """Raises Invalid `bad_range`."""
    if start_on is not None and start_on > due_on:
        raise wrong_input("bad_range", _("开工日期不能晚于交期。"), "start_on")


def check_number(number: str) -> None:
    """Raises DomainError `duplicate_number`."""
    if number and WorkOrder.objects.filter(number=number).exists():
        raise refused("duplicate_number", _("工单号 %(number)s 已被使用。") % {"number": number}, "number")


def warehouse_of(code: str) -> int | None:
    """The warehouse's id, None for none. Raises Invalid `unknown_warehouse`."""
    if not code:
        return None
    found = masterdata.warehouse_by_code(code)
    if found is None or not found.is_active:
        raise wrong_input("unknown_warehouse", _("没有仓库 %(code)s。") % {"code": code[:40]}, "warehouse")
    return found.id


def materials_of(rows: Sequence[NewMaterial], made: masterdata.ItemInfo) -> list[masterdata.ItemInfo]:
    """The items of typed materials, row by row. Raises Invalid `unknown_item`, `too_many_decimals`, `invalid`."""
    found = masterdata.items_by_code(row.item for row in rows)
    items = []
    for index, row in enumerate(rows):
        spot = f"materials.{index}"
        item = found.get(row.item)
        if item is None:
            raise wrong_input("unknown_item", _("没有物料 %(code)s。") % {"code": row.item[:40]}, f"{spot}.item")
        if item.id == made.id:
            raise wrong_input("invalid", _("用料不能是产品本身。"), f"{spot}.item")
        if row.quantity < 0:
            raise wrong_input("invalid", _("数量不能小于零。"), f"{spot}.quantity")
        check_decimals(row.quantity, item.decimals, f"{spot}.quantity")
        items.append(item)
    return items
