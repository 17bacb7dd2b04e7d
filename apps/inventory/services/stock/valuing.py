"""What a posting is worth, and what it changes in the worth of what was posted before.

At the end of its groups' ledgers a posting is one step of the fold from the locked state. Before the end the groups,
and those that take value from them, are folded again from the last snapshot; differences become delta entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from apps.inventory.domain.amounts import fen, money, quantity_of, units
from apps.inventory.domain.costing import FIFO, Assembly, Group, Layer, Move, ValueChange, Values, fold, place
from apps.inventory.models import CostEntry, CostGroup, CostLayer
from apps.inventory.services.refusals import costing
from apps.inventory.services.stock import loading
from apps.inventory.services.stock.groups import lock_by_id
from apps.inventory.services.stock.loading import BEGINNING
from apps.inventory.services.stock.writing import Batch

MANY = 500
AT_ONCE = 50


@dataclass(kw_only=True)
class Entry:
    """A cost entry to be written; `amount` in fen."""

    group: int
    kind: str
    on: date
    amount: int
    move: int | None = None
    event: int | None = None


@dataclass(kw_only=True)
class Change:
    """What a posting adds to the ledger of values.

    `moves` are new; `mirrors` {new move: move it reverses on its own date}; `dropped` value events that fall out with
    their reversal; `extras` {receipt move: fen that count at its place}; `kinds` names entries that are no delta.
    """

    closed_through: date | None
    moves: list[Move] = field(default_factory=list)
    mirrors: dict[int, int] = field(default_factory=dict)
    mirror_on: dict[int, tuple[int, date]] = field(default_factory=dict)
    changes: list[ValueChange] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)
    extras: dict[int, int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    assemblies: dict[int, Assembly] = field(default_factory=dict)
    is_history: bool = False

    @property
    def since(self) -> date:
        return self.closed_through or BEGINNING


@dataclass
class Outcome:
    """Groups as they are now, {move: fen or None} of the new moves, entries to write."""

    groups: dict[int, Group]
    amounts: dict[int, int | None]
    entries: list[Entry]
    rows: dict[int, CostGroup]
    last_on: dict[int, date]
    layers: dict[int, CostLayer]


def value(change: Change, rows: dict[int, CostGroup]) -> Outcome:
    """Fold what is new over the locked groups `rows`. Raises `cost_needed`, `value_below_zero`."""
    last_on = {pk: row.last_on or BEGINNING for pk, row in rows.items()}
    events: list[Move | ValueChange] = [*change.moves, *change.changes]
    backdated = any(event.on < last_on[event.group] for event in events)
    late = any(event.move and event.on <= last_on[event.group] for event in change.changes)
    for event in events:
        last_on[event.group] = max(last_on[event.group], event.on)
    with costing():
        if backdated or late or change.is_history:
            return _refold(change, rows, last_on)
        return _append(change, rows, last_on)


# -- At the end of the ledger ------------------------------------------------------------------------------------


def _append(change: Change, rows: dict[int, CostGroup], last_on: dict[int, date]) -> Outcome:
    loading.fill_origins(change.moves, change.moves)
    wanted = {move.feeder for move in change.moves if move.feeder} - {move.id for move in change.moves}
    values = Values(dict(loading.amounts_of(wanted)), {}, change.assemblies)
    groups = {pk: Group(pk, row.item_id, row.method, units(row.quantity), fen(row.value)) for pk, row in rows.items()}
    layers = {row.move_id: row for group in groups.values() for row in _read_layers(group, change)}
    for row in layers.values():
        groups[row.group_id].layers.append(Layer(row.move_id, row.moved_on, units(row.quantity), fen(row.value)))
    fold(groups, sorted([*change.moves, *change.changes], key=place), values)
    amounts = {move.id: values.amounts[move.id] for move in change.moves}
    return Outcome(groups, amounts, _first_entries(change, amounts), rows, last_on, layers)


def _read_layers(group: Group, change: Change) -> list[CostLayer]:
    """Open layers, oldest first, as many as may change: none for receipts, the oldest for issues, else all."""
    if group.method != FIFO:
        return []
    rows = CostLayer.objects.filter(group_id=group.id).order_by("moved_on", "move_id")
    here = [move for move in change.moves if move.group == group.id]
    if any(event.group == group.id for event in change.changes) or any(move.feeder for move in here):
        return list(rows)
    wanted = -sum(move.quantity for move in here if move.quantity < 0)
    read: list[CostLayer] = []
    while wanted > 0:
        further = list(rows[len(read) : len(read) + AT_ONCE])
        read += further
        wanted -= sum(units(row.quantity) for row in further)
        if len(further) < AT_ONCE:
            break
    return read


def _first_entries(change: Change, amounts: dict[int, int | None]) -> list[Entry]:
    entries = [
        Entry(group=move.group, kind="first", on=move.on, amount=amount, move=move.id)
        for move in change.moves
        if (amount := amounts[move.id]) is not None
    ]
    entries += [
        Entry(group=event.group, kind="first", on=event.on, amount=event.amount, event=event.seq)
        for event in change.changes
        if not event.move
    ]
    return entries


# -- Before the end: fold again ----------------------------------------------------------------------------------


def _refold(change: Change, rows: dict[int, CostGroup], last_on: dict[int, date]) -> Outcome:
    wanted = loading.downstream(rows, since=change.since)
    if wanted - rows.keys():
        rows = lock_by_id(sorted(wanted))
        last_on = {pk: max(last_on.get(pk, BEGINNING), row.last_on or BEGINNING) for pk, row in rows.items()}
    past = loading.history(sorted(wanted), since=change.since)
    gone = set(change.mirrors.values())
    moves = [move for move in past.moves if move.id not in gone] + change.moves
    for move in moves:
        move.given += change.extras.get(move.id, 0)
    loading.fill_origins(moves, change.moves, gone=gone)
    changes = [event for event in past.changes if event.seq not in change.dropped]
    changes += [event for event in change.changes if event.seq not in change.dropped]
    old = loading.amounts_in(sorted(wanted), since=change.since)
    values = _known(moves, change)
    groups = loading.snapshots(rows.values(), since=change.since)
    fold(groups, sorted([*moves, *changes], key=place), values)
    entries = _mirror_entries(change, old)
    entries += compare(moves, values, old, new={move.id for move in change.moves}, kinds=change.kinds)
    entries += [entry for entry in _first_entries(change, {move.id: None for move in change.moves}) if entry.event]
    amounts: dict[int, int | None] = {move.id: values.amounts[move.id] for move in change.moves}
    layers = {row.move_id: row for row in CostLayer.objects.filter(group_id__in=_fifo(groups))}
    return Outcome(groups, amounts, entries, rows, last_on, layers)


def _fifo(groups: dict[int, Group]) -> list[int]:
    return [pk for pk, group in groups.items() if group.method == FIFO]


def _known(moves: Sequence[Move], change: Change) -> Values:
    """Amounts of what lies outside the fold: origins of closed months or of other groups, inputs of assemblies."""
    inside = {move.id for move in moves}
    documents = {move.document for move in moves if move.costing == "share"} - change.assemblies.keys()
    assemblies = loading.assemblies_of(documents) | change.assemblies
    outside = {move.feeder for move in moves if move.feeder} - inside
    outside |= {one for assembly in assemblies.values() for one in assembly.inputs} - inside
    return Values(dict(loading.amounts_of(outside)), {}, assemblies)


def _mirror_entries(change: Change, old: dict[int, int]) -> list[Entry]:
    """A reversal on its original's date takes back what the original stands at now."""
    missing = set(change.mirrors.values()) - old.keys()
    known = {**loading.amounts_of(missing), **old}
    return [
        Entry(group=change.mirror_on[new][0], kind="first", on=change.mirror_on[new][1], amount=-known[gone], move=new)
        for new, gone in change.mirrors.items()
        if gone in known
    ]


def compare(
    moves: Iterable[Move],
    values: Values,
    old: dict[int, int],
    *,
    new: set[int],
    kinds: dict[int, str],
    late: str = "first",
) -> list[Entry]:
    """What has to be written so that each move's entries sum to what it is worth now.

    `late`: the kind of the first entry of a move that waited for it (close).
    """
    entries = []
    for move in moves:
        amount = values.amounts[move.id]
        before = old.get(move.id)
        if amount is None or amount == before:
            continue
        if before is None:
            kind = "first" if move.id in new else late
            entries.append(Entry(group=move.group, kind=kind, on=move.on, amount=amount, move=move.id))
        else:
            kind = kinds.get(move.id, "delta")
            entries.append(Entry(group=move.group, kind=kind, on=move.on, amount=amount - before, move=move.id))
    return entries


# -- Writing -----------------------------------------------------------------------------------------------------

_MANY_ENTRIES = """
INSERT INTO inventory_costentry (move_id, event_id, group_id, kind, dated_on, amount, cause_id, posted_at)
SELECT x.move_id, x.event_id, x.group_id, x.kind, x.dated_on, x.fen::numeric / 100, %s, %s
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::bigint[])
       AS x(move_id, event_id, group_id, kind, dated_on, fen)
"""


def write_outcome(outcome: Outcome, batch: Batch) -> None:
    """Groups and layers as they are now."""
    for pk, group in outcome.groups.items():
        last_on = outcome.last_on[pk]
        batch.change(
            CostGroup, pk, quantity=quantity_of(group.quantity), value=money(group.value),
            last_on=None if last_on == BEGINNING else last_on,
        )  # fmt: skip
    _write_layers(outcome, batch)


def _write_layers(outcome: Outcome, batch: Batch) -> None:
    """Layers that were read become those of the fold; those that were not read are as they were."""
    kept = {layer.move: (pk, layer) for pk in _fifo(outcome.groups) for layer in outcome.groups[pk].layers}
    gone = [row.pk for move, row in outcome.layers.items() if move not in kept]
    if gone:
        CostLayer.objects.filter(pk__in=gone).delete()
    for move, (group, layer) in kept.items():
        row = outcome.layers.get(move)
        quantity, worth = quantity_of(layer.quantity), money(layer.value)
        if row is None:
            batch.add(CostLayer(group_id=group, move_id=move, moved_on=layer.on, quantity=quantity, value=worth))
        elif (row.quantity, row.value) != (quantity, worth):
            batch.change(CostLayer, row.pk, quantity=quantity, value=worth)


def write_rows(batch: Batch, entries: Sequence[Entry], *, cause: int | None, at: datetime) -> None:
    """Write the batch and append entries."""
    append_entries(batch, entries, cause=cause, at=at)
    batch.write()


def append_entries(batch: Batch, entries: Sequence[Entry], *, cause: int | None, at: datetime) -> None:
    """Few entries go into the batch; for many the batch is written, and then they in a statement of their own."""
    told = [entry for entry in entries if entry.amount or entry.kind in ("first", "close")]
    if len(told) <= MANY:
        batch.put(CostEntry, [_entry_row(entry, cause, at) for entry in told])
        return
    batch.write()
    columns: list[list[Any]] = [
        [entry.move for entry in told], [entry.event for entry in told], [entry.group for entry in told],
        [entry.kind for entry in told], [entry.on for entry in told], [entry.amount for entry in told],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MANY_ENTRIES, [cause, at, *columns])


def _entry_row(entry: Entry, cause: int | None, at: datetime) -> dict[str, Any]:
    return dict(
        move_id=entry.move, event_id=entry.event, group_id=entry.group, kind=entry.kind, dated_on=entry.on,
        amount=money(entry.amount), cause_id=cause, posted_at=at,
    )  # fmt: skip
