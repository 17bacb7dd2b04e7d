"""Warehouses, locations, departments, employees."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain import tree
from apps.masterdata.domain.codes import clean_code, code_key
from apps.masterdata.models import Barcode, Department, Employee, Location, Warehouse
from apps.masterdata.selectors import finding
from apps.masterdata.services.records import apply, locked, plain, save_record
from apps.masterdata.services.refusals import DuplicateBarcode, DuplicateCode, check_version, refusing
from apps.masterdata.services.usage import remove
from kernel import audit
from kernel.errors import DomainError, Invalid
from kernel.models import Staff
from tenants.rights import Member


@refusing()
@transaction.atomic
def save_warehouse(*, warehouse: Warehouse | None, values: Mapping[str, Any], actor: Member) -> Warehouse:
    """Create or change a warehouse: `code, name, kind, state`. Raises DuplicateCode, StaleVersion."""
    record = locked(warehouse) if warehouse else Warehouse()
    apply(record, values, ("name", "kind", "state"))
    return save_record("warehouse", record, values, actor=actor)


@refusing()
@transaction.atomic
def delete_warehouse(*, warehouse: Warehouse, actor: Member) -> None:
    """Remove a warehouse without stock, history and locations. Raises InUse."""
    remove("warehouse", warehouse)
    audit.record(actor=actor, action="warehouse.delete", object=f"warehouse:{warehouse.code}", label=str(warehouse))


@refusing()
@transaction.atomic
def save_location(*, location: Location | None, values: Mapping[str, Any], actor: Member) -> Location:
    """Create or change a location: `warehouse, code, barcode, state`.

    Raises Invalid `unknown_warehouse`, DuplicateCode, DuplicateBarcode, StaleVersion. A location never changes house.
    """
    record = Location.objects.select_for_update().get(pk=location.pk) if location else Location()
    is_new = record.pk is None
    _place(record, values)
    if "code" in values or is_new:
        record.code = clean_code(values.get("code", ""))
        record.code_key = code_key(record.code)
    if "barcode" in values:
        _set_barcode(record, values["barcode"])
    apply(record, values, ("state",))
    if not is_new:
        check_version(record.version, values.get("version"))
        record.version += 1
    _check_location_code(record)
    record.save()
    audit.record(
        actor=actor,
        action=f"location.{'create' if is_new else 'change'}",
        object=f"location:{record.pk}",
        label=f"{record.warehouse.code}/{record.code}",
        changes={name: [None, plain(value)] for name, value in values.items() if name != "version"},
    )
    return record


def _place(record: Location, values: Mapping[str, Any]) -> None:
    if "warehouse" not in values and record.pk is not None:
        return
    warehouse = finding.warehouse_called(values.get("warehouse", ""))
    if record.pk is not None and record.warehouse_id != warehouse.pk:
        sentence = _("库位不能换仓库，请停用后在另一个仓库新建。")
        raise DomainError(sentence, "in_use", fields={"warehouse": [sentence]})
    record.warehouse = warehouse


def _set_barcode(record: Location, text: str) -> None:
    record.barcode = clean_code(text) if text.strip() else ""
    record.barcode_key = code_key(record.barcode)
    if not record.barcode_key:
        return
    others = Location.objects.filter(barcode_key=record.barcode_key).exclude(pk=record.pk)
    if others.exists() or Barcode.objects.filter(key=record.barcode_key).exists():
        sentence = _("条码“%(value)s”已被使用。") % {"value": record.barcode}
        raise DuplicateBarcode(sentence, fields={"barcode": [sentence]})


def _check_location_code(record: Location) -> None:
    twins = Location.objects.filter(warehouse=record.warehouse, code_key=record.code_key).exclude(pk=record.pk)
    if twins.exists():
        raise DuplicateCode(
            _("仓库 %(warehouse)s 里已有库位“%(code)s”。") % {"warehouse": record.warehouse.code, "code": record.code},
            fields={"code": [_("编码重复。")]},
        )


@refusing()
@transaction.atomic
def delete_location(*, location: Location, actor: Member) -> None:
    """Remove a location without stock and history. Raises InUse."""
    label = f"{location.warehouse.code}/{location.code}"
    remove("location", location)
    audit.record(actor=actor, action="location.delete", object=f"location:{label}", label=label)


@refusing()
@transaction.atomic
def save_department(*, department: Department | None, values: Mapping[str, Any], actor: Member) -> Department:
    """Create or change a department: `code, name, parent` (code or None). Raises DuplicateCode, `cycle` 409."""
    record = locked(department) if department else Department()
    if "parent" in values:
        record.parent = finding.department_called(values["parent"]) if values["parent"] else None
        parents = dict(Department.objects.select_for_update().values_list("id", "parent_id"))
        tree.check_parent(parents, node=record.pk or 0, parent=record.parent_id)
    apply(record, values, ("name",))
    return save_record("department", record, values, actor=actor)


@refusing()
@transaction.atomic
def delete_department(*, department: Department, actor: Member) -> None:
    """Remove a department without people and sub-departments. Raises InUse."""
    remove("department", department)
    audit.record(actor=actor, action="department.delete", object=f"department:{department.code}", label=str(department))


@refusing()
@transaction.atomic
def save_employee(*, employee: Employee | None, values: Mapping[str, Any], actor: Member) -> Employee:
    """Create or change an employee: `code, name, department, mobile, member` (user id), `state`.

    Raises DuplicateCode, Invalid `unknown_department` or `unknown_member`, `member_taken` 409, StaleVersion.
    """
    record = locked(employee) if employee else Employee()
    if "department" in values:
        record.department = finding.department_called(values["department"]) if values["department"] else None
    if "member" in values:
        record.member_id = _member(values["member"], record)
    apply(record, values, ("name", "mobile", "state"))
    return save_record("employee", record, values, actor=actor)


def _member(user_id: int | None, record: Employee) -> int | None:
    if user_id is None:
        return None
    if not Staff.objects.filter(pk=user_id, is_active=True).exists():
        sentence = _("没有这位成员，请先在“成员与权限”里邀请。")
        raise Invalid(sentence, "unknown_member", fields={"member": [sentence]})
    if Employee.objects.filter(member_id=user_id).exclude(pk=record.pk).exists():
        sentence = _("这位成员已对应另一名员工。")
        raise DomainError(sentence, "member_taken", fields={"member": [sentence]})
    return user_id


@refusing()
@transaction.atomic
def delete_employee(*, employee: Employee, actor: Member) -> None:
    """Remove an employee nothing points to; others become 离职. Raises InUse."""
    remove("employee", employee)
    audit.record(actor=actor, action="employee.delete", object=f"employee:{employee.pk}", label=employee.code)
