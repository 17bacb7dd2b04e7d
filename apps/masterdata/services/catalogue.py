"""Units, categories, attribute templates: what items are described with."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain import tree
from apps.masterdata.domain.attributes import AttributeRow, parse_rows
from apps.masterdata.domain.codes import clean_code, code_key, text_key
from apps.masterdata.domain.units import PROVISIONED_UNITS, QUANTITY_DECIMALS
from apps.masterdata.models import AttributeTemplate, Category, Unit
from apps.masterdata.selectors import finding
from apps.masterdata.services.records import apply, locked, save_record
from apps.masterdata.services.refusals import DuplicateCode, refusing
from apps.masterdata.services.usage import remove
from kernel import audit
from kernel.errors import Invalid
from tenants.rights import Member


def seed_units() -> None:
    """The units every new company starts with; safe to run again."""
    for spec in PROVISIONED_UNITS:
        unit = Unit(
            code=spec.code, name=spec.name, decimals=spec.decimals, rec20=spec.rec20, aliases=list(spec.aliases)
        )
        if not Unit.objects.filter(code_key=code_key(spec.code)).exists():
            unit.save()


@refusing()
@transaction.atomic
def save_unit(*, unit: Unit | None, values: Mapping[str, Any], actor: Member) -> Unit:
    """Create or change a unit: `code, name, decimals, rec20`. A name may not lead to two units.

    Raises DuplicateCode. Fewer decimals than before change nothing that is stored.
    """
    record = locked(unit) if unit else Unit()
    if not 0 <= values.get("decimals", record.decimals) <= QUANTITY_DECIMALS:
        raise Invalid(_("小数位只能是 0 到 4。"), fields={"decimals": [_("小数位只能是 0 到 4。")]})
    apply(record, values, ("name", "decimals", "rec20"))
    _check_name_is_free(record)
    return save_record("unit", record, values, actor=actor)


def _check_name_is_free(unit: Unit) -> None:
    others = Unit.objects.exclude(pk=unit.pk)
    if any(text_key(unit.name) in {text_key(other.name), text_key(other.code)} for other in others):
        raise DuplicateCode(_("计量单位“%(name)s”已经有了。") % {"name": unit.name}, fields={"name": [_("重复。")]})


@refusing()
@transaction.atomic
def delete_unit(*, unit: Unit, actor: Member) -> None:
    """Remove a unit that nothing uses. Raises InUse."""
    remove("unit", unit)
    audit.record(actor=actor, action="unit.delete", object=f"unit:{unit.code}", label=str(unit))


@refusing()
@transaction.atomic
def save_category(*, category: Category | None, values: Mapping[str, Any], actor: Member) -> Category:
    """Create or change a category: `code, name, parent` (code or None). Raises DuplicateCode, `cycle` 409."""
    record = locked(category) if category else Category()
    if "code" in values:
        tree.check_path_code(clean_code(values["code"]))
    if "parent" in values:
        record.parent = finding.category_called(values["parent"]) if values["parent"] else None
        parents = dict(Category.objects.select_for_update().values_list("id", "parent_id"))
        tree.check_parent(parents, node=record.pk or 0, parent=record.parent_id)
    apply(record, values, ("name",))
    save_record("category", record, values, actor=actor)
    _write_paths()
    record.refresh_from_db()
    return record


def _write_paths() -> None:
    rows = {row.pk: row for row in Category.objects.order_by("id")}
    parents = {pk: row.parent_id for pk, row in rows.items()}
    codes = {pk: row.code for pk, row in rows.items()}
    changed = []
    for pk, row in rows.items():
        path = tree.path(parents, codes, pk)
        if row.path != path:
            row.path = path
            changed.append(row)
    Category.objects.bulk_update(changed, ["path"])


@refusing()
@transaction.atomic
def delete_category(*, category: Category, actor: Member) -> None:
    """Remove a category without items, children and templates. Raises InUse."""
    remove("category", category)
    audit.record(actor=actor, action="category.delete", object=f"category:{category.code}", label=str(category))


@refusing()
@transaction.atomic
def save_template(*, category: Category, rows: Iterable[Mapping[str, Any]], actor: Member) -> AttributeTemplate:
    """The next version of the category's template; the present one when nothing changed.

    Raises Invalid `bad_template` naming the cells at fault.
    """
    parsed = [_stored(row) for row in parse_rows(rows)]
    Category.objects.select_for_update().get(pk=category.pk)
    last = category.templates.order_by("-version").first()
    if last is not None and last.rows == parsed:
        return last
    version = last.version + 1 if last else 1
    template = AttributeTemplate.objects.create(category=category, version=version, rows=parsed)
    label = f"{category} v{version}"
    audit.record(actor=actor, action="attribute_template.save", object=f"category:{category.code}", label=label)
    return template


def _stored(row: AttributeRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.label,
        "type": str(row.type),
        "unit": row.unit,
        "required": row.required,
        "class": str(row.field_class),
        "options": list(row.options),
    }
