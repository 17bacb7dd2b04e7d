"""Facts go up: stored in the publisher's transaction, delivered to each reaction in a transaction of its own.

A floor below never knows who listens. A module bought later catches up with `replay`.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from django.db import transaction

from kernel.clock import machine_now, now
from kernel.models import Delivery, Fact
from tenants.db.prepared import Prepared
from tenants.entitlements import has_module

log = logging.getLogger(__name__)
MAX_BACK_OFF = timedelta(hours=6)
STUCK_AFTER = 5
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Event:
    """A thin fact: ids and dates as `int` and `str`, nothing else. Subclasses set `name`: `finance.voucher_posted`."""

    name: ClassVar[str]


@dataclass(frozen=True)
class Reaction:
    """One listener. `module`: it hears only companies that have it (None = all). `own_transaction`: see `on`."""

    key: str
    event: type[Event]
    handle: Callable[[Any], None]
    module: str | None
    in_transaction: bool


_reactions: dict[str, list[Reaction]] = {}
_events: dict[str, type[Event]] = {}
_wake: list[Callable[[], None]] = []
_delivering: ContextVar[Fact | None] = ContextVar("qz_delivering", default=None)
_taps: dict[str, Callable[[Sequence[Fact]], None]] = {}  # by what has to be true
_untold: ContextVar[bool] = ContextVar("qz_untold", default=False)


def on(
    event: type[Event],
    handle: Callable[[Any], None],
    *,
    module: str | None = None,
    in_transaction: bool = True,
) -> None:
    """Register `handle` for `event`; call it from `apps.py` of the listening module.

    With `in_transaction` the reaction and its delivery mark commit together (exactly once). Without (billing, whose
    tables are another role's) the reaction runs first and the mark follows: it must recognise a redelivery itself.
    """
    key = f"{handle.__module__}.{handle.__qualname__}"
    _events[event.name] = event
    listeners = _reactions.setdefault(event.name, [])
    if all(reaction.key != key for reaction in listeners):
        listeners.append(Reaction(key, event, handle, module, in_transaction))


def wake_with(callback: Callable[[], None]) -> None:
    """Register what is called after a commit that published facts (the queue's nudge); failures there lose nothing."""
    _wake[:] = [callback]


def tap(callback: Callable[[Sequence[Fact]], None], *, when: str) -> None:
    """Register what sees the facts of each `publish`, in their transaction (outgoing webhooks). It must be quick.

    `when`: an SQL condition that is asked while the facts are stored, so that companies without listeners do not wait.
    """
    _taps[when] = callback


@contextmanager
def untold() -> Iterator[None]:
    """Facts of this block stay among the company's modules: nothing is metered, sent out or handed to the workers.

    For sample data; whoever opens the block delivers what waits (`deliver_waiting`).
    """
    token = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(token)


@dataclass(frozen=True, slots=True)
class Along:
    """A statement that is carried out together with others; its text is constant, so that it is planned once.

    With a `name` its one row has one column, `value`, which the others may read under that name.
    """

    text: str
    params: tuple[Any, ...]
    name: str = ""


def parts_of(along: Sequence[Along]) -> tuple[tuple[str, str], ...]:
    """(name, text) of each: what tells one combined statement from another."""
    return tuple((one.name or f"along{place}", one.text) for place, one in enumerate(along))


def publish(*events: Event, along: Sequence[Along] = ()) -> dict[str, Any]:
    """Store `events` with a delivery for each listening reaction; runs inside the transaction that made them true.

    `along`: statements carried out in the same round trip, for those whose clients wait for every one of them. Returns
    {name: value} of those that have a name.
    """
    if not events:
        if along:
            raise ValueError("Rows go along with facts.")
        return {}
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{events[0].name} must be published inside a transaction.")
    moment, thin = now(), [(event.name, _thin(event)) for event in events]
    listening = [
        (place, reaction.key)
        for place, event in enumerate(events, start=1)
        for reaction in _reactions.get(event.name, [])
        if (reaction.module is None or has_module(reaction.module)) and (reaction.in_transaction or not _untold.get())
    ]
    ids, wanted, answers = _store(thin, moment, listening, along)
    if _untold.get():
        return answers
    if wanted:
        facts = [
            Fact(id=pk, name=name, payload=payload, occurred_at=moment)
            for pk, (name, payload) in zip(ids, thin, strict=True)
        ]
        for callback in wanted:
            callback(facts)
    transaction.on_commit(_nudge, robust=True)
    return answers


def _thin(event: Event) -> dict[str, Any]:
    payload = {field.name: getattr(event, field.name) for field in fields(event)}
    if not all(isinstance(value, str | int) for value in payload.values()):
        raise TypeError(f"{event.name}: fields of a fact are str or int.")
    return payload


# Ids rise in the order of the facts, so that the n-th id is the n-th fact's.
_STORE = """
WITH {along}stored AS (
    INSERT INTO kernel_fact (name, payload, occurred_at)
    SELECT g.fact->>'name', g.fact->'payload', %s FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS g(fact, place)
     ORDER BY g.place RETURNING id),
placed AS (SELECT id, row_number() OVER (ORDER BY id) AS place FROM stored),
told AS (
    INSERT INTO kernel_delivery (fact_id, reaction, state, attempts, last_error, next_try_at)
    SELECT placed.id, l.reaction, %s, 0, '', %s
      FROM placed JOIN jsonb_to_recordset(%s::jsonb) AS l(place int, reaction text) USING (place))
SELECT id, ARRAY[{asked}]::boolean[]{answers} FROM placed ORDER BY place
"""


_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


@lru_cache(maxsize=500)
def _statement(along: tuple[tuple[str, str], ...], asked: tuple[str, ...], named: tuple[str, ...]) -> Prepared:
    parts = "".join(f"{name} AS ({text}), " for name, text in along)
    answers = "".join(f", (SELECT value FROM {name})" for name in named)  # noqa: S608  # our own names
    return Prepared(_STORE.format(along=parts, asked=", ".join(asked), answers=answers))


def _store(
    thin: Sequence[tuple[str, dict[str, Any]]],
    moment: datetime,
    listening: Sequence[tuple[int, str]],
    along: Sequence[Along],
) -> tuple[list[int], list[Callable[[Sequence[Fact]], None]], dict[str, Any]]:
    """The facts and their deliveries in one statement: every posting of every module waits for it.

    Returns the facts' ids, the taps whose condition is true, and what `along` answers.
    """
    named = tuple(one.name for one in along if one.name)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            _statement(parts_of(along), tuple(_taps), named),
            [
                *(param for one in along for param in one.params),
                moment, _json([{"name": name, "payload": payload} for name, payload in thin]),
                Delivery.State.WAITING.value, machine_now(),
                _json([{"place": place, "reaction": key} for place, key in listening]),
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    wanted = [callback for callback, is_true in zip(_taps.values(), rows[0][1], strict=True) if is_true]
    return [row[0] for row in rows], wanted, dict(zip(named, rows[0][2:], strict=True))


def _nudge() -> None:
    for callback in _wake:
        try:
            callback()
        except Exception:  # the queue may be down: the sweep delivers later, the fact is stored
            log.warning("the queue could not be woken; the sweep will deliver", exc_info=True)


def deliver_waiting(*, limit: int = AT_ONCE) -> tuple[int, int]:
    """Deliver what is due in this company, oldest first; returns (done, failed). Safe to run many at once."""
    done = failed = 0
    for delivery_id in _due_ids(limit):
        outcome = _deliver(delivery_id)
        done += outcome is True
        failed += outcome is False
    return done, failed


def _due_ids(limit: int) -> list[int]:
    due = Delivery.objects.exclude(state=Delivery.State.DONE).filter(next_try_at__lte=machine_now())
    return list(due.order_by("next_try_at", "id").values_list("id", flat=True)[:limit])


def _deliver(delivery_id: int) -> bool | None:
    """True done, False failed and noted, None taken by another worker."""
    try:
        return _attempt(delivery_id)
    except Exception as error:  # any failure of a reaction is noted on its delivery and retried
        log.warning("delivery %s failed", delivery_id, exc_info=True)
        _note_failure(delivery_id, error)
        return False


def _attempt(delivery_id: int) -> bool | None:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("fact")
            .filter(pk=delivery_id)
            .exclude(state=Delivery.State.DONE)
            .first()
        )
        if delivery is None:
            return None
        reaction = _find(delivery)
        if reaction is None or reaction.in_transaction:
            if reaction is not None:
                _react(reaction, delivery.fact)
            _mark_done(delivery)
            return True
    # The reaction writes shared tables under another role: outside our transaction, marked after.
    _react(reaction, delivery.fact)
    _mark_done(delivery)
    return True


def _react(reaction: Reaction, fact: Fact) -> None:
    token = _delivering.set(fact)
    try:
        reaction.handle(_revive(reaction, fact))
    finally:
        _delivering.reset(token)


def current_fact() -> Fact:
    """The stored fact that is being delivered to a reaction: its id names it for ever. Raises LookupError outside."""
    fact = _delivering.get()
    if fact is None:
        raise LookupError("No fact is being delivered.")
    return fact


def _find(delivery: Delivery) -> Reaction | None:
    return next((r for r in _reactions.get(delivery.fact.name, []) if r.key == delivery.reaction), None)


def _revive(reaction: Reaction, fact: Fact) -> Event:
    known = {field.name for field in fields(reaction.event)}
    return reaction.event(**{key: value for key, value in fact.payload.items() if key in known})


def _mark_done(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.DONE, done_at=machine_now(), last_error="")


def _note_failure(delivery_id: int, error: Exception) -> None:
    delivery = Delivery.objects.filter(pk=delivery_id).first()
    if delivery is None:
        return
    attempts = delivery.attempts + 1
    wait = min(timedelta(seconds=5 * 2 ** min(attempts, 16)), MAX_BACK_OFF)
    Delivery.objects.filter(pk=delivery_id).update(
        state=Delivery.State.FAILED,
        attempts=attempts,
        last_error=f"{type(error).__name__}: {error}"[:500],
        next_try_at=machine_now() + wait,
    )


def replay(*, module: str, since: datetime | None = None) -> int:
    """Give `module`'s reactions every stored fact they have not had yet; returns how many deliveries were made."""
    made = 0
    for name, reactions in sorted(_reactions.items()):
        for reaction in (r for r in reactions if r.module == module):
            made += _replay_one(name, reaction, since)
    transaction.on_commit(_nudge, robust=True)
    return made


def _replay_one(name: str, reaction: Reaction, since: datetime | None) -> int:
    facts = Fact.objects.filter(name=name).exclude(deliveries__reaction=reaction.key)
    if since is not None:
        facts = facts.filter(occurred_at__gte=since)
    moment = machine_now()
    rows = [Delivery(fact=fact, reaction=reaction.key, next_try_at=moment) for fact in facts.order_by("id").iterator()]
    Delivery.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def retry_now(delivery_id: int) -> None:
    """Put a failed delivery at the head of the queue again."""
    Delivery.objects.filter(pk=delivery_id).exclude(state=Delivery.State.DONE).update(next_try_at=machine_now())
    _nudge()


def registered_events() -> dict[str, type[Event]]:
    """All facts that somebody listens to, by name; architecture tests read it."""
    return dict(_events)
