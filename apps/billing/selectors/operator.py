"""The operator's questions over all companies: the board, companies, bank queue, dunning, jobs, ledger."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from apps.billing.domain import dunning as ladder
from apps.billing.domain.access import SubscriptionState, access_of
from apps.billing.domain.analytics import RecurringItem, monthly_recurring
from apps.billing.domain.calendar import Interval
from apps.billing.domain.money import ZERO
from apps.billing.models import (
    BankStatementLine,
    BillingAccount,
    InvoiceShare,
    JobRun,
    LedgerPosting,
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


def billed_items() -> list[SubscriptionItem]:
    """Every item that was ever billed, with price and subscription, in one query."""
    rows = SubscriptionItem.objects.across_tenants().filter(subscription__billed_from__isnull=False)
    return list(rows.select_related("price", "subscription").order_by("tenant_id", "id"))


def mrr_by_tenant(items: list[SubscriptionItem] | None = None) -> dict[int, Decimal]:
    """R-MRR of each paying company now, CNY: what its next invoices will bill of items; no usage, no trial."""
    held: dict[int, list[RecurringItem]] = {}
    for row in billed_items() if items is None else items:
        if row.valid_to is not None or row.subscription.state not in PAYING:
            continue
        quantity = row.subscription.scheduled.get(row.item, row.quantity)
        item = RecurringItem(row.price.unit_price, quantity, cast(Interval, row.price.interval))
        held.setdefault(row.tenant_id, []).append(item)
    return {tenant_id: monthly_recurring(rows) for tenant_id, rows in held.items()}


def _open_shares() -> QuerySet[InvoiceShare]:
    return InvoiceShare.objects.across_tenants().filter(
        payer="enterprise", invoice__state__in=("open", "partially_paid")
    )


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
    open_shares: dict[int, list[InvoiceShare]] = {}
    for share in _open_shares().select_related("invoice").order_by("invoice__due_on", "id"):
        open_shares.setdefault(share.tenant_id, []).append(share)
    rows = [
        _dunning_row(subscriptions[key], due, shares, today)
        for key, shares in open_shares.items()
        if key in subscriptions and (due := shares[0].invoice.due_on)
    ]
    return sorted(rows, key=lambda row: (-row["days_late"], row["tenant"]))


def _dunning_row(subscription: Subscription, due: date, shares: list[InvoiceShare], today: date) -> dict[str, Any]:
    late = [share for share in shares if share.invoice.due_on and share.invoice.due_on < today]
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
        "amount": sum((share.amount - share.settled for share in shares), ZERO),
        "overdue": sum((share.amount - share.settled for share in late), ZERO),
        "overdue_count": len(late),
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
