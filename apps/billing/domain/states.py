"""Which states may follow which (I12). Services ask here before they write a state."""

from collections.abc import Mapping
from types import MappingProxyType

Moves = Mapping[str, frozenset[str]]


def _moves(**moves: str) -> Moves:
    return MappingProxyType({state: frozenset(targets.split()) for state, targets in moves.items()})


SUBSCRIPTION: Moves = _moves(
    trialing="active trial_expired",
    trial_expired="active",
    active="past_due canceling",
    past_due="active read_only canceling",
    read_only="active suspended",
    suspended="active closed",
    canceling="active closed",
    closed="",
)
INVOICE: Moves = _moves(
    building="draft",
    draft="finalising deleted",
    finalising="open paid",
    open="partially_paid paid void uncollectible",
    partially_paid="paid uncollectible",
    uncollectible="paid",
    paid="",
    void="",
    deleted="",
)
PAYMENT: Moves = _moves(
    pending="succeeded failed canceled",
    succeeded="partially_refunded refunded disputed",
    partially_refunded="partially_refunded refunded disputed",
    disputed="succeeded refunded",
    refunded="",
    failed="",
    canceled="",
)
BANK_LINE: Moves = _moves(
    new="suggested matched split ignored returned",
    suggested="new matched split ignored returned",
    ignored="new",
    matched="",
    split="",
    returned="",
)
FAPIAO: Moves = _moves(
    requested="submitted issued rejected",
    submitted="issued rejected",
    issued="red_requested red_issued",
    red_requested="red_issued",
    rejected="",
    red_issued="",
)
QUARANTINED_EVENT: Moves = _moves(quarantined="released discarded", released="", discarded="")


def may_move(moves: Moves, before: str, after: str) -> bool:
    """Does the life cycle `moves` lead from `before` straight to `after`?"""
    return after in moves.get(before, frozenset())
