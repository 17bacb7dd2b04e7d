"""Two items that are one: the dropped one's codes lead to the kept one."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.events import ItemMerged
from apps.masterdata.models import Item, ItemUnit
from apps.masterdata.services import item_parts, pictures
from apps.masterdata.services.refusals import InUse, refusing
from apps.masterdata.services.usage import check_unused, try_delete
from kernel import audit
from kernel.errors import DomainError, Invalid
from kernel.events import publish
from tenants.rights import Member


@refusing()
@transaction.atomic
def merge_items(*, keep: Item, drop: Item, actor: Member) -> Item:
    """Merge `drop` into `keep`: codes, barcodes and identifiers move, the dropped code becomes an alias.

    Old documents keep pointing at the dropped row, which is found no more; without any it is deleted. Publishes
    ItemMerged. Raises InUse while `drop` has stock or an open document, `different_stock_unit` 409.
    """
    if keep.pk == drop.pk:
        raise Invalid(_("不能把物料与它自己合并。"), fields={"drop": [_("请选择另一个物料。")]})
    rows = {row.pk: row for row in Item.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk")}
    kept, dropped = rows[keep.pk], rows[drop.pk]
    check_unused("item", dropped.pk)
    if dropped.is_moved:
        _refuse_moved(kept, dropped)
    if kept.stock_unit_id != dropped.stock_unit_id:
        raise DomainError(_("两个物料的库存单位不同，不能合并。"), "different_stock_unit")
    _move_parts(kept, dropped)
    pictures.move_pictures(kept=kept, dropped=dropped)
    kept.version += 1
    kept.save()
    item_parts.refresh_search(kept)
    label = f"{dropped} → {kept}"
    audit.record(actor=actor, action="item.merge", object=f"item:{kept.pk}", label=label)
    publish(ItemMerged(kept_id=kept.pk, dropped_id=drop.pk))
    if not try_delete(dropped):
        Item.objects.filter(pk=drop.pk).update(merged_into=kept, state=Item.State.STOPPED)
    return kept


def _refuse_moved(kept: Item, dropped: Item) -> None:
    # History in one tracking cannot be read in another.
    if kept.tracking != dropped.tracking:
        raise InUse(_("物料 %(code)s 已有出入库记录，追踪方式不同，不能合并。") % {"code": dropped.code})


def _move_parts(kept: Item, dropped: Item) -> None:
    dropped.codes.update(item=kept, is_alias=True)
    known = {kept.stock_unit_id, *kept.units.values_list("unit_id", flat=True)}
    fresh = [unit for unit in dropped.units.all() if unit.unit_id not in known]
    ItemUnit.objects.bulk_create(
        ItemUnit(item=kept, unit_id=unit.unit_id, numerator=unit.numerator, denominator=unit.denominator)
        for unit in fresh
    )
    dropped.barcodes.update(item=kept)
    dropped.identifiers.update(item=kept)
