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
from apps.billing.models import JobRun, Payment, Signup, SubscriptionItem
from apps.billing.selectors import operator, usage

MONTHS = 12
SHOWN = 5
BANDS = ((1, 7), (8, 15), (16, 30), (31, None))  # days late, as the board groups them


def board_page(*, now: datetime, today: date) -> dict[str, Any]:
    """Everything on the board, CNY, VAT included, as of `now`; each table is read once."""
    items = operator.billed_items()
    course, received = recurring_course(today, items), received_course(today)
    months = sorted(course)
    recurring = operator.mrr_by_tenant(items)
    moves = waterfall(_text_keys(course[months[-2]]), _text_keys(recurring))
    late = operator.dunning_board(today)
    paying = sum(1 for amount in recurring.values() if amount)
    received_now = received.get(months[-1], ZERO)
    return {
        "now": now,
        "mrr": sum(recurring.values(), ZERO),
        "mrr_spark": [sum(course[month].values(), ZERO) for month in months],
        "mrr_change": _change(moves.start, moves.end),
        "paying": paying,
        "paying_spark": [len(course[month]) for month in months],
        "paying_change": paying - len(course[months[-2]]),
        "received_this_month": received_now,
        "received_spark": [received.get(month, ZERO) for month in months],
        "received_change": _change(received.get(months[-2], ZERO), received_now),
        "moves": _moves(moves),
        "bank_queue": operator.bank_lines().count(),
        "lines": [bank_row(line) for line in operator.bank_lines()[:SHOWN]],
        "failures": failures(),
        "pipeline": usage.health(now=now),
        "bands": _bands(late),
        **_overdue(late),
    }


def _overdue(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """CNY of open invoices whose due day has passed, and how many they are."""
    amount = sum((row["overdue"] for row in rows), ZERO)
    return {"overdue": amount, "overdue_count": sum(row["overdue_count"] for row in rows)}


def recurring_course(today: date, items: list[SubscriptionItem]) -> dict[date, dict[int, Decimal]]:
    """MRR of each paying company at the end of each of the last twelve months, the running one up to now (R-MRR).

    `items` as `operator.billed_items` answers them.
    """
    first = today.replace(day=1)
    months = [_months_back(first, back) for back in range(MONTHS - 1, -1, -1)]
    return {month: _recurring_on(items, min(month_of(month).end - timedelta(days=1), today)) for month in months}


def _recurring_on(items: list[SubscriptionItem], day: date) -> dict[int, Decimal]:
    held: dict[int, list[RecurringItem]] = {}
    for row in items:
        billed_from = row.subscription.billed_from
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
    """`+6.2%`, `0.0%`; nothing when there was nothing before."""
    if not before:
        return ""
    share = ((after - before) * 100 / before).quantize(Decimal("0.1"))
    return f"{share:+}%" if share else "0.0%"


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


def _bands(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for low, high in BANDS:
        late = [row for row in rows if row["days_late"] >= low and (high is None or row["days_late"] <= high)]
        found.append(
            {"low": low, "high": high, "count": len(late), "amount": sum((row["amount"] for row in late), ZERO)}
        )
    return found
