"""计件工资: rates, what a report earns, and months that are settled for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain import wages as arithmetic
from apps.production.events import PieceWorkConfirmed, WagesSettled
from apps.production.models import PieceRate, Report, WageLine, WageSettlement, WorkOrder, WorkOrderStep
from apps.production.services.order_locks import lock_wage_months, lock_worker_day, share_wage_months
from apps.production.services.shop_refusals import refused, wrong_input
from kernel import audit
from kernel.events import publish
from tenants.rights import Member

SIX = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True)
class NewTier:
    """From `start` pieces of the worker's day on: `rate` CNY a piece."""

    start: Decimal
    rate: Decimal


@transaction.atomic
def set_rate(
    *, item: str, seq: int, rate: Decimal, valid_from: date, actor: Member, at: datetime, tiers: Sequence[NewTier] = ()
) -> PieceRate:
    """Write a rate that is in force from a day on; lines that were earned already keep theirs.

    Raises Invalid `unknown_item`, `invalid` (negative rate, tiers that do not rise).
    """
    found = masterdata.item_by_code(item)
    if found is None:
        raise wrong_input("unknown_item", _("没有物料 %(code)s。") % {"code": item[:40]}, "item")
    if rate < 0 or any(tier.rate < 0 or tier.start < 0 for tier in tiers):
        raise wrong_input("invalid", _("单价不能小于零。"), "rate")
    starts = [tier.start for tier in tiers]
    if starts != sorted(set(starts)):
        raise wrong_input("invalid", _("阶梯的起始数量要从小到大，不能重复。"), "tiers")
    row = PieceRate.objects.create(
        item_id=found.id, seq=seq, rate=rate, valid_from=valid_from, created_by_id=actor.user_id,
        created_by_name=actor.name, created_at=at,
        tiers=[{"from": f"{tier.start:f}", "rate": f"{tier.rate:f}"} for tier in tiers],
    )  # fmt: skip
    audit.record(
        actor=actor, action="piece_rate.set", object=f"piece_rate:{row.pk}", label=f"{found.code} {seq} {rate}",
    )  # fmt: skip
    return row


def rate_for(step: WorkOrderStep, item_id: int, on: date) -> arithmetic.Rate:
    """The rate in force on the day: the typed one, else the step's own; nothing is paid where none is."""
    rows = PieceRate.objects.filter(item_id=item_id, seq=step.seq, valid_from__lte=on)
    row = rows.order_by("-valid_from", "-id").first()
    if row is None:
        return arithmetic.Rate(Fraction(step.piece_rate or 0))
    tiers = tuple(arithmetic.Tier(Fraction(tier["from"]), Fraction(tier["rate"])) for tier in row.tiers)
    return arithmetic.Rate(Fraction(row.rate), tiers)


def check_not_settled(day: date) -> None:
    """Raises `wage_period_settled` for a day whose month is settled; holds the months until commit."""
    share_wage_months()
    if _is_settled(day):
        message = _("%(month)s 的计件工资已结算，请把报工日期改到未结算的月份。") % {"month": f"{day:%Y-%m}"}
        raise refused("wage_period_settled", message, "ended_at")


def _is_settled(day: date) -> bool:
    return WageSettlement.objects.filter(month=f"{day:%Y-%m}").exists()


def earn(report: Report, order: WorkOrder, step: WorkOrderStep) -> list[WageLine]:
    """Write what the report's workers earn; publishes PieceWorkConfirmed when it is something.

    Good pieces are paid, scrap only if it is not the worker's (`scrap_is_paid`).
    """
    if not report.workers:
        return []
    on, item_id = report.reported_on, order.item_id
    rate = rate_for(step, item_id, on)
    done = _done_before(report, item_id, step.seq, on) if rate.tiers else {}
    shares = [
        arithmetic.Share(worker["employee"], Fraction(worker["weight"]), done.get(worker["employee_id"], Fraction(0)))
        for worker in report.workers
    ]
    paid = arithmetic.pay(Fraction(report.good + (report.scrap if report.scrap_is_paid else 0)), rate, shares)
    quantities = arithmetic.largest_remainder([one.quantity * 10_000 for one in paid], [one.employee for one in paid])
    rows = [
        WageLine(
            report=report, employee_id=worker["employee_id"], item_id=item_id, seq=step.seq, worked_on=on, paid_on=on,
            quantity=Decimal(units).scaleb(-4), rate=_rate_shown(rate, one), amount=one.amount,
        )
        for worker, one, units in zip(report.workers, paid, quantities, strict=True)
    ]  # fmt: skip
    return _written(report, WageLine.objects.bulk_create(rows))


def _rate_shown(rate: arithmetic.Rate, paid: arithmetic.Paid) -> Decimal:
    # A rate with tiers has no single figure: the line shows what a piece came to.
    exact = Fraction(paid.fen, 100) / paid.quantity if rate.tiers and paid.quantity else rate.rate
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SIX, ROUND_HALF_UP)


def _done_before(report: Report, item_id: int, seq: int, on: date) -> Mapping[int, Fraction]:
    ids = sorted(int(worker["employee_id"]) for worker in report.workers)
    for employee_id in ids:  # in id order: two groups that share workers queue instead of blocking each other
        lock_worker_day(employee_id, str(on), item_id, seq)
    rows = WageLine.objects.filter(employee_id__in=ids, worked_on=on, item_id=item_id, seq=seq)
    sums = rows.order_by("employee_id").values_list("employee_id").annotate(sum=Sum("quantity"))
    return {employee_id: Fraction(quantity) for employee_id, quantity in sums}


def take_back(undone: Report, report: Report) -> list[WageLine]:
    """Write the negative of what the undone report earned; a settled month's falls into the next open one."""
    share_wage_months()
    paid_on = _first_open(undone.reported_on)
    rows = [
        WageLine(
            report=report, employee_id=line.employee_id, item_id=line.item_id, seq=line.seq, worked_on=line.worked_on,
            paid_on=paid_on, quantity=-line.quantity, rate=line.rate, amount=-line.amount,
        )
        for line in undone.wages.order_by("id")
    ]  # fmt: skip
    return _written(report, WageLine.objects.bulk_create(rows))


def _first_open(day: date) -> date:
    while _is_settled(day):
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day


def _written(report: Report, rows: list[WageLine]) -> list[WageLine]:
    if any(row.amount for row in rows):
        publish(
            PieceWorkConfirmed(
                report_id=report.pk, work_order_id=report.order_id, earned_on=str(rows[0].paid_on),
            )
        )  # fmt: skip
    return rows


@transaction.atomic
def settle(*, month: str, actor: Member, at: datetime, today: date) -> WageSettlement:
    """Settle a month (`2026-06`) for good; publishes WagesSettled.

    Raises `wage_period_settled` when it is, Invalid `future_date` for a month that is not over.
    """
    lock_wage_months()
    if month >= f"{today:%Y-%m}":
        raise wrong_input("future_date", _("只能结算已经过完的月份。"), "month")
    if WageSettlement.objects.filter(month=month).exists():
        raise refused("wage_period_settled", _("%(month)s 已经结算过了。") % {"month": month}, "month")
    year, number = int(month[:4]), int(month[5:])
    lines = WageLine.objects.filter(paid_on__year=year, paid_on__month=number)
    sums: dict[str, Any] = lines.aggregate(n=Count("id"), quantity=Sum("quantity"), amount=Sum("amount"))
    row = WageSettlement.objects.create(
        month=month, line_count=sums["n"], quantity=sums["quantity"] or 0, amount=sums["amount"] or 0,
        settled_by_id=actor.user_id, settled_by_name=actor.name, settled_at=at,
    )  # fmt: skip
    audit.record(actor=actor, action="wages.settle", object=f"wages:{month}", label=f"{month} {row.amount}")
    publish(WagesSettled(period=month))
    return row
