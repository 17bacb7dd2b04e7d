"""物料: create, change, delete."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain.duplicates import DuplicateRule, item_keys
from apps.masterdata.events import ItemSaved
from apps.masterdata.models import Item
from apps.masterdata.selectors import finding
from apps.masterdata.services import item_parts, pictures
from apps.masterdata.services.records import apply, locked, plain, set_name
from apps.masterdata.services.refusals import InUse, check_secret, check_version, refusing
from apps.masterdata.services.usage import remove
from apps.masterdata.services.values import ItemValues
from kernel import audit
from kernel.errors import Invalid
from kernel.events import publish
from tenants.rights import Member

PLAIN_FIELDS = (
    "name",
    "spec",
    "drawing_no",
    "revision",
    "source",
    "is_stocked",
    "is_purchased",
    "is_sold",
    "is_service",
    "is_phantom",
    "weight",
    "state",
    "shelf_life_days",
    "standard_cost",
    "target_price",
    "internal_note",
)
SECRET_FIELDS = ("standard_cost", "target_price")
HIDDEN = "•"


@refusing()
@transaction.atomic
def create_item(*, values: ItemValues, actor: Member, known: finding.KnownUnits | None = None) -> Item:
    """A new item from `code, name, stock_unit` and what else is given; `known` spares a query in imports.

    Publishes ItemSaved. Raises DuplicateCode, DuplicateBarcode, Invalid `unknown_unit`, `bad_check_digit`,
    `bad_attributes`, Forbidden for secret fields.
    """
    check_secret(actor, any(values.get(name) is not None for name in SECRET_FIELDS))
    units = known or finding.KnownUnits()
    unit = finding.unit_called(values.get("stock_unit", ""), known=units, field="stock_unit")
    item = Item(stock_unit=unit, code=item_parts.free_code(values.get("code", "")))
    _apply(item, values)
    item.tracking = values.get("tracking", item.tracking)
    item.save()
    item_parts.keep_code(item)
    if any(values.get(name) for name in item_parts.PARTS):
        item_parts.write_parts(item, values, units)
    _record(item, "item.create", {name: [None, _shown(name, value)] for name, value in values.items()}, actor)
    publish(ItemSaved(item_id=item.pk))
    return item


@refusing()
@transaction.atomic
def update_item(*, item: Item, values: ItemValues, actor: Member) -> Item:
    """Change what `values` holds; a new code keeps the old one as an alias. Lists are replaced as a whole.

    Publishes ItemSaved. Raises as `create_item`, and StaleVersion, InUse for unit or tracking after the first move.
    """
    row = locked(item)
    check_version(row.version, values.get("version"))
    check_secret(actor, any(name in values and values.get(name) != getattr(row, name) for name in SECRET_FIELDS))
    before = snapshot(row)
    known = finding.KnownUnits()
    _change_frozen(row, values, known)
    if "code" in values:
        item_parts.rename(row, values["code"])
    _apply(row, values)
    row.version += 1
    row.save()
    item_parts.write_parts(row, values, known)
    changes = audit.difference(before, snapshot(row))
    hidden = {name: [HIDDEN, HIDDEN] for name in SECRET_FIELDS if name in values}
    parts = {name: [None, _shown(name, values.get(name))] for name in item_parts.PARTS if name in values}
    _record(row, "item.change", changes | parts | hidden, actor)
    publish(ItemSaved(item_id=row.pk))
    return row


@refusing()
@transaction.atomic
def delete_item(*, item: Item, actor: Member) -> None:
    """Remove an item nothing points to. Raises InUse."""
    row, pk = locked(item), item.pk
    if row.is_moved:
        raise InUse(_("物料 %(code)s 已有出入库记录，不能删除，可以停用。") % {"code": row.code})
    pictures.forget_pictures(row)
    remove("item", row)
    audit.record(actor=actor, action="item.delete", object=f"item:{pk}", label=str(row))


@transaction.atomic
def mark_moved(*, item_ids: list[int]) -> None:
    """Stock of these items has moved for the first time: unit and tracking are frozen from now on."""
    Item.objects.filter(pk__in=item_ids, is_moved=False).update(is_moved=True)


def snapshot(item: Item) -> dict[str, Any]:
    """The plain columns of an item for the audit log, without secrets."""
    names = ("code", *PLAIN_FIELDS, "tracking", "attributes")
    shown = {name: plain(getattr(item, name)) for name in names if name not in SECRET_FIELDS}
    category = item.category.code if item.category else None
    return shown | {"stock_unit": item.stock_unit.code, "category": category}


def _apply(item: Item, values: ItemValues) -> None:
    apply(item, values, PLAIN_FIELDS)
    set_name(item)
    if item.standard_cost is not None and item.standard_cost < 0:
        raise Invalid(_("标准成本不能是负数。"), fields={"standard_cost": [_("不能是负数。")]})
    if "category" in values:
        item.category = finding.category_called(values["category"]) if values["category"] else None
    if "attributes" in values:
        item_parts.set_attributes(item, values["attributes"])
    item.likeness = item_keys(name=item.name, spec=item.spec).get(DuplicateRule.SAME_ITEM, "")[:500]


def _change_frozen(item: Item, values: ItemValues, known: finding.KnownUnits) -> None:
    tracking = values.get("tracking", item.tracking)
    unit = item.stock_unit
    if "stock_unit" in values:
        unit = finding.unit_called(values["stock_unit"], known=known, field="stock_unit")
    if item.is_moved and (tracking != item.tracking or unit.pk != item.stock_unit_id):
        field = "tracking" if tracking != item.tracking else "stock_unit"
        sentence = _("物料 %(code)s 已有出入库记录，库存单位和追踪方式不能再改。") % {"code": item.code}
        raise InUse(sentence, fields={field: [sentence]})
    item.tracking, item.stock_unit = tracking, unit


def _shown(name: str, value: Any) -> Any:
    return HIDDEN if name in SECRET_FIELDS and value is not None else plain(value)


def _record(item: Item, action: str, changes: dict[str, Any], actor: Member) -> None:
    changes.pop("version", None)
    audit.record(actor=actor, action=action, object=f"item:{item.pk}", label=str(item), changes=changes)
