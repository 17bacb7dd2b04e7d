"""What finance asks of the floors below.

Master data is always on: the records behind the values of the built-in dimensions (projects are finance's own).
Inventory may be missing: then nobody tells of stock and the stock accounts stand alone. So may production: no wages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.inventory import public as inventory
from apps.masterdata import public as masterdata
from apps.production import public as production
from tenants.entitlements import has_module
from tenants.rights import Member


@dataclass(frozen=True)
class Record:
    """Code as master data writes it, and the name."""

    code: str
    name: str


def ensure_record(*, dimension: str, code: str, name: str, unit: str | None, actor: Member) -> Record:
    """The record that a new value stands for; an unknown one is made (an item in `unit`, which is made too)."""
    if dimension == "item":
        item = masterdata.ensure_item(code=code, name=name, unit=unit or "pcs", actor=actor)
        return Record(item.code, item.name)
    if dimension in ("customer", "supplier"):
        partner = masterdata.ensure_partner(
            code=code, name=name, is_customer=dimension == "customer", is_supplier=dimension == "supplier", actor=actor
        )
        return Record(partner.code, partner.name)
    if dimension == "department":
        department = masterdata.ensure_department(code=code, name=name, actor=actor)
        return Record(department.code, department.name)
    if dimension == "employee":
        employee = masterdata.ensure_employee(code=code, name=name, actor=actor)
        return Record(employee.code, employee.name)
    return Record(code, name)


def find_record(*, dimension: str, code: str) -> Record | None:
    """The record with this code, None when there is none or the partner does not play the part."""
    if dimension in ("customer", "supplier"):
        return _partner(dimension, code)
    found: masterdata.ItemInfo | masterdata.DepartmentInfo | masterdata.EmployeeInfo | None = None
    if dimension == "item":
        found = masterdata.item_by_code(code)
    elif dimension == "department":
        found = masterdata.department_by_code(code)
    elif dimension == "employee":
        found = masterdata.employee_by_code(code)
    return Record(found.code, found.name) if found else None


def _partner(dimension: str, code: str) -> Record | None:
    partner = masterdata.partner_by_code(code)
    if partner is None:
        return None
    plays = partner.is_customer if dimension == "customer" else partner.is_supplier
    return Record(partner.code, partner.name) if plays else None


ENTRIES_AT_ONCE = 5000


def entries_of_posting(document_id: int) -> list[inventory.EntryView]:
    """Cost entries that the posting of a stock document wrote, in order; its own and the corrections it caused."""
    return _all_entries(cause=document_id)


def entries_of_close(month: str) -> list[inventory.EntryView]:
    """Cost entries that the close of a month of stock wrote, in order."""
    return [entry for entry in _all_entries(month=month) if entry.cause is None]


def _all_entries(*, cause: int | None = None, month: str = "") -> list[inventory.EntryView]:
    found: list[inventory.EntryView] = []
    while True:
        since = found[-1].id if found else 0
        part = inventory.cost_entries(cause=cause, month=month, since=since, limit=ENTRIES_AT_ONCE)
        found += part
        if len(part) < ENTRIES_AT_ONCE:
            return found


def stock_document(document_id: int) -> inventory.DocumentView:
    """The stock document that wrote cost entries."""
    return inventory.get_document(document_id)


def reason_word(reason: str) -> str:
    """A reason of stock (`purchase`) as the posting rules name it (`PURCHASE_RECEIPT`)."""
    return inventory.finance_reasons()[reason]


def items_of(item_ids: Iterable[int]) -> dict[int, masterdata.ItemInfo]:
    """{id: item}."""
    return masterdata.get_items(item_ids)


def partners_of(partner_ids: Iterable[int]) -> dict[int, masterdata.PartnerInfo]:
    """{id: partner}."""
    return masterdata.get_partners(partner_ids)


def stock_at(month: str) -> list[inventory.ValueRow] | None:
    """Value of stock at the end of a month ("2026-05") by the item's source, category and warehouse kind; None without
    inventory.
    """
    return inventory.stock_value(month, by="source,category,warehouse_kind") if has_module("inventory") else None


def wages_of_report(report_id: int, month: str) -> list[production.WageLineInfo]:
    """Piece wages that one report earned, paid in a month ("2026-05"); none without production."""
    if not has_module("production"):
        return []
    return [line for line in production.wage_lines(month) if line.report_id == report_id]
