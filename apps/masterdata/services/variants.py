"""变体: a family and the items made from it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.masterdata.domain import variants as rules
from apps.masterdata.models import Family, Item
from apps.masterdata.selectors import finding
from apps.masterdata.services.items import create_item
from apps.masterdata.services.records import apply, locked, save_record
from apps.masterdata.services.refusals import refusing
from apps.masterdata.services.usage import remove
from apps.masterdata.services.values import ItemValues
from kernel import audit
from tenants.rights import Member

DEFAULT_UNIT = "pcs"


@refusing()
@transaction.atomic
def save_family(*, family: Family | None, values: Mapping[str, Any], actor: Member) -> Family:
    """Create or change a family: `code, name, axes, pattern, stock_unit, category`. Existing variants stay as they are.

    Raises Invalid `bad_family`, `unknown_unit`, DuplicateCode, StaleVersion.
    """
    record = locked(family) if family else Family(stock_unit=finding.unit_called(DEFAULT_UNIT))
    apply(record, values, ("name", "axes", "pattern"))
    record.name = record.name or str(values.get("code", ""))
    if values.get("stock_unit"):
        record.stock_unit = finding.unit_called(values["stock_unit"], field="stock_unit")
    if "category" in values:
        record.category = finding.category_called(values["category"]) if values["category"] else None
    axes = rules.parse_axes(record.axes)
    record.pattern = rules.check_pattern(record.pattern, axes)
    rules.all_variants(family=str(values.get("code", record.code)), axes=axes, pattern=record.pattern)
    return save_record("family", record, values, actor=actor)


@refusing()
@transaction.atomic
def generate(*, family: Family, actor: Member) -> list[Item]:
    """Make the variants that are missing: 3 colours x 4 sizes are 12 items; a second run makes none.

    Publishes ItemSaved for each. Raises DuplicateCode when a foreign item has one of the codes.
    """
    row = locked(family)
    existing = [rules.combination_key(values) for values in row.items.values_list("axis_values", flat=True)]
    wanted = rules.all_variants(family=row.code, axes=rules.parse_axes(row.axes), pattern=row.pattern)
    known = finding.KnownUnits()
    return [_make(row, variant, known, actor) for variant in rules.missing_variants(wanted, existing=existing)]


def _make(family: Family, variant: rules.Variant, known: finding.KnownUnits, actor: Member) -> Item:
    values: ItemValues = {
        "code": variant.code,
        "name": f"{family.name} {variant.label}"[:200],
        "spec": variant.label[:200],
        "stock_unit": family.stock_unit.code,
        "category": family.category.code if family.category else None,
    }
    item = create_item(values=values, actor=actor, known=known)
    item.family, item.axis_values = family, dict(variant.axis_values)
    Item.objects.filter(pk=item.pk).update(family=family, axis_values=item.axis_values)
    return item


@refusing()
@transaction.atomic
def delete_family(*, family: Family, actor: Member) -> None:
    """Remove a family without variants. Raises InUse."""
    remove("family", family)
    audit.record(actor=actor, action="family.delete", object=f"family:{family.code}", label=str(family))
