"""The lists of master data: filtered, searched, totally ordered, prefetched for printing."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.masterdata.domain import tree
from apps.masterdata.domain.codes import code_key
from apps.masterdata.models import (
    AttributeTemplate,
    BankAccount,
    BankChange,
    Barcode,
    Category,
    Contact,
    Department,
    Employee,
    Family,
    Item,
    ItemCode,
    ItemUnit,
    Location,
    NumberRule,
    Partner,
    Unit,
    Warehouse,
)
from apps.masterdata.models.base import CodedRecord
from apps.masterdata.selectors import finding
from tenants.context import current_company

Record = TypeVar("Record", bound=CodedRecord)
Filters = Mapping[str, Any]  # plain words of the URL; unknown ones are ignored
ORDERS = {"code": "code_key", "name": "pinyin", "id": "id"}


def items(filters: Filters) -> QuerySet[Item]:
    """Items by `search, state, category` (with all below it), `source, tracking, family`."""
    rows = finding.matching(shown_items(finding.live_items()), str(filters.get("search", "")))
    for name in ("state", "source", "tracking"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    if filters.get("category"):
        rows = rows.filter(category_id__in=category_ids(str(filters["category"])))
    if filters.get("family"):
        rows = rows.filter(family__code_key=code_key(str(filters["family"])))
    return _ordered(rows, filters)


def shown_items(rows: QuerySet[Item]) -> QuerySet[Item]:
    """With everything an item's page and answer print."""
    return rows.select_related("stock_unit", "category", "template", "family").prefetch_related(
        Prefetch("codes", ItemCode.objects.order_by("id")),
        Prefetch("units", ItemUnit.objects.select_related("unit").order_by("id")),
        Prefetch("barcodes", Barcode.objects.select_related("unit").order_by("id")),
        "identifiers",
    )


def item_counts(filters: Filters) -> dict[str, int]:
    """{state: how many} under the same filter without its state; "" = all."""
    rows = items({**filters, "state": ""}).order_by().values("state").annotate(n=Count("id")).order_by("state")
    found = {row["state"]: row["n"] for row in rows}
    return {"": sum(found.values()), **{state: found.get(state, 0) for state in Item.State.values}}


def category_ids(text: str) -> set[int]:
    """The category called `text` (code, path or id) and all below it; empty where nobody knows it."""
    found = finding.by_code(Category.objects.all(), text) or Category.objects.filter(path__iexact=text).first()
    if found is None:
        return set()
    return tree.subtree(dict(Category.objects.values_list("id", "parent_id")), found.pk)


def partners(filters: Filters) -> QuerySet[Partner]:
    """Partners by `search, status, kind, role` (customer, supplier)."""
    rows = finding.matching(shown_partners(Partner.objects.all()), str(filters.get("search", "")))
    for name in ("status", "kind"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    roles = {"customer": Q(is_customer=True), "supplier": Q(is_supplier=True)}
    return _ordered(rows.filter(roles.get(str(filters.get("role", "")), Q())), filters)


def shown_partners(rows: QuerySet[Partner]) -> QuerySet[Partner]:
    """With everything a partner's page and answer print."""
    return rows.select_related("owner").prefetch_related(
        Prefetch("contacts", Contact.objects.order_by("-is_primary", "id")),
        "addresses",
        Prefetch("bank_accounts", BankAccount.objects.order_by("id")),
    )


def partner_counts(filters: Filters) -> dict[str, int]:
    """{role: how many} under the same filter without its role; who is both counts in both."""
    rows = partners({**filters, "role": ""}).order_by()
    return rows.aggregate(
        all=Count("id"),
        customer=Count("id", filter=Q(is_customer=True)),
        supplier=Count("id", filter=Q(is_supplier=True)),
    )


def own_company() -> Partner:
    """The company's own record; an unsaved one with the company's name until it is filled in."""
    own = shown_partners(Partner.everybody.filter(is_own=True)).first()
    return own or Partner(is_own=True, name=current_company().name, version=0)


def bank_changes(partner: Partner) -> QuerySet[BankChange]:
    """What was wished for a partner's bank accounts, newest first."""
    return partner.bank_changes.order_by("-id")


def warehouses(filters: Filters) -> QuerySet[Warehouse]:
    """Warehouses by `search, kind, state`, with `location_count`."""
    rows = finding.matching(Warehouse.objects.annotate(location_count=Count("locations")), _search(filters))
    for name in ("kind", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    return _ordered(rows, filters)


def locations(filters: Filters) -> QuerySet[Location]:
    """Locations by `warehouse, state, search` (code or barcode), in the order of warehouse and code."""
    rows = Location.objects.select_related("warehouse")
    if filters.get("warehouse"):
        found = finding.by_code(Warehouse.objects.all(), str(filters["warehouse"]))
        rows = rows.filter(warehouse=found) if found else rows.none()
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    for word in _search(filters).split()[:6]:
        key = code_key(word)
        rows = rows.filter(Q(code_key__contains=key) | Q(barcode_key__contains=key))
    return rows.order_by("warehouse__code_key", "code_key", "id")


def departments(filters: Filters) -> QuerySet[Department]:
    rows = Department.objects.select_related("parent").annotate(
        employee_count=Count("employees", filter=Q(employees__state=Employee.State.ACTIVE))
    )
    return _ordered(finding.matching(rows, _search(filters)), filters)


def employees(filters: Filters) -> QuerySet[Employee]:
    """Employees by `search, state, department` (with all below it)."""
    rows = finding.matching(Employee.objects.select_related("department"), _search(filters))
    if filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("department"):
        found = finding.by_code(Department.objects.all(), str(filters["department"]))
        parents = dict(Department.objects.values_list("id", "parent_id"))
        rows = rows.filter(department_id__in=tree.subtree(parents, found.pk) if found else ())
    return _ordered(rows, filters)


def employee_counts(filters: Filters) -> dict[str, int]:
    """{state: how many} under the same filter without its state; "" = all."""
    rows = employees({**filters, "state": ""}).order_by().values("state").annotate(n=Count("id")).order_by("state")
    found = {row["state"]: row["n"] for row in rows}
    return {"": sum(found.values()), **{state: found.get(state, 0) for state in Employee.State.values}}


def units(filters: Filters) -> QuerySet[Unit]:
    return _ordered(finding.matching(Unit.objects.all(), _search(filters)), {"ordering": "id", **filters})


def categories(filters: Filters) -> QuerySet[Category]:
    rows = finding.matching(Category.objects.select_related("parent"), _search(filters))
    return rows.order_by("path", "id") if not filters.get("ordering") else _ordered(rows, filters)


def templates(filters: Filters) -> QuerySet[AttributeTemplate]:
    """Templates, newest version first, of one `category` if given."""
    rows = AttributeTemplate.objects.select_related("category")
    if filters.get("category"):
        found = finding.by_code(Category.objects.all(), str(filters["category"]))
        rows = rows.filter(category=found) if found else rows.none()
    return rows.order_by("category__path", "-version", "id")


def families(filters: Filters) -> QuerySet[Family]:
    rows = Family.objects.select_related("stock_unit", "category").annotate(item_count=Count("items"))
    return _ordered(finding.matching(rows, _search(filters)), filters)


def number_rules(filters: Filters) -> QuerySet[NumberRule]:
    return NumberRule.objects.order_by("document")


def _search(filters: Filters) -> str:
    return str(filters.get("search", ""))


def _ordered(rows: QuerySet[Record], filters: Filters) -> QuerySet[Record]:
    wanted = str(filters.get("ordering", "") or "code")
    column = ORDERS.get(wanted.removeprefix("-"), "code_key")
    sign = "-" if wanted.startswith("-") else ""
    return rows.order_by(f"{sign}{column}", f"{sign}id") if column != "id" else rows.order_by(f"{sign}id")
