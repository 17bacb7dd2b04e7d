"""运营看板: the operator's figures with their course over a year, and the corners that lead to work."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from apps.billing import offers
from apps.billing.domain.analytics import RecurringItem, Waterfall, monthly_recurring, waterfall
from apps.billing.domain.calendar import ZONE, Interval, month_of, start_of_day
from apps.billing.domain.money import ZERO
from apps.billing.models import JobRun, Payment, Signup, Subscription, SubscriptionItem, UsageEvent
from apps.billing.selectors import operator, usage

MONTHS = 12
SHOWN = 5
BANDS = ((1, 7), (8, 15), (16, 30), (31, None))  # days late, as the board groups them


def board_page(*, now: datetime, today: date) -> dict[str, Any]:
    """Everything on the board, CNY, VAT included, as of `now`."""
    figures = operator.board(today)
    course = recurring_course(today)
    months = sorted(course)
    moves = waterfall(_text_keys(course[months[-2]]), _text_keys(operator.mrr_by_tenant()))
    received = received_course(today)
    return {
        **figures,
        "now": now,
        "mrr_spark": [sum(course[month].values(), ZERO) for month in months],
        "mrr_change": _change(moves.start, moves.end),
        "paying_spark": [len(course[month]) for month in months],
        "paying_change": figures["paying"] - len(course[months[-2]]),
        "received_spark": [received.get(month, ZERO) for month in months],
        "received_change": _change(received.get(months[-2], ZERO), figures["received_this_month"]),
        "moves": _moves(moves),
        "lines": [bank_row(line) for line in operator.bank_lines()[:SHOWN]],
        "failures": failures(),
        "pipeline": pipeline(now=now, today=today),
        "bands": _bands(operator.dunning_board(today)),
    }


def recurring_course(today: date) -> dict[date, dict[int, Decimal]]:
    """MRR of each paying company at the end of each of the last twelve months, the running one up to now (R-MRR)."""
    first = today.replace(day=1)
    months = [_months_back(first, back) for back in range(MONTHS - 1, -1, -1)]
    subscriptions = {row.pk: row for row in Subscription.objects.across_tenants().exclude(billed_from=None)}
    rows = (
        SubscriptionItem.objects.across_tenants()
        .filter(subscription__billed_from__isnull=False)
        .select_related("price")
        .order_by("tenant_id", "id")
    )
    items = list(rows)
    return {
        month: _recurring_on(items, subscriptions, min(month_of(month).end - timedelta(days=1), today))
        for month in months
    }


def _recurring_on(items: list[SubscriptionItem], known: dict[int, Subscription], day: date) -> dict[int, Decimal]:
    held: dict[int, list[RecurringItem]] = {}
    for row in items:
        billed_from = known[row.subscription_id].billed_from
        valid = row.valid_from <= day and (row.valid_to is None or row.valid_to > day)
        if valid and billed_from is not None and billed_from <= day:
            held.setdefault(row.tenant_id, []).append(
                RecurringItem(row.price.unit_price, row.quantity, cast(Interval, row.price.interval))
            )
    amounts = {tenant_id: monthly_recurring(rows) for tenant_id, rows in held.items()}
    return {tenant_id: amount for tenant_id, amount in amounts.items() if amount}


def received_course(today: date) -> dict[date, Decimal]:
    """Money received by local month over the last twelve."""
    since = start_of_day(_months_back(today.replace(day=1), MONTHS - 1))
    rows = (
        Payment.objects.across_tenants()
        .filter(received_at__gte=since)
        .annotate(month=TruncMonth("received_at", tzinfo=ZONE))
        .values("month")
        .annotate(sum=Sum("amount"))
        .order_by("month")
    )
    return {row["month"].date(): row["sum"] for row in rows}


def _months_back(first: date, back: int) -> date:
    number = first.year * 12 + first.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _text_keys(amounts: dict[int, Decimal]) -> dict[str, Decimal]:
    return {str(key): amount for key, amount in amounts.items()}


def _change(before: Decimal, after: Decimal) -> str:
    """`+6.2%`; nothing when there was nothing before."""
    if not before:
        return ""
    return f"{((after - before) * 100 / before).quantize(Decimal('0.1')):+}%"


def _moves(moves: Waterfall) -> list[dict[str, Any]]:
    rows = [
        ("new", moves.new + moves.reactivation, "q-p-2"),
        ("expansion", moves.expansion, "q-p-2"),
        ("contraction", -moves.contraction, "q-p-3"),
        ("churn", -moves.churn, "q-p-4"),
    ]
    highest = max(abs(amount) for _name, amount, _tone in rows) or Decimal(1)
    return [
        {"name": name, "amount": amount, "tone": tone, "bar": int(abs(amount) * 100 / highest)}
        for name, amount, tone in rows
    ]


def bank_row(line: Any) -> dict[str, Any]:
    """A statement row with what the matching thinks of it."""
    verdicts = {
        "suggested": ("suggested", "orange"),
        "conflict": ("conflict", "red"),
        "matched": ("matched", "green"),
    }
    verdict, tone = verdicts.get(line.state, ("none", "red") if line.state == "new" else ("aside", "grey"))
    return {"line": line, "verdict": verdict, "tone": tone, "state": offers.state(offers.BANK_WORDS, line.state)}


def failures() -> list[dict[str, Any]]:
    """Failed steps of each job's last run, and sign-ups that could not be finished; newest first."""
    latest: dict[str, JobRun] = {}
    for run in JobRun.objects.order_by("-id")[:200]:
        latest.setdefault(run.name, run)
    rows = [
        {"job": run.name, "tenant": row.get("tenant", ""), "reason": row.get("reason", ""), "at": run.started_at}
        for run in latest.values()
        for row in run.failed
    ]
    stuck = Signup.objects.filter(status=Signup.Status.FAILED).order_by("-id")[:SHOWN]
    rows += [{"job": "signup", "tenant": row.slug, "reason": row.failure, "at": row.created_at} for row in stuck]
    rows = [{**row, "word": offers.JOB_WORDS.get(row["job"], row["job"])} for row in rows]
    return sorted(rows, key=lambda row: row["at"], reverse=True)


def pipeline(*, now: datetime, today: date) -> dict[str, Any]:
    """用量管道 of today."""
    start = start_of_day(today)
    figures = usage.health(now=now)
    received = UsageEvent.objects.across_tenants().filter(
        received_at__gte=start, occurred_at__gte=start - timedelta(days=36)
    )
    return {**figures, "received_today": received.count()}


def _bands(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for low, high in BANDS:
        late = [row for row in rows if row["days_late"] >= low and (high is None or row["days_late"] <= high)]
        found.append(
            {"low": low, "high": high, "count": len(late), "amount": sum((row["amount"] for row in late), ZERO)}
        )
    return found
