"""The operator's questions over all companies: the board, companies, bank queue, dunning, jobs, ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.billing.domain import dunning as ladder
from apps.billing.domain.access import SubscriptionState, access_of
from apps.billing.domain.analytics import RecurringItem, monthly_recurring
from apps.billing.domain.calendar import month_of, start_of_day
from apps.billing.domain.money import ZERO
from apps.billing.models import (
    BankStatementLine,
    BillingAccount,
    InvoiceShare,
    JobRun,
    LedgerPosting,
    Payment,
    Subscription,
    SubscriptionItem,
)
from apps.billing.selectors.dunning import LADDER, pause_of
from kernel.errors import NotFound
from tenants.models import Membership, Tenant

PAYING = (
    SubscriptionState.ACTIVE,
    SubscriptionState.PAST_DUE,
    SubscriptionState.READ_ONLY,
    SubscriptionState.SUSPENDED,
)
QUEUE = ("new", "suggested", "conflict")


def mrr_by_tenant() -> dict[int, Decimal]:
    """R-MRR of each paying company now, CNY: what its next invoices will bill of items; no usage, no trial."""
    rows = (
        SubscriptionItem.objects.across_tenants()
        .filter(valid_to=None, subscription__state__in=PAYING)
        .select_related("price", "subscription")
        .order_by("tenant_id", "id")
    )
    items: dict[int, list[RecurringItem]] = {}
    for row in rows:
        quantity = row.subscription.scheduled.get(row.item, row.quantity)
        item = RecurringItem(row.price.unit_price, quantity, row.price.interval)
        items.setdefault(row.tenant_id, []).append(item)
    return {tenant_id: monthly_recurring(held) for tenant_id, held in items.items()}


def board(today: date) -> dict[str, Any]:
    """MRR, paying companies, money received this month, what is overdue, and what waits for a person."""
    month, recurring = month_of(today), mrr_by_tenant()
    received = Payment.objects.across_tenants().filter(
        received_at__gte=start_of_day(month.start), received_at__lt=start_of_day(month.end)
    )
    overdue = _open_shares().filter(invoice__due_on__lt=today)
    latest = JobRun.objects.order_by("-id").values("id")[:50]
    return {
        "mrr": sum(recurring.values(), ZERO),
        "paying": sum(1 for amount in recurring.values() if amount),
        "trialing": Subscription.objects.across_tenants().filter(state=SubscriptionState.TRIALING).count(),
        "received_this_month": received.aggregate(sum=Sum("amount"))["sum"] or ZERO,
        "overdue": _left(overdue),
        "overdue_count": overdue.count(),
        "bank_queue": BankStatementLine.objects.filter(state__in=QUEUE).count(),
        "failed_jobs": JobRun.objects.filter(id__in=latest).exclude(failed=[]).count(),
    }


def _open_shares() -> QuerySet[InvoiceShare]:
    return InvoiceShare.objects.across_tenants().filter(
        payer="enterprise", invoice__state__in=("open", "partially_paid")
    )


def _left(shares: QuerySet[InvoiceShare]) -> Decimal:
    sums = shares.aggregate(owed=Sum("amount"), settled=Sum("settled"))
    return (sums["owed"] or ZERO) - (sums["settled"] or ZERO)


def tenants(*, search: str = "", state: str = "") -> QuerySet[Tenant]:
    """Companies by name; `state` is the subscription's."""
    rows = Tenant.objects.filter(state=Tenant.State.ACTIVE)
    if search:
        rows = rows.filter(Q(slug__icontains=search) | Q(name__icontains=search))
    if state:
        with_state = Subscription.objects.across_tenants().filter(state=state).values("tenant_id")
        rows = rows.filter(pk__in=with_state)
    return rows.order_by("name", "id")


def tenant_rows(rows: list[Tenant]) -> list[dict[str, Any]]:
    """What the list shows of these companies; a fixed number of queries."""
    ids = [row.pk for row in rows]
    recurring = mrr_by_tenant()
    states = dict(
        Subscription.objects.across_tenants().filter(tenant_id__in=ids).order_by("id").values_list("tenant_id", "state")
    )
    accounts = dict(
        BillingAccount.objects.across_tenants().filter(tenant_id__in=ids).values_list("tenant_id", "balance")
    )
    seen = dict(Membership.objects.filter(tenant_id__in=ids).values_list("tenant_id").annotate(Max("last_seen_at")))
    owed = {
        row["tenant_id"]: row["owed"] - row["settled"]
        for row in _open_shares()
        .filter(tenant_id__in=ids)
        .values("tenant_id")
        .annotate(owed=Sum("amount"), settled=Sum("settled"))
        .order_by("tenant_id")
    }
    grants: dict[int, dict[str, str]] = {}
    for row in Tenant.objects.filter(pk__in=ids).prefetch_related("grants").order_by("id"):
        grants[row.pk] = {grant.module: grant.level for grant in row.grants.all()}
    return [
        {
            "tenant": row.slug,
            "name": row.name,
            "state": states.get(row.pk),
            "access": row.access,
            "modules": grants.get(row.pk, {}),
            "mrr": recurring.get(row.pk, ZERO),
            "receivable": owed.get(row.pk, ZERO),
            "balance": accounts.get(row.pk, ZERO),
            "last_seen_at": seen.get(row.pk),
        }
        for row in rows
    ]


def tenant_by_slug(slug: str) -> Tenant:
    """Raises NotFound."""
    row = Tenant.objects.filter(slug=slug, state=Tenant.State.ACTIVE).first()
    if row is None:
        raise NotFound(_("没有这家企业。"))
    return row


def bank_lines(*, state: str = "queue", search: str = "") -> QuerySet[BankStatementLine]:
    """Statement rows, newest first; `queue` = all that wait for a person."""
    rows = BankStatementLine.objects.select_related("suggested", "payment__tenant")
    if state == "queue":
        rows = rows.filter(state__in=QUEUE)
    elif state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(serial__icontains=search) | Q(payer_name__icontains=search) | Q(remark__icontains=search))
    return rows.order_by("-booked_at", "-id")


def dunning_board(today: date) -> list[dict[str, Any]]:
    """Companies with an open invoice, most days late first: amount, next step and its day, pause."""
    subscriptions = {
        row.tenant_id: row for row in Subscription.objects.across_tenants().select_related("tenant").order_by("id")
    }
    oldest: dict[int, date] = {}
    amounts: dict[int, Decimal] = {}
    for share in _open_shares().select_related("invoice").order_by("invoice__due_on", "id"):
        if share.invoice.due_on:
            oldest.setdefault(share.tenant_id, share.invoice.due_on)
        amounts[share.tenant_id] = amounts.get(share.tenant_id, ZERO) + share.amount - share.settled
    rows = [
        _dunning_row(subscriptions[key], due, amounts[key], today)
        for key, due in oldest.items()
        if key in subscriptions
    ]
    return sorted(rows, key=lambda row: (-row["days_late"], row["tenant"]))


def _dunning_row(subscription: Subscription, due: date, amount: Decimal, today: date) -> dict[str, Any]:
    plan = ladder.schedule(due, LADDER, pause_of(subscription))
    steps = (
        ("past_due", plan.overdue_from),
        ("read_only", plan.read_only_from),
        ("suspended", plan.suspended_from),
        ("closed", plan.closed_from),
    )
    ahead = [step for step in steps if step[1] > today]
    return {
        "tenant": subscription.tenant.slug,
        "name": subscription.tenant.name,
        "state": subscription.state,
        "access": access_of(SubscriptionState(subscription.state)).value,
        "days_late": (today - due).days,
        "amount": amount,
        "next_step": ahead[0][0] if ahead else None,
        "next_on": ahead[0][1] if ahead else None,
        "paused_until": subscription.dunning_paused_until,
    }


def job_runs(name: str = "") -> QuerySet[JobRun]:
    """Runs of jobs, newest first."""
    rows = JobRun.objects.all()
    return (rows.filter(name=name) if name else rows).order_by("-id")


def trial_balance() -> dict[str, Any]:
    """Debit, credit and balance by account; the sum is 0.00."""
    rows = LedgerPosting.objects.values("account").annotate(
        debit=Sum("amount", filter=Q(amount__gt=0)), credit=Sum("amount", filter=Q(amount__lt=0))
    )
    accounts = [
        {
            "account": row["account"],
            "debit": row["debit"] or ZERO,
            "credit": -(row["credit"] or ZERO),
            "balance": (row["debit"] or ZERO) + (row["credit"] or ZERO),
        }
        for row in rows.order_by("account")
    ]
    return {"accounts": accounts, "sum": f"{sum((row['balance'] for row in accounts), ZERO):.2f}"}
