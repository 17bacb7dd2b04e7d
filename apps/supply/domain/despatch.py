"""发货与收货: what was despatched, received, short, over, rejected and accepted of one line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.supply.domain.errors import RuleBroken

ZERO = Decimal(0)


@dataclass(frozen=True)
class Outcome:
    """One received line. received + short = despatched + over, and accepted + rejected = received."""

    despatched: Decimal
    received: Decimal
    rejected: Decimal
    short: Decimal
    over: Decimal

    @property
    def accepted(self) -> Decimal:
        return self.received - self.rejected


def outcome(*, despatched: Decimal, received: Decimal, rejected: Decimal) -> Outcome:
    """The figures of a line once it is closed. Raises RuleBroken `rejected_over_received`."""
    if rejected > received:
        raise RuleBroken("rejected_over_received")
    return Outcome(
        despatched=despatched,
        received=received,
        rejected=rejected,
        short=max(ZERO, despatched - received),
        over=max(ZERO, received - despatched),
    )


def most(agreed: Decimal, tolerance: Decimal) -> Decimal:
    """The most that may be despatched or accepted of a line: agreed x (1 + tolerance), not rounded."""
    return agreed * (1 + tolerance)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What has happened to one agreed line so far, in the order's unit."""

    agreed: Decimal = ZERO
    despatched: Decimal = ZERO
    received: Decimal = ZERO
    rejected: Decimal = ZERO
    short: Decimal = ZERO
    returned: Decimal = ZERO

    @property
    def accepted(self) -> Decimal:
        return self.received - self.rejected


def progress(lines: Iterable[Ledger]) -> str:
    """none, part_shipped, shipped, part_received or received, over the agreed lines.

    A line is received once what arrived covers what was agreed; what was short keeps it part received.
    """
    rows = [line for line in lines if line.agreed > 0]
    if not rows:
        return "none"
    if all(line.received >= line.agreed for line in rows):
        return "received"
    if any(line.received > 0 for line in rows):
        return "part_received"
    if all(line.despatched >= line.agreed for line in rows):
        return "shipped"
    return "part_shipped" if any(line.despatched > 0 for line in rows) else "none"
