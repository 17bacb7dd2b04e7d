"""What finance asks of master data: the records behind the values of the built-in dimensions.

Master data is always on, so nothing here has to do without it. Projects are finance's own.
"""

from dataclasses import dataclass

from apps.masterdata import public as masterdata
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
