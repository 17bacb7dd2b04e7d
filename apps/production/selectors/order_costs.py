"""What work orders have cost so far: material from stock's own values, wages from lines, minutes at the rates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from apps.production import links
from apps.production.domain.actual_cost import by_quantity, hours_value
from apps.production.models import Report, WageLine, WorkOrder, WorkOrderMove, WorkOrderStep
from apps.production.selectors.shop_settings import overhead_rate
from kernel.money import to_cent

NOUGHT = Decimal(0)
OUT = (WorkOrderMove.Kind.ISSUE, WorkOrderMove.Kind.BACKFLUSH)
BACK = (WorkOrderMove.Kind.RETURN, WorkOrderMove.Kind.BACKFLUSH_UNDO)


@dataclass(frozen=True, kw_only=True)
class ActualCost:
    """CNY to the fen. `labour` = piece wages, or minutes at the labour rate where a step pays none by the piece."""

    material: Decimal = NOUGHT
    labour: Decimal = NOUGHT
    machine: Decimal = NOUGHT
    overhead: Decimal = NOUGHT
    subcontract: Decimal = NOUGHT

    @property
    def total(self) -> Decimal:
        return self.material + self.labour + self.machine + self.overhead + self.subcontract


def material_so_far(order_id: int) -> Decimal:
    """Value of what was issued less what came back, late values of stock included."""
    return material_of([order_id]).get(order_id, NOUGHT)


def material_of(order_ids: Iterable[int], *, until: date | None = None) -> dict[int, Decimal]:
    """{order: value of its material}, of moves up to a day if one is named."""
    moves = WorkOrderMove.objects.filter(order_id__in=list(order_ids), kind__in=OUT + BACK)
    if until is not None:
        moves = moves.filter(moved_on__lte=until)
    rows = list(moves.order_by("id").values_list("order_id", "document_id", "move_id", "kind", "amount"))
    values = links.amounts_now(row[1] for row in rows)
    found: dict[int, Decimal] = {}
    for order_id, _document, move_id, kind, amount in rows:
        # Stock's own value where it has one: it knows of late values, the line here keeps what was posted.
        worth = -values[move_id] if move_id in values else (amount or NOUGHT) * (1 if kind in OUT else -1)
        found[order_id] = found.get(order_id, NOUGHT) + worth
    return found


def given_to_receipts(order_id: int) -> Decimal:
    """What the order's receipts were valued at when they were posted."""
    rows = WorkOrderMove.objects.filter(order_id=order_id, kind=WorkOrderMove.Kind.RECEIPT)
    return rows.aggregate(sum=Sum("amount"))["sum"] or NOUGHT


def actual_cost(order_id: int) -> ActualCost:
    """The order's cost so far. Source: production §11, actual cost."""
    machine = overhead = timed = NOUGHT
    general = overhead_rate()
    reports = Report.objects.filter(order_id=order_id, minutes__isnull=False).select_related("work_centre", "step")
    paid = set(
        WageLine.objects.filter(report__order_id=order_id)
        .exclude(amount=0)
        .order_by("seq")
        .values_list("seq", flat=True)
    )
    for report in reports.order_by("id"):
        minutes, centre = report.minutes or NOUGHT, report.work_centre
        machine += hours_value(minutes, centre.machine_rate)
        overhead += hours_value(minutes, centre.overhead_rate or general)
        if report.step.seq not in paid:
            timed += hours_value(minutes, centre.labour_rate)
    wages = WageLine.objects.filter(report__order_id=order_id).aggregate(sum=Sum("amount"))["sum"] or NOUGHT
    return ActualCost(
        material=material_so_far(order_id), labour=wages + timed, machine=machine, overhead=overhead,
        subcontract=_fees(order_id),
    )  # fmt: skip


def _fees(order_id: int) -> Decimal:
    """委外加工费: what the subcontractors made good, at the price of the step, to the fen a step."""
    steps = WorkOrderStep.objects.filter(order_id=order_id, subcontract__isnull=False, good__gt=0).order_by("seq")
    prices = [(step.good, Decimal(str((step.subcontract or {}).get("price") or 0))) for step in steps]
    return sum((to_cent(good * price) for good, price in prices), NOUGHT)


def final_values(order_id: int) -> list[tuple[int, Decimal]]:
    """(stock move of a receipt, its final value): the order's whole cost, what goes beyond shared by quantity."""
    rows = WorkOrderMove.objects.filter(order_id=order_id, kind=WorkOrderMove.Kind.RECEIPT, move_id__gt=0)
    receipts: Sequence[WorkOrderMove] = list(rows.order_by("id"))
    if not receipts:
        return []
    rest = actual_cost(order_id).total - given_to_receipts(order_id)
    shares = by_quantity(rest, [row.quantity for row in receipts])
    return [(row.move_id, (row.amount or NOUGHT) + share) for row, share in zip(receipts, shares, strict=True) if share]


def in_progress(on: date) -> list[tuple[int, str, Decimal]]:
    """(order, number, value) of the orders that were in the shop at the end of a day, by id."""
    begun = WorkOrder.objects.exclude(state__in=(WorkOrder.State.DRAFT, WorkOrder.State.CANCELLED))
    rows = begun.filter(Q(closed_at__isnull=True) | Q(closed_at__date__gt=on), released_at__date__lte=on)
    numbers = dict(rows.order_by("id").values_list("id", "number"))
    material = material_of(numbers, until=on)
    moves = WorkOrderMove.objects.filter(order_id__in=numbers, kind=WorkOrderMove.Kind.RECEIPT, moved_on__lte=on)
    given = dict(moves.order_by("order_id").values_list("order_id").annotate(sum=Sum("amount")))
    earned = WageLine.objects.filter(report__order_id__in=numbers, paid_on__lte=on)
    wages = dict(earned.order_by("report__order_id").values_list("report__order_id").annotate(sum=Sum("amount")))
    return [
        (key, number, material.get(key, NOUGHT) + wages.get(key, NOUGHT) - (given.get(key) or NOUGHT))
        for key, number in numbers.items()
    ]
