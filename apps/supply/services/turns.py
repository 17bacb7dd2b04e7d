"""A turn: one order opened for a verb, caught up with the exchange, locked, and folded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import UNREADABLE, Order, Version, advance
from apps.supply.domain.terms import write_line
from apps.supply.exchange.sending import Draft, HeadMoved, LinkClosed, SentBefore, send, sent_with
from apps.supply.models import Bond, DocVersion, SharedOrder
from apps.supply.selectors.chains import copied, exchanged, folded_order
from apps.supply.services import delivering
from apps.supply.services.copying import keep_sent
from apps.supply.services.projecting import buyer_of, lock_link, project_order
from apps.supply.services.refusals import broken, refusal, stale
from kernel import audit
from tenants.rights import Member

Check = Callable[["Turn", Order], None]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The order as both firms see it now, and which side is ours."""

    row: SharedOrder
    bond: Bond
    order: Order

    @property
    def side(self) -> str:
        return self.row.role


@dataclass(frozen=True, kw_only=True)
class Act:
    """Who does it, when, under which key of repetition, and what of it only we keep."""

    actor: Member
    at: datetime
    idem: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)


def open_turn(order_id: UUID, at: datetime) -> Turn:
    """Lock the link, bring the order up to the exchange. Raises not_found. Runs in the verb's transaction."""
    first = DocVersion.objects.filter(chain=order_id, kind="order").order_by("seq").first()
    if first is None:
        raise refusal("not_found")
    lock_link(first.link)
    delivering.catch_up(first.link, order_id, at)
    rows = SharedOrder.objects.select_for_update(of=("self",)).select_related("link", "link__partner")
    row = rows.filter(pk=order_id).first()
    if row is None:
        raise refusal("not_found")
    order = folded_order(copied(row.link_id, order_id), buyer_of(row.link))
    return Turn(row=row, bond=Bond.objects.get(pk=row.link_id), order=order)


def repeated(turn: Turn, idem: str) -> bool:
    """Was this act done before under the same key?"""
    return sent_with(turn.row.link.own_party, idem) is not None


def take(
    turn: Turn, *, seen: int, kind: str, payload: dict[str, Any], act: Act, verb: str, check: Check | None = None
) -> SharedOrder:
    """Say it: the head first, then the link, then the rules, then the version, the copy, the projection.

    Raises StaleVersion with base, mine, theirs; link_not_active; the refusals of the fold; what `check` raises.
    """
    if repeated(turn, act.idem):
        return turn.row
    version = Version(seq=turn.order.seq + 1, kind=kind, by=turn.side, payload=payload)
    if seen != turn.order.seq:
        raise _stale(turn, seen, version)
    if turn.bond.state != "active":
        raise refusal("link_not_active")
    try:
        after = advance(turn.order, version)
    except RuleBroken as error:
        raise broken(error) from error
    if check is not None:
        check(turn, after)
    _write(turn, version, act)
    row, _order = project_order(turn.row.link, turn.row.pk, act.at, **act.own)
    audit.record(
        actor=act.actor, action=f"supply_order.{verb}", object=f"supply_order:{row.pk}", label=row.number
    )  # fmt: skip
    return row


def _write(turn: Turn, version: Version, act: Act) -> None:
    draft = Draft(
        bond=turn.bond, sender=turn.row.link.own_party, chain=turn.row.pk, kind=version.kind,
        payload=version.payload, seen=turn.order.seq, at=act.at, idem=act.idem,
    )  # fmt: skip
    try:
        keep_sent(send(draft))
    except HeadMoved as error:
        raise _stale(turn, turn.order.seq, version) from error
    except LinkClosed as error:
        raise refusal("link_not_active") from error
    except SentBefore as error:
        raise refusal("not_your_turn") from error


def _stale(turn: Turn, seen: int, version: Version) -> Exception:
    buyer = buyer_of(turn.row.link)
    rows = exchanged(turn.row.link_id, turn.row.pk)
    base, theirs = folded_order(rows[: max(seen, 0)], buyer), folded_order(rows, buyer)
    try:
        mine = picture(advance(base, version))
    except (RuleBroken, *UNREADABLE):
        mine = {"lines": []}
    return stale(picture(base), mine, picture(theirs), current=theirs.seq)


def picture(order: Order) -> dict[str, Any]:
    """An order as the three columns of a conflict show it: version, state, and the lines on the table."""
    terms = order.open.terms if order.open and order.open.terms else order.terms
    return {"version": order.seq, "state": order.state, "lines": [write_line(line) for line in terms.lines]}
