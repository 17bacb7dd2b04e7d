"""What lies where, locked: levels first, then what is under them. Lots are chosen here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.inventory.models import Balance, CostGroup, Level, Lot, Reservation
from apps.inventory.services.refusals import LotNotUsable, NotEnoughAvailable, NotEnoughStock, plain, spot, wrong
from apps.inventory.services.stock.groups import GroupKey
from apps.inventory.services.stock.naming import MOST_QUANTITY
from apps.inventory.services.stock.plan import Leg
from apps.inventory.services.stock.writing import Batch
from apps.inventory.services.wording import unit_word
from apps.masterdata.public import StockItem, WarehouseInfo

ZERO = Decimal(0)
Pair = tuple[int, int]
Key = tuple[int, int, int | None, int | None]
NOT_FOR_USE = ("inspection", "reject")


@dataclass(eq=False)
class Shelf:
    """One balance row: an existing one (`id`), or one that will be inserted."""

    item_id: int
    warehouse_id: int
    location_id: int | None
    lot: Lot | None
    quantity: Decimal
    first_on: date
    last_on: date
    id: int | None = None
    changed: bool = False

    def usable(self, on: date) -> bool:
        """May it be issued on that day? Held, blocked and expired lots may not."""
        return self.lot is None or (
            self.lot.state == Lot.State.FREE and (self.lot.expires_on is None or self.lot.expires_on >= on)
        )


@dataclass
class Shelves:
    """Levels and balances of the pairs (item, warehouse) of a posting, in memory, locked in the database."""

    levels: dict[Pair, Level] = field(default_factory=dict)
    rows: dict[Key, Shelf] = field(default_factory=dict)
    by_pair: dict[Pair, list[Shelf]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[GroupKey, CostGroup] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    kept: list[Reservation] = field(default_factory=list)
    expired: list[Reservation] = field(default_factory=list)

    def put(self, row: Shelf) -> Shelf:
        self.rows[(row.item_id, row.warehouse_id, row.location_id, row.lot.pk if row.lot else None)] = row
        self.by_pair[(row.item_id, row.warehouse_id)].append(row)
        return row

    def apply(self, leg: Leg, on: date) -> None:
        """Move one leg. Raises NotEnoughStock, Invalid `bad_quantity` for more than a balance can hold."""
        row = self.rows.get(leg.key)
        if row is None:
            row = self.put(Shelf(*leg.pair, leg.location_id, leg.lot, ZERO, on, on))
        row.quantity += leg.quantity
        row.first_on, row.last_on = min(row.first_on, on), max(row.last_on, on)
        row.changed = True
        level = self.levels[leg.pair]
        level.quantity += leg.quantity
        level.last_on = max(level.last_on or on, on)
        if row.quantity < 0 or level.quantity < 0:
            raise not_enough(leg.item, leg.warehouse, row.quantity - leg.quantity, -leg.quantity, line=leg.line)
        if level.quantity > MOST_QUANTITY:
            raise wrong(_("库存数量太大，记不下，请核对数量。"), "bad_quantity", spot(leg.line))

    def usable_of(self, pair: Pair, on: date) -> Decimal:
        return sum((row.quantity for row in self.by_pair[pair] if row.usable(on)), ZERO)

    def write(self, batch: Batch) -> None:
        """Levels and balances as they are now."""
        for level in self.levels.values():
            batch.change(Level, level.pk, quantity=level.quantity, reserved=level.reserved, last_on=level.last_on)
        for row in self.rows.values():
            if not row.changed:
                continue
            if row.id is None:
                batch.add(_balance(row))
            else:
                batch.change(Balance, row.id, quantity=row.quantity, first_on=row.first_on, last_on=row.last_on)


def _balance(row: Shelf) -> Balance:
    return Balance(
        item_id=row.item_id, warehouse_id=row.warehouse_id, location_id=row.location_id, lot=row.lot,
        is_serial=row.lot is not None and row.lot.kind == Lot.Kind.SERIAL, quantity=row.quantity,
        first_on=row.first_on, last_on=row.last_on,
    )  # fmt: skip


def not_enough(
    item: StockItem, warehouse: WarehouseInfo, there: Decimal, wanted: Decimal, *, line: int
) -> NotEnoughStock:
    sentence = _("%(warehouse)s只有 %(there)s %(unit)s %(item)s，不够出库 %(wanted)s %(unit)s。") % {
        "warehouse": warehouse.name, "there": plain(max(there, ZERO)), "unit": unit_word(item.unit), "item": item.code,
        "wanted": plain(wanted),
    }  # fmt: skip
    return NotEnoughStock(sentence, fields={spot(line): [sentence]})


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a line wants to take: `lot` empty = FEFO; `any_state`: held, blocked and expired lots too, when named.

    `goes_to`: the location of the same warehouse it is put to; what lies there stays, what has no location goes first.
    """

    line: int
    item: StockItem
    warehouse: WarehouseInfo
    quantity: Decimal
    lot: str = ""
    serials: tuple[str, ...] = ()
    location_id: int | None = None
    any_state: bool = False
    own_lot: int | None = None
    goes_to: int | None = None


def choose(shelves: Shelves, wish: Wish, *, on: date, taken: dict[Shelf, Decimal]) -> list[tuple[Shelf, Decimal]]:
    """(row, quantity) pairs that make up the wish: named lots or serials, else FEFO (earliest expiry, then earliest
    receipt, then code). `taken` counts what earlier lines took.

    Raises NotEnoughStock, NotEnoughAvailable, LotNotUsable.
    """
    rows = shelves.by_pair[(wish.item.id, wish.warehouse.id)]
    if wish.location_id is not None:
        rows = [row for row in rows if row.location_id == wish.location_id]
    elif wish.goes_to is not None:
        rows = sorted((row for row in rows if row.location_id != wish.goes_to), key=_placed)
    if wish.serials:
        chosen = [_named(rows, wish, text, on) for text in wish.serials]
    elif wish.lot:
        chosen = [_named(rows, wish, wish.lot, on)]
    else:
        return _take(_by_expiry(shelves, rows, wish, on, taken), wish, taken)
    found = [row for group in chosen for row in group]
    return _take([(row, row.quantity - taken.get(row, ZERO)) for row in found], wish, taken)


def _by_expiry(
    shelves: Shelves, rows: Sequence[Shelf], wish: Wish, on: date, taken: dict[Shelf, Decimal]
) -> list[tuple[Shelf, Decimal]]:
    """FEFO: what each usable row has to give. Raises NotEnoughAvailable when the rest is there, but not to be had."""
    kept = _kept_of_lots(shelves, wish.own_lot)
    found = [
        (row, row.quantity - taken.get(row, ZERO) - kept.get(_lot_id(row), ZERO))
        for row in sorted(rows, key=_to_place if wish.goes_to is not None else _fefo)
        if row.usable(on)
    ]
    free = sum((max(quantity, ZERO) for _row, quantity in found), ZERO)
    there = sum((row.quantity - taken.get(row, ZERO) for row in rows), ZERO)
    if free < wish.quantity <= there:
        raise not_available(wish.item, wish.warehouse, free, line=wish.line)
    return found


def not_available(item: StockItem, warehouse: WarehouseInfo, free: Decimal, *, line: int) -> NotEnoughAvailable:
    """It is there, but kept for somebody else, held, blocked or expired."""
    sentence = _("%(warehouse)s的 %(item)s 有一部分已被预留或不可用，只能再出库 %(free)s %(unit)s。") % {
        "warehouse": warehouse.name, "item": item.code, "free": plain(max(free, ZERO)), "unit": unit_word(item.unit),
    }  # fmt: skip
    return NotEnoughAvailable(sentence, fields={spot(line): [sentence]})


def _lot_id(row: Shelf) -> int:
    return row.lot.pk if row.lot else 0


def _kept_of_lots(shelves: Shelves, own: int | None) -> dict[int, Decimal]:
    """What others keep of each lot: FEFO leaves it alone."""
    kept: dict[int, Decimal] = defaultdict(Decimal)
    for row in shelves.kept:
        if row.lot_id and row.pk != own:
            kept[row.lot_id] += row.quantity - row.used
    return kept


def _named(rows: Sequence[Shelf], wish: Wish, code: str, on: date) -> list[Shelf]:
    found = [row for row in rows if row.lot is not None and row.lot.code == code and row.quantity > 0]
    if not found:
        raise not_enough(wish.item, wish.warehouse, ZERO, wish.quantity, line=wish.line)
    if not wish.any_state and not found[0].usable(on):
        sentence = _("批次或序列号 %(lot)s 已冻结、待处理或过期，不能使用。") % {"lot": code}
        raise LotNotUsable(sentence, fields={spot(wish.line, "lot"): [sentence]})
    return found


def _fefo(row: Shelf) -> tuple[date, date, str, int]:
    lot = row.lot
    return (
        lot.expires_on if lot and lot.expires_on else date.max,
        row.first_on,
        lot.code if lot else "",
        row.location_id or 0,
    )


def _placed(row: Shelf) -> bool:
    return row.location_id is not None


def _to_place(row: Shelf) -> tuple[bool, date, date, str, int]:
    return (_placed(row), *_fefo(row))


def _take(
    rows: Sequence[tuple[Shelf, Decimal]], wish: Wish, taken: dict[Shelf, Decimal]
) -> list[tuple[Shelf, Decimal]]:
    left, parts = wish.quantity, []
    for row, there in rows:
        part = min(left, there)
        if part > 0:
            parts.append((row, part))
            taken[row] = taken.get(row, ZERO) + part
            left -= part
        if left == 0:
            return parts
    there = sum((max(quantity, ZERO) for _row, quantity in rows), ZERO)
    raise not_enough(wish.item, wish.warehouse, there, wish.quantity, line=wish.line)
