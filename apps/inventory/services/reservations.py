"""预留: kept for somebody until it is used, released or has run out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.inventory.models import Level, Lot, Reservation
from apps.inventory.records import PromiseRow, Source
from apps.inventory.services.refusals import LotNotUsable, NotEnoughAvailable, SerialReserved, plain, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.holding import lock_shelves
from apps.inventory.services.stock.shelves import NOT_FOR_USE, ZERO, Shelves
from apps.inventory.services.stock.writing import Batch
from apps.masterdata.public import StockItem, WarehouseInfo
from kernel import audit
from kernel.errors import NotFound
from tenants.rights import Member


@transaction.atomic
def reserve(
    *,
    item: str,
    warehouse: str,
    quantity: Decimal,
    source: Source,
    actor: Member | None,
    at: datetime,
    lot: str = "",
    serial: str = "",
    until: datetime | None = None,
) -> Reservation:
    """Keep `quantity` (stock units) for `source`. Raises NotEnoughAvailable, SerialReserved, LotNotUsable, Invalid."""
    thing = naming.find_items([item])[0]
    place = naming.find_warehouses(warehouse=warehouse)["warehouse"]
    _check_shape(thing, quantity, lot, serial, until, at)
    shelves = lock_shelves({(thing.id, place.id)}, at=at)
    found = Lot.objects.filter(item_id=thing.id, code=lot or serial).first() if lot or serial else None
    _check_free(shelves, thing, place, quantity, found, lot or serial, at)
    row = Reservation(
        item_id=thing.id, warehouse_id=place.id, lot=found, is_serial=bool(serial), quantity=quantity,
        for_kind=source.kind, for_number=source.number, for_line=source.line, until=until,
        created_by_id=actor.user_id if actor else None, created_by_name=actor.name if actor else "", created_at=at,
    )  # fmt: skip
    _write(shelves, (thing.id, place.id), quantity)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise SerialReserved(_("序列号 %(serial)s 已被预留。") % {"serial": serial}) from error
    audit.record(actor=actor, action="reservation.create", object=f"reservation:{row.pk}", label=thing.code)
    return row


@transaction.atomic
def reserve_all(rows: Sequence[PromiseRow], *, source: Source, actor: Member | None, at: datetime) -> None:
    """Keep the quantity of each row in its warehouse for its line of `source`. Raises as `reserve`."""
    for row in rows:
        line = Source(kind=source.kind, number=source.number, line=row.line)
        reserve(item=row.item, warehouse=row.warehouse, quantity=row.quantity, source=line, actor=actor, at=at)


def _check_shape(
    item: StockItem, quantity: Decimal, lot: str, serial: str, until: datetime | None, at: datetime
) -> None:
    if not quantity.is_finite() or not 0 < quantity <= naming.MOST_QUANTITY:
        raise wrong(_("数量必须大于零。"), "bad_quantity", "quantity")
    if -int(quantity.normalize().as_tuple().exponent) > item.decimals:
        raise wrong(_("数量的小数位太多。"), "too_many_decimals", "quantity")
    if lot and item.tracking != "lot":
        raise wrong(_("%(item)s 不按批次管理，不能填批号。") % {"item": item.code}, "lot_not_allowed", "lot")
    if serial and (item.tracking != "serial" or quantity != 1):
        raise wrong(_("按序列号预留时数量是 1。"), "serials_mismatch", "serial")
    if until is not None and until <= at:
        raise wrong(_("预留的截止时间已经过去。"), "bad_date", "until")


def _check_free(
    shelves: Shelves, item: StockItem, place: WarehouseInfo, quantity: Decimal, lot: Lot | None, code: str, at: datetime
) -> None:
    pair, today = (item.id, place.id), timezone.localtime(at).date()
    usable = ZERO if place.kind in NOT_FOR_USE else shelves.usable_of(pair, today)
    free = usable - shelves.levels[pair].reserved
    if code:
        rows = [row for row in shelves.by_pair[pair] if lot is not None and row.lot and row.lot.pk == lot.pk]
        if any(row.quantity > 0 and not row.usable(today) for row in rows):
            raise LotNotUsable(_("批次或序列号 %(lot)s 已冻结、待处理或过期，不能使用。") % {"lot": code})
        kept = [row for row in shelves.kept if lot is not None and row.lot_id == lot.pk]
        if kept and lot is not None and lot.kind == Lot.Kind.SERIAL:
            raise SerialReserved(_("序列号 %(serial)s 已被预留。") % {"serial": code})
        there = sum((row.quantity for row in rows), ZERO) - sum((row.quantity - row.used for row in kept), ZERO)
        free = min(free, there)
    if quantity > free:
        raise NotEnoughAvailable(
            _("%(warehouse)s的 %(item)s 只有 %(free)s %(unit)s 可以预留。")
            % {
                "warehouse": place.name,
                "item": item.code,
                "free": plain(max(free, ZERO)),
                "unit": item.unit,
            }  # fmt: skip
        )


def _write(shelves: Shelves, pair: tuple[int, int], more: Decimal) -> None:
    """The level keeps `more`; what has run out on the way is marked."""
    batch = Batch()
    level = shelves.levels[pair]
    batch.change(Level, level.pk, reserved=level.reserved + more)
    for row in shelves.expired:
        batch.change(Reservation, row.pk, state=Reservation.State.EXPIRED)
    batch.write()


@transaction.atomic
def release(*, reservation_id: int, actor: Member | None, at: datetime) -> Reservation:
    """Set the open part free; one that is over stays as it is. Raises NotFound."""
    row = Reservation.objects.filter(pk=reservation_id).first()
    if row is None:
        raise NotFound(_("找不到您要的内容。"))
    pair = (row.item_id, row.warehouse_id)
    shelves = lock_shelves({pair}, at=at)
    row = Reservation.objects.select_for_update(of=("self",)).select_related("item", "warehouse", "lot").get(pk=row.pk)
    has_expired = any(one.pk == row.pk for one in shelves.expired)
    if row.state != Reservation.State.ACTIVE or has_expired:
        _write(shelves, pair, ZERO)
        row.state = Reservation.State.EXPIRED if has_expired else row.state
        return row
    _write(shelves, pair, row.used - row.quantity)
    row.state = Reservation.State.RELEASED
    row.save(update_fields=["state"])
    audit.record(actor=actor, action="reservation.release", object=f"reservation:{row.pk}", label=row.item.code)
    return row


@transaction.atomic
def keep_only(*, source: Source, needed: Mapping[int, Decimal], actor: Member | None, at: datetime) -> None:
    """Of what is kept for `source` leave what it still needs, {item id: stock units}, oldest first; free the rest."""
    mine = Reservation.objects.filter(for_kind=source.kind, for_number=source.number, state=Reservation.State.ACTIVE)
    pairs = set(mine.order_by("id").values_list("item_id", "warehouse_id"))
    if not pairs:
        return
    shelves, batch, left = lock_shelves(pairs, at=at), Batch(), dict(needed)
    for row in shelves.kept:
        if (row.for_kind, row.for_number) != (source.kind, source.number):
            continue
        there, wanted = row.quantity - row.used, left.get(row.item_id, ZERO)
        kept = min(there, wanted)
        left[row.item_id] = wanted - kept
        if kept < there:
            columns = {"quantity": row.used + kept} if kept else {"state": Reservation.State.RELEASED.value}
            batch.change(Reservation, row.pk, **columns)
            shelves.levels[(row.item_id, row.warehouse_id)].reserved -= there - kept
            audit.record(actor=actor, action="reservation.release", object=f"reservation:{row.pk}", label=source.number)
    for row in shelves.expired:
        batch.change(Reservation, row.pk, state=Reservation.State.EXPIRED.value)
    for level in shelves.levels.values():
        batch.change(Level, level.pk, reserved=level.reserved)
    batch.write()


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Set free what has run out (hourly); returns how many."""
    late = Reservation.objects.filter(state=Reservation.State.ACTIVE, until__lte=at)
    pairs = sorted(set(late.values_list("item_id", "warehouse_id")))
    count = 0
    for pair in pairs:
        shelves = lock_shelves({pair}, at=at)
        _write(shelves, pair, ZERO)
        count += len(shelves.expired)
    return count
