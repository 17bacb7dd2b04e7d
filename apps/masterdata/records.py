"""Master data as other floors see them: frozen, plain values, no model."""

from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from apps.masterdata.models import Department, Employee, Item, Location, Partner, Warehouse
from tenants.context import current_company


@dataclass(frozen=True, kw_only=True)
class ItemInfo:
    """物料. `units` maps a unit's code to its exact factor as text: stock units in one of it, `"100"` or `"1/3"`.

    `decimals` is the finest quantity of the stock unit; `standard_cost` CNY per stock unit, secret.
    """

    id: int
    code: str
    name: str
    spec: str
    category: str
    category_id: int | None
    source: str
    state: str
    tracking: str
    shelf_life_days: int | None
    stock_unit: str
    stock_unit_name: str
    decimals: int
    is_stocked: bool
    is_purchased: bool
    is_sold: bool
    is_service: bool
    is_phantom: bool
    weight: Decimal | None
    standard_cost: Decimal | None
    drawing_no: str = ""
    revision: str = ""
    family_id: int | None = None
    merged_into_id: int | None = None
    units: dict[str, str] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.state == Item.State.ACTIVE

    @property
    def label(self) -> str:
        """`M6-BOLT 六角螺栓 M6x20`."""
        return " ".join(text for text in (self.code, self.name, self.spec) if text)


@dataclass(frozen=True, kw_only=True)
class PartnerInfo:
    """往来单位 without what is secret but the credit limit (CNY, None = no limit set). `tax_rate` is a share."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    is_customer: bool
    is_supplier: bool
    uscc: str
    status: str
    currency: str
    payment_terms: str
    tax_rate: Decimal | None
    credit_limit: Decimal | None
    owner: str
    gln: str

    @property
    def is_blocked(self) -> bool:
        return self.status == Partner.Status.BLOCKED

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, kw_only=True)
class WarehouseInfo:
    """仓库. `kind`: normal, inspection, reject, line_side, subcontract, transit."""

    id: int
    code: str
    name: str
    kind: str
    state: str

    @property
    def is_active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True, kw_only=True)
class LocationInfo:
    """库位 with the warehouse it is in."""

    id: int
    code: str
    barcode: str
    warehouse_id: int
    warehouse: str
    state: str


@dataclass(frozen=True, kw_only=True)
class DepartmentInfo:
    """部门; `parent` is the code of the one above."""

    id: int
    code: str
    name: str
    parent: str


@dataclass(frozen=True, kw_only=True)
class EmployeeInfo:
    """员工; `department` is a code, `user_id` the member who signs in."""

    id: int
    code: str
    name: str
    department: str
    department_id: int | None
    user_id: int | None
    state: str

    @property
    def is_active(self) -> bool:
        return self.state == Employee.State.ACTIVE


@dataclass(frozen=True, kw_only=True)
class CompanyInfo:
    """The company itself, as documents print it."""

    name: str
    uscc: str
    gln: str
    gs1_prefix: str
    address: str
    phone: str


def item_info(item: Item) -> ItemInfo:
    """Freeze an item; wants `stock_unit`, `category` selected and `units__unit` prefetched."""
    return ItemInfo(
        id=item.pk,
        category=item.category.path if item.category else "",
        stock_unit=item.stock_unit.code,
        stock_unit_name=item.stock_unit.name,
        decimals=item.stock_unit.decimals,
        units={row.unit.code: str(row.factor) for row in item.units.all()},
        **_columns(ItemInfo, item, {"id", "category", "stock_unit", "stock_unit_name", "decimals", "units"}),
    )


def partner_info(partner: Partner) -> PartnerInfo:
    """Freeze a partner; wants `owner` selected."""
    owner = partner.owner.code if partner.owner else ""
    return PartnerInfo(id=partner.pk, owner=owner, **_columns(PartnerInfo, partner, {"id", "owner"}))


def warehouse_info(row: Warehouse) -> WarehouseInfo:
    return WarehouseInfo(id=row.pk, code=row.code, name=row.name, kind=row.kind, state=row.state)


def location_info(row: Location) -> LocationInfo:
    return LocationInfo(
        id=row.pk,
        code=row.code,
        barcode=row.barcode,
        warehouse_id=row.warehouse_id,
        warehouse=row.warehouse.code,
        state=row.state,
    )


def department_info(row: Department) -> DepartmentInfo:
    return DepartmentInfo(id=row.pk, code=row.code, name=row.name, parent=row.parent.code if row.parent else "")


def employee_info(row: Employee) -> EmployeeInfo:
    return EmployeeInfo(
        id=row.pk,
        code=row.code,
        name=row.name,
        department=row.department.code if row.department else "",
        department_id=row.department_id,
        user_id=row.member_id,
        state=row.state,
    )


def company_info() -> CompanyInfo:
    """The own record, or the name the company signed up with until somebody filled it in."""
    own = Partner.everybody.filter(is_own=True).prefetch_related("addresses", "contacts").first()
    if own is None:
        return CompanyInfo(name=current_company().name, uscc="", gln="", gs1_prefix="", address="", phone="")
    addresses, contacts = list(own.addresses.all()), list(own.contacts.all())
    registered = next((row for row in addresses if row.kind == "registered"), addresses[0] if addresses else None)
    phone = (registered.phone if registered else "") or next((row.mobile for row in contacts if row.is_primary), "")
    return CompanyInfo(
        name=own.name,
        uscc=own.uscc,
        gln=own.gln,
        gs1_prefix=own.gs1_prefix,
        address=registered.text if registered else "",
        phone=phone,
    )


def _columns(kind: Any, row: Any, made: set[str]) -> dict[str, Any]:
    return {one.name: getattr(row, one.name) for one in fields(kind) if one.name not in made}
