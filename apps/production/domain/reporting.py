"""Reporting 报工: how many pieces a step may still report, and where its input comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

NOT_REACHED = "step_not_reached"
TOO_MANY = "over_report"


@dataclass(frozen=True)
class StepCount:
    """What a step of one order has counted so far, in stock units of the order's item."""

    seq: int
    report_point: bool
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)


def input_of(steps: Sequence[StepCount], seq: int, quantity: Decimal) -> Decimal:
    """What came into step `seq`: good pieces of the report point before it, of the first one the order's quantity.

    The order of steps is enforced at report points only: a step that is none may be reported at any time.
    """
    own = next(step for step in steps if step.seq == seq)
    earlier = [step for step in steps if step.seq < seq and step.report_point]
    if not own.report_point or not earlier:
        return quantity
    return max(earlier, key=lambda step: step.seq).good


def last_point(steps: Sequence[StepCount]) -> int | None:
    """The step whose good pieces are the order's: the last report point, else the last step."""
    points = [step.seq for step in steps if step.report_point] or [step.seq for step in steps]
    return max(points) if points else None


def refusal(*, input: Decimal, tolerance: Decimal, counted: Decimal, more: Decimal) -> str:
    """Why `more` pieces (good, scrap and rework together) may not be reported on top of `counted`; "" = they may."""
    if input <= 0:
        return NOT_REACHED
    return TOO_MANY if counted + more > input * (1 + tolerance) else ""


def left_over(*, input: Decimal, good: Decimal, scrap: Decimal) -> Decimal:
    """Pieces that came in and were reported neither good nor scrap; rework waits among them."""
    return max(Decimal(0), input - good - scrap)
