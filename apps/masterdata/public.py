"""The door of master data for the floors above: frozen dataclasses in and out, nothing else.

Codes are found without regard to case and width, an item's aliases find the item. Ids are stable, codes may change.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from apps.masterdata import records
from apps.masterdata.domain import gs1, own_labels
from apps.masterdata.domain.classes import FieldClass, SharedPayload
from apps.masterdata.domain.codes import code_key, text_key
from apps.masterdata.domain.uscc import is_uscc
from apps.masterdata.models import Barcode, Department, Employee, Item, Location, Partner, Unit, Warehouse
from apps.masterdata.records import (
    CompanyInfo,
    DepartmentInfo,
    EmployeeInfo,
    ItemInfo,
    LocationInfo,
    PartnerInfo,
    WarehouseInfo,
)
from apps.masterdata.selectors import finding, item_records, lists, plan_records, scanning, stock_records, units
from apps.masterdata.selectors.plan_records import PlanItem
from apps.masterdata.selectors.scanning import Scan
from apps.masterdata.selectors.stock_records import StockItem, StockNames
from apps.masterdata.selectors.units import Measures
from apps.masterdata.services import ensuring, items, numbers, usage
from apps.masterdata.services.numbers import Numbering
from apps.masterdata.services.refusals import refusing
from kernel.errors import NotFound
from tenants.rights import Member

__all__ = [
    "CompanyInfo",
    "DepartmentInfo",
    "EmployeeInfo",
    "FieldClass",
    "ItemInfo",
    "LocationInfo",
    "Measures",
    "Numbering",
    "PartnerInfo",
    "PlanItem",
    "Scan",
    "SharedPayload",
    "StockItem",
    "StockNames",
    "WarehouseInfo",
    "is_uscc",
]

MOST = 500


# -- Items -----------------------------------------------------------------------------------------------------


def get_item(item_id: int) -> ItemInfo:
    """One item by id, merged ones too. An unknown id is a bug: Item.DoesNotExist is let through."""
    return records.item_info(_items(Item.objects.all()).get(pk=item_id))


def get_items(item_ids: Iterable[int]) -> dict[int, ItemInfo]:
    """{id: item} of the known ids; two queries however many."""
    return item_records.items_by_id(item_ids)


def plan_items(item_ids: Iterable[int]) -> dict[int, PlanItem]:
    """{id: item} of the known ids as planning needs them; two queries however many."""
    return plan_records.plan_items(item_ids)


def item_by_code(code: str) -> ItemInfo | None:
    """The item by code or alias; None when unknown."""
    row = _items(finding.live_items()).filter(codes__key=code_key(code)).first()
    return records.item_info(row) if row else None


def items_by_code(codes: Iterable[str]) -> dict[str, ItemInfo]:
    """{code as given: item} of the codes and aliases that are known."""
    ids = finding.codes_to_ids(codes)
    found = get_items(ids.values())
    return {code: found[pk] for code, pk in ids.items()}


def find_items(search: str = "", *, limit: int = 50, offset: int = 0, active_only: bool = True) -> list[ItemInfo]:
    """Items by code, name, spec, pinyin, initials, alias or barcode, in the order of their codes."""
    rows = finding.matching(finding.live_items(), search)
    if active_only:
        rows = rows.filter(state=Item.State.ACTIVE)
    return [records.item_info(row) for row in _items(rows).order_by("code_key", "id")[_page(limit, offset)]]


def codes_of_namesakes(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """{(name, spec): codes} of the active items with one of these names, in the order of their codes; one query."""
    return finding.codes_of_namesakes(names)


def convert(item_id: int, quantity: Decimal | str, from_unit: str, to_unit: str = "") -> Decimal:
    """`quantity` of `from_unit` in `to_unit` (empty = stock unit), four decimals, exact.

    Raises Invalid `unknown_unit`, `bad_quantity`, `too_many_decimals`; DomainError `unit_not_exact`.
    """
    item = Item.objects.select_related("stock_unit").prefetch_related("units").get(pk=item_id)
    return units.converted(item=item, quantity=quantity, source=from_unit, target=to_unit)[0]


def ensure_item(*, code: str, name: str = "", unit: str = "pcs", source: str = "buy", actor: Member) -> ItemInfo:
    """The item by code or alias; an unknown one is made (`source`: buy, make, …), and its unit when that is unknown."""
    return get_item(ensuring.ensure_item(code=code, name=name, unit=unit, actor=actor, source=source).pk)


def mark_moved(item_ids: Sequence[int]) -> None:
    """Tell that stock of these items moved: their unit and tracking are frozen. Call in the move's transaction."""
    items.mark_moved(item_ids=list(item_ids))


def stock_items(codes: Sequence[str]) -> dict[str, StockItem]:
    """{code, alias or id as given: item} as the stock ledger needs it; one query, two when ids are among them."""
    return stock_records.stock_items(codes)


def stock_names(codes: Sequence[str], warehouses: Iterable[str], document: str = "") -> StockNames:
    """`stock_items`, `warehouses_called` and the numbering of `document` with one question, for those who post."""
    return stock_records.stock_names(codes, warehouses, document)


def stock_items_by_id(item_ids: Sequence[int]) -> dict[int, StockItem]:
    """{id: item} as the stock ledger needs it; one query."""
    return stock_records.stock_items_by_id(item_ids)


def in_stock_units(rows: Sequence[tuple[int, Decimal, str]]) -> list[Decimal]:
    """(item id, quantity, unit) rows in stock units, exact, in few queries.

    Raises Invalid `unknown_unit`, `too_many_decimals`; DomainError `unit_not_exact`.
    """
    return stock_records.in_stock_units(rows)


def folded(code: str) -> str:
    """A code as it is compared: the `code_key` of records."""
    return code_key(code) if code else ""


def folded_text(text: str) -> str:
    """A search as it is compared with the `search_text` of records."""
    return text_key(text) if text else ""


# -- Partners --------------------------------------------------------------------------------------------------


def get_partner(partner_id: int) -> PartnerInfo:
    """One partner by id. An unknown id is a bug: Partner.DoesNotExist is let through."""
    return records.partner_info(Partner.objects.select_related("owner").get(pk=partner_id))


def get_partners(partner_ids: Iterable[int]) -> dict[int, PartnerInfo]:
    rows = Partner.objects.select_related("owner").filter(pk__in=set(partner_ids))
    return {row.pk: records.partner_info(row) for row in rows}


def partner_by_code(code: str) -> PartnerInfo | None:
    row = Partner.objects.select_related("owner").filter(code_key=code_key(code)).first()
    return records.partner_info(row) if row else None


def partner_by_uscc(uscc: str) -> PartnerInfo | None:
    """The partner with this 统一社会信用代码; None when there is none."""
    wanted = uscc.strip().upper()
    row = Partner.objects.select_related("owner").filter(uscc=wanted).first() if wanted else None
    return records.partner_info(row) if row else None


def partner_by_name(name: str) -> PartnerInfo | None:
    """The one partner with this full name; None when there is none or more than one."""
    row = ensuring.partner_named(name)
    return get_partner(row.pk) if row else None


def find_partners(
    search: str = "",
    *,
    customers: bool = False,
    suppliers: bool = False,
    limit: int = 50,
    offset: int = 0,
    usable_only: bool = False,
) -> list[PartnerInfo]:
    """Partners by code, name, short name, pinyin or uscc, in the order of their codes.

    `customers`, `suppliers` narrow to those roles (both: who has either); `usable_only` leaves blocked ones out.
    """
    rows = finding.matching(Partner.objects.select_related("owner"), search)
    roles = Q(is_customer=True) if customers else Q()
    if suppliers:
        roles |= Q(is_supplier=True)
    rows = rows.filter(roles)
    if usable_only:
        rows = rows.exclude(status=Partner.Status.BLOCKED)
    return [records.partner_info(row) for row in rows.order_by("code_key", "id")[_page(limit, offset)]]


def is_blocked(partner_id: int) -> bool:
    """Is this partner refused for new documents?"""
    return Partner.objects.filter(pk=partner_id, status=Partner.Status.BLOCKED).exists()


def ensure_partner(
    *, code: str, name: str = "", is_customer: bool = False, is_supplier: bool = False, actor: Member
) -> PartnerInfo:
    """The partner by code; an unknown one is made, a known one gains the roles it lacked."""
    row = ensuring.ensure_partner(code=code, name=name, is_customer=is_customer, is_supplier=is_supplier, actor=actor)
    return get_partner(row.pk)


def own_company() -> CompanyInfo:
    """The company's own record; its name alone until somebody filled it in."""
    return records.company_info()


# -- Places and people -----------------------------------------------------------------------------------------


def get_warehouse(warehouse: int | str) -> WarehouseInfo:
    """A warehouse by id or by code. Raises NotFound."""
    if isinstance(warehouse, int):
        row = Warehouse.objects.filter(pk=warehouse).first()
        if row is None:
            raise NotFound("找不到您要的内容。")
        return records.warehouse_info(row)
    return records.warehouse_info(finding.record_at(Warehouse.objects.all(), warehouse))


def warehouse_by_code(code: str) -> WarehouseInfo | None:
    row = Warehouse.objects.filter(code_key=code_key(code)).first()
    return records.warehouse_info(row) if row else None


def find_warehouses(search: str = "", *, active_only: bool = True) -> list[WarehouseInfo]:
    rows = finding.matching(Warehouse.objects.all(), search)
    if active_only:
        rows = rows.filter(state="active")
    return [records.warehouse_info(row) for row in rows.order_by("code_key", "id")[:MOST]]


def unit_names() -> dict[str, str]:
    """{code: name} of all units of measure."""
    return dict(Unit.objects.values_list("code", "name"))


def get_location(location_id: int) -> LocationInfo:
    """One location by id; Location.DoesNotExist is let through."""
    return records.location_info(Location.objects.select_related("warehouse").get(pk=location_id))


def location_by_code(warehouse_id: int, code: str) -> LocationInfo | None:
    rows = Location.objects.select_related("warehouse").filter(warehouse_id=warehouse_id, code_key=code_key(code))
    row = rows.first()
    return records.location_info(row) if row else None


def find_locations(warehouse_id: int, *, active_only: bool = True) -> list[LocationInfo]:
    rows = Location.objects.select_related("warehouse").filter(warehouse_id=warehouse_id)
    if active_only:
        rows = rows.filter(state="active")
    return [records.location_info(row) for row in rows.order_by("code_key", "id")]


def warehouses_called(codes: Iterable[str]) -> dict[str, WarehouseInfo]:
    """{code as given: warehouse} of the codes that are known; one query."""
    return stock_records.warehouses_called(codes)


def locations_called(pairs: Sequence[tuple[int, str]]) -> dict[tuple[int, str], LocationInfo]:
    """{(warehouse id, code or barcode as given): location} of those that are known; one query."""
    return stock_records.locations_called(pairs)


def ensure_transit_warehouse(*, code: str, name: str) -> WarehouseInfo:
    """The company's warehouse of goods on the way; made with this code and name when there is none."""
    return records.warehouse_info(stock_records.ensure_transit_warehouse(code=code, name=name))


def ensure_warehouse(*, code: str, name: str = "", kind: str = "normal", actor: Member) -> WarehouseInfo:
    """The warehouse by code; an unknown one is made."""
    return records.warehouse_info(ensuring.ensure_warehouse(code=code, name=name, kind=kind, actor=actor))


def department_by_code(code: str) -> DepartmentInfo | None:
    row = Department.objects.select_related("parent").filter(code_key=code_key(code)).first()
    return records.department_info(row) if row else None


def find_departments(search: str = "", *, limit: int = 50, offset: int = 0) -> list[DepartmentInfo]:
    rows = finding.matching(Department.objects.select_related("parent"), search).order_by("code_key", "id")
    return [records.department_info(row) for row in rows[_page(limit, offset)]]


def ensure_department(*, code: str, name: str = "", actor: Member) -> DepartmentInfo:
    """The department by code; an unknown one is made at the top of the tree."""
    return records.department_info(ensuring.ensure_department(code=code, name=name, actor=actor))


def employee_by_code(code: str) -> EmployeeInfo | None:
    row = Employee.objects.select_related("department").filter(code_key=code_key(code)).first()
    return records.employee_info(row) if row else None


def employee_of_member(user_id: int) -> EmployeeInfo | None:
    """The employee who signs in as this user."""
    row = Employee.objects.select_related("department").filter(member_id=user_id).first()
    return records.employee_info(row) if row else None


def find_employees(
    search: str = "", *, limit: int = 50, offset: int = 0, active_only: bool = True
) -> list[EmployeeInfo]:
    rows = finding.matching(Employee.objects.select_related("department"), search)
    if active_only:
        rows = rows.filter(state=Employee.State.ACTIVE)
    return [records.employee_info(row) for row in rows.order_by("code_key", "id")[_page(limit, offset)]]


def ensure_employee(*, code: str, name: str = "", department: str = "", actor: Member) -> EmployeeInfo:
    """The employee by code; an unknown one is made."""
    row = ensuring.ensure_employee(code=code, name=name, department=department, actor=actor)
    return records.employee_info(row)


# -- Numbers, scans, guards ------------------------------------------------------------------------------------


def next_number(document: str, on: date, scope: str = "") -> str:
    """The next number of a kind of document: `next_number("work_order", date(2026, 6, 30))` -> `MO2606-0001`.

    Call it in the document's transaction, as late as possible. The rule exists by `ensure_number_rule` or default.
    """
    return numbers.next_number(document=document, on=on, scope=scope)


def number_inside(numbering: Numbering, on: date) -> tuple[str, tuple[Any, ...]]:
    """(text, parameters) of a query with one `value`: the next number, for the statement that writes the document."""
    return numbers.number_inside(numbering, on=on)


def ensure_number_rule(document: str, pattern: str, *, reset: str = "never", gapless: bool = False) -> None:
    """Give `document` this rule unless it has one: for template seeders of the floors above."""
    numbers.ensure_rule(document=document, pattern=pattern, reset=reset, gapless=gapless)


def scan(text: str, *, today: date) -> Scan | None:
    """What a scanned text is; None when it is unknown. Raises Invalid for a damaged GS1 code."""
    return scanning.read(text, today=today)


def label_text(kind: str, code: str, *, lot: str = "", serial: str = "", quantity: Decimal | None = None) -> str:
    """The text of our own QR label, `QZ1|kind|code|lot|serial|qty`; `kind`: item, lot, location, package."""
    return own_labels.print_label(own_labels.OwnLabel(gs1.ScanKind(kind), code, lot, serial, quantity))


def gs1_text(elements: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """(text of the bars, line printed under them) of GS1 application identifiers: [("01", gtin), ("10", lot)].

    Raises Invalid for a value that GS1 does not allow, such as a lot of 30 characters.
    """
    with refusing("code"):
        return gs1.build_element_string(elements), gs1.bracketed(elements)


def category_ids(text: str) -> frozenset[int]:
    """Ids of the category called `text` (code, path or id) and of all below it; empty where nobody knows it."""
    return frozenset(lists.category_ids(text)) if text else frozenset()


def gtins(item_ids: Iterable[int]) -> dict[int, str]:
    """{item id: GTIN of its stock unit, 14 digits} where there is one; one query."""
    rows = Barcode.objects.filter(item_id__in=set(item_ids), kind="gtin", unit_id=F("item__stock_unit_id"))
    return dict(rows.order_by("-id").values_list("item_id", "value"))


def guard(record: str, check: usage.Guard) -> None:
    """Register who still needs an `item`, `warehouse`, `location`, `partner`: `check(id)` -> sentence or None."""
    usage.guard(record, check)


def _items(rows: QuerySet[Item]) -> QuerySet[Item]:
    return rows.select_related("stock_unit", "category").prefetch_related("units__unit")


def _page(limit: int, offset: int) -> slice:
    return slice(max(0, offset), max(0, offset) + max(0, min(limit, MOST)))
