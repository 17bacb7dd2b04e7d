"""Create if unknown: what imports and entry pages of the floors above may make without leaving their page."""

from typing import Any

from django.db import transaction

from apps.masterdata.domain.codes import code_key, text_key
from apps.masterdata.domain.errors import RuleError
from apps.masterdata.models import Department, Employee, Item, Partner, Unit, Warehouse
from apps.masterdata.selectors import finding
from apps.masterdata.services import catalogue, places
from apps.masterdata.services.items import create_item
from apps.masterdata.services.partners import create_partner, update_partner
from apps.masterdata.services.values import ItemValues, PartnerValues
from tenants.rights import Member

FINE_DECIMALS = 4


@transaction.atomic
def ensure_unit(*, unit: str, actor: Member) -> Unit:
    """The unit called `unit`; an unknown one is made with four decimals, so that no quantity is refused."""
    try:
        return finding.KnownUnits().find(unit)
    except RuleError:
        values = {"code": unit, "name": unit, "decimals": FINE_DECIMALS}
        return catalogue.save_unit(unit=None, values=values, actor=actor)


@transaction.atomic
def ensure_item(*, code: str, name: str, unit: str, actor: Member, source: str = Item.Source.BUY) -> Item:
    """The item by code or alias; an unknown one is made with stock unit `unit` and 来源 `source`."""
    found = finding.live_items().filter(codes__key=code_key(code)).first()
    if found is not None:
        return found
    stock_unit = ensure_unit(unit=unit, actor=actor)
    values: ItemValues = {"code": code, "name": name or code, "stock_unit": stock_unit.code, "source": source}
    return create_item(values=values, actor=actor)


@transaction.atomic
def ensure_partner(*, code: str, name: str, is_customer: bool, is_supplier: bool, actor: Member) -> Partner:
    """The partner by code; an unknown one is made, a known one gains the roles it lacked."""
    found = Partner.objects.filter(code_key=code_key(code)).first()
    values: PartnerValues = {}
    if is_customer and not (found and found.is_customer):
        values["is_customer"] = True
    if is_supplier and not (found and found.is_supplier):
        values["is_supplier"] = True
    if found is None:
        return create_partner(values={**values, "code": code, "name": name or code}, actor=actor)
    return update_partner(partner=found, values=values, actor=actor) if values else found


def partner_named(name: str) -> Partner | None:
    """The one partner whose full name reads `name`; None when there is none or more than one."""
    rows = list(Partner.objects.filter(name=name.strip()).order_by("id")[:2])
    if not rows:
        rows = [
            row
            for row in Partner.objects.filter(search_text__contains=text_key(name)).order_by("id")[:50]
            if text_key(row.name) == text_key(name)
        ]
    return rows[0] if len(rows) == 1 else None


@transaction.atomic
def ensure_department(*, code: str, name: str, actor: Member) -> Department:
    """The department by code; an unknown one is made at the top of the tree."""
    found = Department.objects.filter(code_key=code_key(code)).first()
    return found or places.save_department(department=None, values={"code": code, "name": name or code}, actor=actor)


@transaction.atomic
def ensure_employee(*, code: str, name: str, actor: Member, department: str = "") -> Employee:
    """The employee by code; an unknown one is made."""
    found = Employee.objects.filter(code_key=code_key(code)).first()
    values: dict[str, Any] = {"code": code, "name": name or code}
    if department:
        values["department"] = department
    return found or places.save_employee(employee=None, values=values, actor=actor)


@transaction.atomic
def ensure_warehouse(*, code: str, name: str, kind: str, actor: Member) -> Warehouse:
    """The warehouse by code; an unknown one is made."""
    found = Warehouse.objects.filter(code_key=code_key(code)).first()
    values = {"code": code, "name": name or code, "kind": kind}
    return found or places.save_warehouse(warehouse=None, values=values, actor=actor)
