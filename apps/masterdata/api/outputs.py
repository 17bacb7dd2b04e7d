"""Shapes of what the API gives out. Secret fields are absent for those who may not see them."""

from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from apps.masterdata.domain.units import plain
from apps.masterdata.models import (
    AttributeTemplate,
    BankChange,
    Category,
    Department,
    Employee,
    Family,
    Item,
    Location,
    NumberRule,
    Partner,
    Unit,
    Warehouse,
)
from apps.masterdata.selectors.scanning import Scan
from kernel.money import money_text
from tenants.rights import Member

Json = dict[str, Any]


def shaped(shape: Callable[[Any, Member], Json]) -> type[serializers.BaseSerializer[Any]]:
    """A serializer that prints rows with `shape(row, member)`."""

    class Output(serializers.BaseSerializer[Any]):
        def to_representation(self, row: Any) -> Json:
            return shape(row, self.context["request"].auth)

    return Output


def unit(row: Unit, member: Member) -> Json:
    return {**_coded(row), "decimals": row.decimals, "rec20": row.rec20}


def category(row: Category, member: Member) -> Json:
    return {**_coded(row), "parent": row.parent.code if row.parent else None, "path": row.path}


def template(row: AttributeTemplate, member: Member) -> Json:
    return {"id": row.pk, "category": row.category.code, "version": row.version, "rows": row.rows}


def family(row: Family, member: Member) -> Json:
    return {
        **_coded(row),
        "axes": row.axes,
        "pattern": row.pattern,
        "stock_unit": row.stock_unit.code,
        "category": row.category.code if row.category else None,
    }


def item(row: Item, member: Member) -> Json:
    """One item; wants what `selectors.items.shown` prefetches."""
    answer = {
        **_coded(row),
        "spec": row.spec,
        "drawing_no": row.drawing_no,
        "revision": row.revision,
        "category": row.category.code if row.category else None,
        "category_path": row.category.path if row.category else "",
        "source": row.source,
        "is_stocked": row.is_stocked,
        "is_purchased": row.is_purchased,
        "is_sold": row.is_sold,
        "is_service": row.is_service,
        "is_phantom": row.is_phantom,
        "weight": _number(row.weight),
        "state": row.state,
        "stock_unit": row.stock_unit.code,
        "tracking": row.tracking,
        "shelf_life_days": row.shelf_life_days,
        **_item_parts(row),
        "attributes": row.attributes,
        "template_version": row.template.version if row.template else None,
        "family": row.family.code if row.family else None,
        "axis_values": row.axis_values,
        "internal_note": row.internal_note,
    }
    if member.can("masterdata.secret"):
        answer |= {"standard_cost": _number(row.standard_cost), "target_price": _number(row.target_price)}
    return answer


def _item_parts(row: Item) -> Json:
    return {
        "aliases": [code.code for code in row.codes.all() if code.is_alias],
        "units": [{"unit": one.unit.code, "factor": str(one.factor)} for one in row.units.all()],
        "barcodes": [{"value": one.value, "unit": one.unit.code, "kind": one.kind} for one in row.barcodes.all()],
        "identifiers": [{"issuer": one.issuer, "type": one.type, "value": one.value} for one in row.identifiers.all()],
    }


def partner(row: Partner, member: Member) -> Json:
    """One partner; wants what `selectors.partners.shown` prefetches."""
    answer = {
        **_coded(row),
        "short_name": row.short_name,
        "kind": row.kind,
        "is_customer": row.is_customer,
        "is_supplier": row.is_supplier,
        "uscc": row.uscc,
        "category": row.category,
        "status": row.status,
        "currency": row.currency,
        "payment_terms": row.payment_terms,
        "tax_rate": _number(row.tax_rate),
        "owner": row.owner.code if row.owner else None,
        "gln": row.gln,
        "internal_note": row.internal_note,
        "contacts": _contacts(row),
        "addresses": _addresses(row),
    }
    if member.can("masterdata.secret"):
        limit = None if row.credit_limit is None else money_text(row.credit_limit)
        answer |= {"credit_limit": limit, "bank_accounts": _bank_accounts(row)}
    return answer


def company(row: Partner, member: Member) -> Json:
    """The own record; never saved yet = its name and empty fields."""
    stored = row.pk is not None
    answer: Json = {"name": row.name, "short_name": row.short_name, "uscc": row.uscc, "gln": row.gln}
    answer |= {"gs1_prefix": row.gs1_prefix, "version": row.version}
    answer |= {"contacts": _contacts(row) if stored else [], "addresses": _addresses(row) if stored else []}
    if member.can("masterdata.secret"):
        answer["bank_accounts"] = _bank_accounts(row) if stored else []
    return answer


def bank_change(row: BankChange, member: Member) -> Json:
    return {
        "id": row.pk,
        "state": row.state,
        "accounts": row.accounts,
        "asked_by": row.asked_by_name,
        "asked_at": row.asked_at.isoformat(),
        "decided_by": row.decided_by_name,
    }


def warehouse(row: Warehouse, member: Member) -> Json:
    return {**_coded(row), "kind": row.kind, "state": row.state}


def location(row: Location, member: Member) -> Json:
    return {
        "id": row.pk,
        "warehouse": row.warehouse.code,
        "code": row.code,
        "barcode": row.barcode,
        "state": row.state,
        "version": row.version,
    }


def department(row: Department, member: Member) -> Json:
    return {**_coded(row), "parent": row.parent.code if row.parent else None}


def employee(row: Employee, member: Member) -> Json:
    return {
        **_coded(row),
        "department": row.department.code if row.department else None,
        "mobile": row.mobile,
        "member": row.member_id,
        "state": row.state,
    }


def number_rule(row: NumberRule, member: Member) -> Json:
    return {
        "document": row.document,
        "pattern": row.pattern,
        "reset": row.reset,
        "gapless": row.gapless,
        "version": row.version,
    }


def scan(found: Scan) -> Json:
    """Only what the scan says: empty parts are left out."""
    answer = {name: value for name, value in vars(found).items() if value not in (None, "")}
    if found.quantity is not None:
        answer["quantity"] = plain(found.quantity)
    return answer


def _coded(row: Any) -> Json:
    return {"id": row.pk, "code": row.code, "name": row.name, "version": row.version}


def _number(value: Any) -> str | None:
    return None if value is None else plain(value)


def _contacts(row: Partner) -> list[Json]:
    names = ("id", "name", "mobile", "email", "role", "is_primary")
    return [{name: getattr(one, name) for name in names} for one in row.contacts.all()]


def _addresses(row: Partner) -> list[Json]:
    names = ("kind", "text", "receiver", "phone")
    return [{name: getattr(one, name) for name in names} for one in row.addresses.all()]


def _bank_accounts(row: Partner) -> list[Json]:
    names = ("bank", "account_no", "account_name", "cnaps")
    return [{name: getattr(one, name) for name in names} for one in row.bank_accounts.all()]
