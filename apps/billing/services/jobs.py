"""The jobs: everything by due rows. A company whose step fails is recorded and stops nobody; two at once are safe."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.billing.domain.access import SubscriptionState
from apps.billing.domain.calendar import local_day
from apps.billing.models import IdempotencyKey, Invoice, JobRun, Subscription, UsageEventKey, UsageRollupDay
from apps.billing.services import closed_companies, invariants, rollup, steps, storage_levels, usage_rows
from apps.billing.services.steps import Step
from kernel import events
from kernel.api import idempotency
from kernel.clock import machine_now
from kernel.errors import NotFound
from tenants.context import all_company_ids, load_company, tenant_context
from tenants.models import Tenant

log = logging.getLogger(__name__)
KEYS_KEPT = timedelta(days=400)


@dataclass
class Outcome:
    """What a job did: counts, and (tenant, step, reason) of what failed."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: list[dict[str, Any]] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)


Job = Callable[[datetime], Outcome]


def run(name: str, *, at: datetime) -> Outcome:
    """Run the job `name` for the moment `at` and keep a record. Raises NotFound for an unknown name."""
    if name not in JOBS:
        raise NotFound(_("没有这个任务。"), "unknown_job")
    started = machine_now()
    outcome = JOBS[name](at)
    keep(name, at, outcome, started)
    return outcome


def keep(name: str, at: datetime, outcome: Outcome, started: datetime | None = None) -> None:
    """Record a run, with what failed in it."""
    moment = machine_now()
    JobRun.objects.create(
        name=name, started_at=started or moment, finished_at=moment, for_moment=at, counts=outcome.counts,
        failed=outcome.failed,
    )  # fmt: skip


def _each(ids: Iterable[int], at: datetime, step: Step, label: str) -> Outcome:
    """One transaction a company; another worker's row is skipped, a poison row is recorded."""
    outcome = Outcome(counts={"due": 0, "done": 0, "skipped": 0})
    for subscription_id in ids:
        outcome.counts["due"] += 1
        try:
            did = steps.on_locked(subscription_id, at, step)
        except Exception as error:  # whatever is wrong with one company must not stop the others
            log.warning("%s failed for subscription %s", label, subscription_id, exc_info=True)
            outcome.failed.append(_failure(subscription_id, label, error))
            continue
        outcome.counts["skipped" if did is None else "done"] += 1 if did is None else did
    return outcome


def _failure(subscription_id: int, label: str, error: Exception) -> dict[str, Any]:
    row = Subscription.objects.across_tenants().select_related("tenant").get(pk=subscription_id)
    reason = f"{type(error).__name__}: {error}"[:300]
    Invoice.objects.of(row.tenant_id).filter(subscription=row, number=None).update(
        failed_step=label, failed_reason=reason
    )
    return {"tenant": row.tenant.slug, "step": label, "reason": reason}


def _subscriptions(condition: Q) -> list[int]:
    rows = Subscription.objects.across_tenants().filter(condition)
    return list(rows.order_by("id").values_list("id", flat=True))


def trial_ends(at: datetime) -> Outcome:
    """试用到期: by the first day after the trial."""
    due = Q(state=SubscriptionState.TRIALING, trial_end__lte=local_day(at))
    return _each(_subscriptions(due), at, steps.catch_up, "trial_ends")


def start_periods(at: datetime) -> Outcome:
    """开账: every boundary that was reached, drafts of the recurring invoices."""
    today = local_day(at)
    living = ~Q(state__in=(SubscriptionState.TRIALING, SubscriptionState.TRIAL_EXPIRED, SubscriptionState.CLOSED))
    # The month of usage can end before the period of the items (a year, or a new anchor inside a month).
    month_over = Q(usage_until__lte=today - timedelta(days=28)) | Q(usage_until__lt=F("anchor_date"))
    due = living & (Q(period_end__lte=today) | month_over)
    return _each(_subscriptions(due), at, steps.catch_up, "start_periods")


def finalise(at: datetime) -> Outcome:
    """出账: drafts whose grace is over get their numbers, those that wait are built again."""
    outcome = _each(_with_drafts(Q(finalise_after__lte=at)), at, steps.finalise, "finalise")
    waiting = _each(_with_drafts(Q(finalise_after__gt=at)), at, steps.refresh, "refresh")
    outcome.counts["refreshed"] = waiting.counts["done"]
    outcome.failed += waiting.failed
    return outcome


def _with_drafts(condition: Q) -> list[int]:
    rows = Invoice.objects.across_tenants().filter(condition, state__in=("draft", "building"))
    return list(rows.order_by("subscription_id").values_list("subscription_id", flat=True).distinct())


def dunning(at: datetime) -> Outcome:
    """催收: reminders and rungs of companies with an open invoice, and those that may have been set free."""
    late = (SubscriptionState.PAST_DUE, SubscriptionState.READ_ONLY, SubscriptionState.SUSPENDED)
    due = _owing() | Q(state__in=late)
    return _each(_subscriptions(due & ~Q(state=SubscriptionState.CLOSED)), at, steps.climb, "dunning")


def reminders(at: datetime) -> Outcome:
    """付款提醒 whose 09:00 has passed, without a step down the ladder."""
    due = _owing() & ~Q(state=SubscriptionState.CLOSED)
    return _each(_subscriptions(due), at, steps.remind, "reminders")


def _owing() -> Q:
    unpaid = Invoice.objects.across_tenants().filter(state__in=("open", "partially_paid"))
    return Q(pk__in=unpaid.values("subscription_id"))


def outbox(at: datetime) -> Outcome:
    """事实送达: what the modules of every company have told and nobody heard yet, metering included."""

    def deliver(tenant_id: int) -> None:
        with tenant_context(load_company(tenant_id)):
            events.deliver_waiting()

    return _each_company(all_company_ids(), deliver, "outbox")


def alerts(at: datetime) -> Outcome:
    """用量提醒 of companies that have used something lately."""
    lately = UsageRollupDay.objects.across_tenants().filter(day__gte=local_day(at) - timedelta(days=1))
    used = Q(tenant_id__in=lately.values("tenant_id"))
    return _each(_subscriptions(used & ~Q(state=SubscriptionState.CLOSED)), at, steps.alert, "alerts")


def roll_up(at: datetime) -> Outcome:
    """用量汇总."""
    return Outcome(counts=rollup.roll_up(at=at))


def partitions(at: datetime) -> Outcome:
    """Months of usage events, two ahead."""
    moments = [at + timedelta(days=31 * number) for number in range(usage_rows.MONTHS_AHEAD + 1)]
    return Outcome(counts={"made": usage_rows.ensure_months(moments)})


def prune_keys(at: datetime) -> Outcome:
    """Identities older than 400 days and answered commands older than they are promised."""
    keys = UsageEventKey.objects.across_tenants().filter(created_at__lt=at - KEYS_KEPT)
    return Outcome(counts={"keys": keys.delete()[0], "commands": idempotency.forget_old(IdempotencyKey)})


def storage(at: datetime) -> Outcome:
    """存储水位 of every company, as of the end of yesterday."""

    def measure(tenant_id: int) -> None:
        storage_levels.measure(tenant_id=tenant_id, at=at)

    return _each_company(storage_levels.waiting(at=at), measure, "storage")


def purge_closed(at: datetime) -> Outcome:
    """数据删除: companies that closed 30 days ago."""

    def purge(tenant_id: int) -> None:
        closed_companies.purge(tenant_id=tenant_id, at=at)

    return _each_company(closed_companies.due(at=at), purge, "purge_closed")


def _each_company(ids: Iterable[int], step: Callable[[int], None], label: str) -> Outcome:
    """As `_each`, for steps that enter the company and so keep their own transactions."""
    outcome = Outcome(counts={"due": 0, "done": 0})
    for tenant_id in ids:
        outcome.counts["due"] += 1
        try:
            step(tenant_id)
        except Exception as error:  # as in `_each`
            log.warning("%s failed for company %s", label, tenant_id, exc_info=True)
            slug = Tenant.objects.filter(pk=tenant_id).values_list("slug", flat=True).first()
            reason = f"{type(error).__name__}: {error}"[:300]
            outcome.failed.append({"tenant": slug, "step": label, "reason": reason})
            continue
        outcome.counts["done"] += 1
    return outcome


def prove(at: datetime) -> Outcome:
    """不变量: the books of billing proved by query."""
    results = invariants.check_all()
    broken = [{"tenant": "", "step": name, "reason": row["detail"]} for name, row in results.items() if not row["ok"]]
    return Outcome(counts={"checked": len(results), "broken": len(broken)}, failed=broken, results=results)


JOBS: dict[str, Job] = {
    "rollup": roll_up,
    "trial_ends": trial_ends,
    "start_periods": start_periods,
    "finalise": finalise,
    "dunning": dunning,
    "reminders": reminders,
    "outbox": outbox,
    "alerts": alerts,
    "partitions": partitions,
    "prune_keys": prune_keys,
    "storage": storage,
    "purge_closed": purge_closed,
    "invariants": prove,
}
CLOCK_JOBS = ("rollup", "trial_ends", "start_periods", "finalise", "dunning", "alerts")
