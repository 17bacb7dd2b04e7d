"""What hangs on an item: codes and aliases, units, barcodes, identifiers, attributes."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from apps.masterdata.domain import tree
from apps.masterdata.domain.attributes import AttributeTemplate as TemplateRows
from apps.masterdata.domain.attributes import BadAttributes, check_values, parse_rows
from apps.masterdata.domain.codes import clean_code, code_key
from apps.masterdata.domain.errors import RuleError, gettext_noop
from apps.masterdata.domain.gtin import clean_barcode
from apps.masterdata.domain.units import Factor
from apps.masterdata.models import (
    AttributeTemplate,
    Barcode,
    Category,
    Item,
    ItemCode,
    ItemIdentifier,
    ItemUnit,
    Location,
    Unit,
)
from apps.masterdata.selectors import finding
from apps.masterdata.services.refusals import DuplicateBarcode, DuplicateCode, refusal
from apps.masterdata.services.values import ItemValues
from kernel.errors import Invalid
from tenants.db.prepared import Prepared

PARTS = ("units", "barcodes", "identifiers")
MOST_FREE_ATTRIBUTES = 100
LONGEST_FREE_ATTRIBUTE = 500


def free_code(text: str) -> str:
    """The code as a new item may have it. Raises DuplicateCode when another goes, or once went, by it."""
    code = clean_code(text)
    _refuse_taken(code, Item())
    return code


def keep_code(item: Item) -> None:
    """Note the code of an item just made among all codes."""
    ItemCode.objects.create(item=item, code=item.code, key=code_key(item.code))


def rename(item: Item, text: str) -> None:
    """Give `item` a new code; the old one stays its alias. Only capitals changed: no alias."""
    code = clean_code(text)
    if code == item.code:
        return
    _refuse_taken(code, item)
    if code_key(code) == code_key(item.code):
        item.codes.filter(is_alias=False).update(code=code)
    else:
        item.codes.filter(is_alias=False).update(is_alias=True)
        item.codes.filter(key=code_key(code)).delete()
        ItemCode.objects.create(item=item, code=code, key=code_key(code))
    item.code = code


_TAKEN = Prepared("SELECT EXISTS (SELECT 1 FROM masterdata_itemcode WHERE key = %s AND item_id IS DISTINCT FROM %s)")


def _refuse_taken(code: str, item: Item) -> None:
    with connection.cursor() as cursor:  # an import asks it ten thousand times, and seldom hears yes
        cursor.execute(_TAKEN, [code_key(code), item.pk])
        if not cursor.fetchone()[0]:
            return
    holder = ItemCode.objects.select_related("item").filter(key=code_key(code)).exclude(item_id=item.pk).first()
    if holder is None:
        return
    sentence = _("物料编码“%(code)s”已被使用。") % {"code": code}
    if holder.is_alias:
        sentence = _("“%(code)s”是物料 %(item)s 的旧编码，不能再用。") % {"code": code, "item": holder.item.code}
    raise DuplicateCode(sentence, fields={"code": [sentence]})


def write_parts(item: Item, values: ItemValues, known: finding.KnownUnits) -> None:
    """Write the lists that `values` holds, then what the item is found by."""
    if "units" in values or "stock_unit" in values:
        _write_units(item, values.get("units"), known)
    if "barcodes" in values:
        _write_barcodes(item, values["barcodes"], known)
    if "identifiers" in values:
        _write_identifiers(item, values["identifiers"])
    refresh_search(item)


def refresh_search(item: Item) -> None:
    """Aliases, barcodes and identifiers find the item, too."""
    words = [*item.codes.values_list("code", flat=True), *item.barcodes.values_list("value", flat=True)]
    item.fill_keys(*words, *item.identifiers.values_list("value", flat=True))
    Item.objects.filter(pk=item.pk).update(search_text=item.search_text)


def _write_units(item: Item, given: list[dict[str, Any]] | None, known: finding.KnownUnits) -> None:
    if given is None:
        item.units.filter(unit=item.stock_unit).delete()
        return
    rows: dict[int, ItemUnit] = {}
    for place, entry in enumerate(given):
        unit = finding.unit_called(entry.get("unit", ""), known=known, field=f"units.{place}.unit")
        factor = _factor(str(entry.get("factor", "")), place)
        if unit.pk == item.stock_unit_id and factor == Factor(1):
            continue
        if unit.pk == item.stock_unit_id or unit.pk in rows:
            sentence = _("单位“%(unit)s”重复，每个单位只能有一个换算系数。") % {"unit": unit.name}
            raise Invalid(sentence, "bad_factor", fields={f"units.{place}.unit": [sentence]})
        rows[unit.pk] = ItemUnit(item=item, unit=unit, numerator=factor.numerator, denominator=factor.denominator)
    _refuse_orphans(item, {item.stock_unit_id, *rows})
    item.units.all().delete()
    ItemUnit.objects.bulk_create(rows.values())


def _factor(text: str, place: int) -> Factor:
    try:
        return Factor.parse(text)
    except RuleError as error:
        raise refusal(error, field=f"units.{place}.factor") from error


def _refuse_orphans(item: Item, unit_ids: set[int]) -> None:
    left = item.barcodes.exclude(unit_id__in=unit_ids).select_related("unit").first() if item.pk else None
    if left is not None:
        sentence = _("单位“%(unit)s”还有条码 %(value)s，请先删除该条码。") % {
            "unit": left.unit.name,
            "value": left.value,
        }
        raise DuplicateBarcode(sentence, "in_use", fields={"units": [sentence]})


def _write_barcodes(item: Item, given: list[dict[str, Any]], known: finding.KnownUnits) -> None:
    rows: dict[str, Barcode] = {}
    for place, entry in enumerate(given):
        row = _barcode(item, entry, known, place)
        if row.key in rows:
            raise _taken(row.value, place)
        rows[row.key] = row
    _refuse_taken_barcodes(item, rows)
    item.barcodes.all().delete()
    Barcode.objects.bulk_create(rows.values())


def _barcode(item: Item, entry: dict[str, Any], known: finding.KnownUnits, place: int) -> Barcode:
    try:
        barcode = clean_barcode(str(entry.get("value", "")))
    except RuleError as error:
        raise refusal(error, field=f"barcodes.{place}.value") from error
    unit = item.stock_unit
    if entry.get("unit"):
        unit = finding.unit_called(entry["unit"], known=known, field=f"barcodes.{place}.unit")
    return Barcode(
        item=item, unit=_of_item(item, unit, place), kind=barcode.kind, value=barcode.value, key=code_key(barcode.value)
    )


def _of_item(item: Item, unit: Unit, place: int) -> Unit:
    if unit.pk != item.stock_unit_id and not item.units.filter(unit=unit).exists():
        sentence = _("物料 %(item)s 没有单位“%(unit)s”，请先填换算系数。") % {"item": item.code, "unit": unit.name}
        raise Invalid(sentence, "unknown_unit", fields={f"barcodes.{place}.unit": [sentence]})
    return unit


def _refuse_taken_barcodes(item: Item, rows: dict[str, Barcode]) -> None:
    keys = list(rows)
    taken = set(Barcode.objects.filter(key__in=keys).exclude(item=item).values_list("key", flat=True))
    taken |= set(Location.objects.filter(barcode_key__in=keys).values_list("barcode_key", flat=True))
    for place, key in enumerate(keys):
        if key in taken:
            raise _taken(rows[key].value, place)


def _taken(value: str, place: int) -> DuplicateBarcode:
    sentence = _("条码“%(value)s”已被使用。") % {"value": value}
    return DuplicateBarcode(sentence, fields={f"barcodes.{place}.value": [sentence]})


def _write_identifiers(item: Item, given: list[dict[str, Any]]) -> None:
    rows: dict[str, ItemIdentifier] = {}
    for place, entry in enumerate(given):
        issuer, kind, value = (str(entry.get(name, "")).strip() for name in ("issuer", "type", "value"))
        if not value:
            sentence = _("请填写标识的值。")
            raise Invalid(sentence, fields={f"identifiers.{place}.value": [sentence]})
        key = "\n".join(code_key(text) for text in (issuer, kind, value))
        rows[key] = ItemIdentifier(item=item, issuer=issuer, type=kind, value=value, key=key)
    taken = ItemIdentifier.objects.filter(key__in=rows).exclude(item=item).first()
    if taken is not None:
        sentence = _("标识“%(value)s”已属于另一个物料。") % {"value": taken.value}
        raise DuplicateCode(sentence, fields={"identifiers": [sentence]})
    item.identifiers.all().delete()
    ItemIdentifier.objects.bulk_create(rows.values())


def set_attributes(item: Item, values: dict[str, Any]) -> None:
    """Store attribute values against the newest template of the item's category, or of the nearest one above it.

    Without any template they are kept as plain texts. Raises BadAttributes (domain).
    """
    template = template_for(item.category)
    item.template = template
    item.attributes = check_values(rows_of(template), values) if template else _free_values(values)


def template_for(category: Category | None) -> AttributeTemplate | None:
    """The newest template of `category` or of its nearest ancestor that has one."""
    if category is None:
        return None
    parents = dict(Category.objects.values_list("id", "parent_id"))
    line = [category.pk, *tree.ancestors(parents, category.pk)]
    found: dict[int, AttributeTemplate] = {}
    for template in AttributeTemplate.objects.filter(category_id__in=line).order_by("version"):
        found[template.category_id] = template
    return next((found[pk] for pk in line if pk in found), None)


def rows_of(template: AttributeTemplate) -> TemplateRows:
    """The template in the form the domain computes with."""
    return TemplateRows(str(template.category_id), template.version, parse_rows(template.rows))


def _free_values(values: dict[str, Any]) -> dict[str, Any]:
    kept = {str(key).strip(): str(value).strip() for key, value in values.items() if value not in (None, "")}
    nested = any(isinstance(value, dict | list) for value in values.values())
    too_long = any(len(text) > LONGEST_FREE_ATTRIBUTE for pair in kept.items() for text in pair)
    if nested or too_long or len(kept) > MOST_FREE_ATTRIBUTES:
        raise BadAttributes(gettext_noop("属性值应为文字，最多 500 个字。"))
    return kept
