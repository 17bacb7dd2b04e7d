"""Files into lists: each row through the service that the pages call, so that no rule is left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.masterdata import columns, soft
from apps.masterdata.columns import Field
from apps.masterdata.domain.codes import code_key
from apps.masterdata.models import Category, Department, Employee, Item, Location, Partner, Unit, Warehouse
from apps.masterdata.selectors import finding, lists
from apps.masterdata.services import catalogue, items, partners, places
from apps.masterdata.services.refusals import DuplicateCode
from kernel.errors import DomainError, Invalid
from kernel.exports import plain as printed
from kernel.imports import Applied, ImportContext, ImportKind, ImportRow, apply_each, register
from kernel.imports.rows import CREATED, SKIPPED, UPDATED
from tenants.rights import Member

Values = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Target:
    """One importable list: how a row's record is found, made, changed and removed again."""

    key: str
    title: Any  # lazily translated
    fields: Sequence[Field]
    find: Callable[[ImportRow], Any]
    saver: Callable[[], Callable[..., Any]]  # a fresh save(record or None, values, actor) for each file
    remove: Callable[..., Any]  # remove(record, actor)
    rows: Callable[[], QuerySet[Any]]
    right: str = "masterdata.edit"
    warn: Callable[[Sequence[ImportRow], Applied], None] = lambda rows, applied: None
    list_url: str = ""
    # Keys of those rows whose records are there: the others need not be looked for one by one.
    known: Callable[[Sequence[ImportRow]], set[str]] | None = None

    def kind(self) -> ImportKind:
        """What the kernel's import framework is told."""
        return ImportKind(
            key=self.key,
            title=self.title,
            columns=columns.import_columns(self.fields),
            apply=partial(apply, self),
            undo=partial(undo, self),
            right=self.right,
            view_right="masterdata.view",
            can_update=True,
            list_url=self.list_url,
        )


def apply(target: Target, rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Save each row; the first row with a code wins, every later one is bad. Adds warnings of likely duplicates."""
    seen: set[str] = set()
    known = target.known(rows) if target.known else None
    applied = apply_each(rows, context, partial(_save, target, target.saver(), seen, known, context))
    target.warn(rows, applied)
    return applied


def undo(target: Target, ids: Any, context: ImportContext) -> None:
    """Remove what the import made, last first. Raises DomainError with the reason when something is in use."""
    found = {row.pk: row for row in target.rows().filter(pk__in=list(ids))}
    for pk in reversed(list(ids)):
        if pk in found:
            target.remove(found[pk], context.member)


def _save(
    target: Target,
    save: Callable[..., Any],
    seen: set[str],
    known: set[str] | None,
    context: ImportContext,
    row: ImportRow,
) -> tuple[str, Any]:
    key = code_key("/".join(row.get(name) for name in ("warehouse", "code") if name in row.values))
    if key in seen:
        raise DuplicateCode(_("编码在文件里重复，只取第一行。"), fields={"code": [_("编码在文件里重复，只取第一行。")]})
    seen.add(key)
    record = target.find(row) if known is None or key in known else None
    if record is None:
        return CREATED, save(None, parsed(target.fields, row, creating=True), context.member).pk
    if not context.updates_existing:
        raise DuplicateCode(_("编码已存在。"), fields={"code": [_("编码已存在。")]})
    changed = {field.key for field in target.fields if field.key in row.values and _differs(field, row, record)}
    if not changed:
        return SKIPPED, record.pk
    values = parsed([field for field in target.fields if field.key in changed], row, creating=False)
    values.pop("code", None)
    save(record, values, context.member)
    return UPDATED, record.pk


def parsed(fields: Sequence[Field], row: ImportRow, *, creating: bool) -> Values:
    """The row's cells as the service's values; a cell that cannot be read is named. Raises Invalid."""
    values: Values = {}
    problems: dict[str, list[str]] = {}
    for field in fields:
        if field.key not in row.values or (not row.get(field.key) and (creating or not field.blank)):
            continue
        try:
            values[field.key] = field.parse(row.get(field.key))
        except DomainError as error:
            problems[field.key] = [error.message]
    if problems:
        raise Invalid(next(iter(problems.values()))[0], fields=problems)
    return values


def _differs(field: Field, row: ImportRow, record: Any) -> bool:
    current = field.read(record)
    shown, given = "" if current is None else printed(current), row.get(field.key)
    if not given and not field.blank:
        return False
    if shown == given:
        return False
    if field.kind != "text" and shown and given:
        try:
            return Decimal(shown) != Decimal(given.replace(",", ""))
        except InvalidOperation:
            return True
    try:
        return bool(field.parse(shown) != field.parse(given))
    except DomainError:
        return True


def _find_item(row: ImportRow) -> Item | None:
    key = code_key(row.get("code"))
    return lists.shown_items(finding.live_items()).filter(codes__key=key, codes__is_alias=False).first()


def _known_items(rows: Sequence[ImportRow]) -> set[str]:
    """Keys of the file's codes that items have when the import begins; a code that comes meanwhile is refused."""
    keys = {code_key(row.get("code")) for row in rows}
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM masterdata_itemcode WHERE key = ANY(%s) AND NOT is_alias", [list(keys)])
        return {key for (key,) in cursor.fetchall()}


class _ItemSaver:
    """Keeps the units for all rows of one file."""

    def __init__(self) -> None:
        self._known: finding.KnownUnits | None = None

    def __call__(self, record: Item | None, values: Any, actor: Member) -> Item:
        if record is not None:
            return items.update_item(item=record, values=values, actor=actor)
        if self._known is None:
            self._known = finding.KnownUnits()
        return items.create_item(values=values, actor=actor, known=self._known)


def _find(rows: Callable[[], QuerySet[Any]]) -> Callable[[ImportRow], Model | None]:
    return lambda row: rows().filter(code_key=code_key(row.get("code"))).first()


def _find_location(row: ImportRow) -> Location | None:
    return (
        Location.objects.select_related("warehouse")
        .filter(warehouse__code_key=code_key(row.get("warehouse")), code_key=code_key(row.get("code")))
        .first()
    )


def _saver(service: Callable[..., Any], name: str) -> Callable[..., Any]:
    return lambda: lambda record, values, actor: service(**{name: record}, values=values, actor=actor)


def _remover(service: Callable[..., Any], name: str) -> Callable[..., Any]:
    return lambda record, actor: service(**{name: record}, actor=actor)


def _save_partner(record: Partner | None, values: Any, actor: Member) -> Partner:
    if record is None:
        return partners.create_partner(values=values, actor=actor)
    return partners.update_partner(partner=record, values=values, actor=actor)


def _save_location(record: Location | None, values: Mapping[str, Any], actor: Member) -> Location:
    return places.save_location(location=record, values=values, actor=actor)


def _partners() -> QuerySet[Partner]:
    return lists.shown_partners(Partner.objects.all())


ITEMS = Target(
    key="masterdata.items", title=gettext_lazy("物料"), fields=columns.ITEMS, find=_find_item, saver=_ItemSaver,
    known=_known_items, remove=_remover(items.delete_item, "item"), rows=lambda: Item.objects.all(),
    warn=soft.warn_items, list_url="/masterdata/items/",
)  # fmt: skip
OTHERS: tuple[Target, ...] = (
    Target(
        key="masterdata.partners", title=gettext_lazy("客户与供应商"), fields=columns.PARTNERS, find=_find(_partners),
        saver=lambda: _save_partner, remove=_remover(partners.delete_partner, "partner"), rows=_partners,
        warn=soft.warn_partners, list_url="/masterdata/partners/",
    ),
    Target(
        key="masterdata.warehouses", title=gettext_lazy("仓库"), fields=columns.WAREHOUSES,
        find=_find(Warehouse.objects.all),
        saver=_saver(places.save_warehouse, "warehouse"), remove=_remover(places.delete_warehouse, "warehouse"),
        rows=Warehouse.objects.all, list_url="/masterdata/warehouses/",
    ),
    Target(
        key="masterdata.locations", title=gettext_lazy("库位"), fields=columns.LOCATIONS, find=_find_location,
        saver=lambda: _save_location, remove=_remover(places.delete_location, "location"), rows=Location.objects.all,
        list_url="/masterdata/warehouses/",
    ),
    Target(
        key="masterdata.departments", title=gettext_lazy("部门"), fields=columns.DEPARTMENTS,
        find=_find(lambda: Department.objects.select_related("parent")),
        saver=_saver(places.save_department, "department"), remove=_remover(places.delete_department, "department"),
        rows=Department.objects.all, list_url="/masterdata/staff/",
    ),
    Target(
        key="masterdata.employees", title=gettext_lazy("员工"), fields=columns.EMPLOYEES,
        find=_find(lambda: Employee.objects.select_related("department")),
        saver=_saver(places.save_employee, "employee"), remove=_remover(places.delete_employee, "employee"),
        rows=Employee.objects.all, list_url="/masterdata/staff/",
    ),
    Target(
        key="masterdata.categories", title=gettext_lazy("物料分类"), fields=columns.CATEGORIES,
        find=_find(lambda: Category.objects.select_related("parent")),
        saver=_saver(catalogue.save_category, "category"), remove=_remover(catalogue.delete_category, "category"),
        rows=Category.objects.all, list_url="/masterdata/settings/",
    ),
    Target(
        key="masterdata.units", title=gettext_lazy("计量单位"), fields=columns.UNITS, find=_find(Unit.objects.all),
        saver=_saver(catalogue.save_unit, "unit"), remove=_remover(catalogue.delete_unit, "unit"),
        rows=Unit.objects.all, right="masterdata.settings", list_url="/masterdata/settings/",
    ),
)  # fmt: skip


def register_all() -> None:
    """Tell the import framework; called from `registration.py`."""
    for target in (ITEMS, *OTHERS):
        register(target.kind())
