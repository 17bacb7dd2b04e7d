"""The recurring run, numbers and commands on a real database: `given["script"]` through the services."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

from apps.billing.domain.calendar import Period, month_of, start_of_day
from apps.billing.domain.changes import Step
from apps.billing.models import BillingAccount, Invoice, Subscription, SubscriptionItem
from apps.billing.selectors.catalogue import price_book
from apps.billing.services import changes, invoices, jobs, periods, steps
from kernel.errors import DomainError
from tenants.models import ModuleGrant, Tenant
from tests.billing.case_kinds._text import Json, moment, period

DEFAULT_AT = "2026-03-04T00:00:00+08:00"


def run(given: Json) -> Json:
    script = _Script(given)
    for step in given["script"]:
        getattr(script, f"do_{step['op']}")(step)
    return script.answer()


class _RolledBack(Exception):
    """Takes a finalise back on purpose."""


class _Script:
    def __init__(self, given: Json) -> None:
        self.at = moment(given.get("at", DEFAULT_AT))
        self.period = period(given["period"]) if "period" in given else month_of((self.at - timedelta(days=30)).date())
        self.named: dict[str, int] = {}
        self.numbers: dict[str, str] = {}
        self.deleted: set[str] = set()
        self.errors = 0
        self.first_lines: list[tuple[Any, ...]] | None = None
        self.statuses: list[int] = []
        self.commanded: tuple[int, str] | None = None
        self.ids = [_active_company(f"t{number}", self.period) for number in range(given.get("tenants", 0))]

    # -- the run --------------------------------------------------------------------------------------------------
    def do_run(self, step: Json) -> None:
        self._keep_lines(_run_jobs(self.at))

    def do_run_parallel(self, step: Json) -> None:
        with ThreadPoolExecutor(step.get("workers", 2)) as pool:
            self._keep_lines(sum(pool.map(_in_thread, [self.at] * step.get("workers", 2))))

    def do_crash_after(self, step: Json) -> None:
        for subscription_id in self.ids[: step.get("commits", 0)]:
            for each in (steps.catch_up, steps.finalise):
                steps.on_locked(subscription_id, self.at, each)

    def _keep_lines(self, errors: int) -> None:
        self.errors += errors
        self.first_lines = self.first_lines or _lines()

    # -- one named invoice ----------------------------------------------------------------------------------------
    def do_draft(self, step: Json) -> None:
        subscription_id = _active_company(f"n{len(self.named)}", self.period)
        with transaction.atomic():
            row = Subscription.objects.across_tenants().select_for_update().get(pk=subscription_id)
            made = periods.catch_up(row, price_book(), self._at(step))
        self.named[step["as"]] = made[0].pk

    def do_delete_draft(self, step: Json) -> None:
        invoices.delete_draft(invoice_id=self.named[step["as"]], at=self._at(step))
        self.deleted.add(step["as"])

    def do_finalise(self, step: Json) -> None:
        done = invoices.finalise(invoice_id=self.named[step["as"]], at=self._at(step), early=True)
        assert done is not None and done.number is not None
        self.numbers[step["as"]] = done.number

    def do_finalise_rolled_back(self, step: Json) -> None:
        try:
            with transaction.atomic():
                invoices.finalise(invoice_id=self.named[step["as"]], at=self._at(step), early=True)
                raise _RolledBack
        except _RolledBack:
            pass

    def do_void(self, step: Json) -> None:
        invoices.void(invoice_id=self.named[step["as"]], reason="错账", at=self._at(step))

    def _at(self, step: Json) -> datetime:
        return moment(step["at"]) if "at" in step else self.at

    # -- one command, sent several times --------------------------------------------------------------------------
    def do_command(self, step: Json) -> None:
        subscription_id = _active_company("c0", month_of(self.at.date()))
        tenant_id = Subscription.objects.across_tenants().get(pk=subscription_id).tenant_id
        self.commanded = (tenant_id, step["item"])
        wish = (Step(do="add", item=step["item"], quantity=1),)
        quote = changes.preview(tenant_id=tenant_id, steps=wish, at=self.at).quote
        workers = len(step["keys"]) if step.get("concurrent") else 1
        with ThreadPoolExecutor(workers) as pool:
            calls = [(tenant_id, wish, quote, key, self.at) for key in step["keys"]]
            self.statuses = sorted(pool.map(_command, calls))

    # -- what is there now ----------------------------------------------------------------------------------------
    def answer(self) -> Json:
        recurring = Invoice.objects.across_tenants().filter(reason="recurring")
        found = {"invoices": recurring.count(), "distinct_numbers": recurring.values("number").distinct().count()}
        states = dict(Invoice.objects.across_tenants().filter(pk__in=self.named.values()).values_list("pk", "state"))
        status = {name: states[key] for name, key in self.named.items() if name not in self.deleted}
        return {
            **found,
            **self._command_figures(),
            "errors": self.errors,
            "lines_unchanged": self.first_lines is None or self.first_lines == _lines(),
            "numbers": self.numbers,
            "status": status,
            "http_status": self.statuses,
            "last_numbers": _last_numbers(),
        }

    def _command_figures(self) -> Json:
        if self.commanded is None:
            return {}
        tenant_id, item = self.commanded
        rows = SubscriptionItem.objects.of(tenant_id).filter(item=item)
        made = Invoice.objects.of(tenant_id).filter(reason="change")
        return {"items_added": sum(row.quantity for row in rows), "change_invoices": made.count()}


def _active_company(slug: str, held: Period) -> int:
    """A company that is active in `held` with 轻财务 paid for it; no schema, for billing never enters one."""
    at = start_of_day(held.start)
    tenant = Tenant.objects.create(
        slug=f"case-{slug}", name=f"案例 {slug}", schema_name=f"t_case_{slug}", created_at=at
    )
    ModuleGrant.objects.create(tenant=tenant, module="finance", granted_at=at)
    BillingAccount.objects.create(tenant=tenant, legal_name=tenant.name)
    row = Subscription.objects.create(
        tenant=tenant, state="active", started_on=held.start, anchor_date=held.start, billed_from=held.start,
        period_start=held.start, period_end=held.end, usage_until=held.start, terms_accepted_at=at, created_at=at,
    )  # fmt: skip
    book = price_book()
    for code in ("base", "finance"):
        price = book.item(book.plan_on(held.start), code, "month")
        assert price is not None
        periods.open_item(row, item=code, price=price, quantity=1, day=held.start)
    return row.pk


def _run_jobs(at: datetime) -> int:
    return sum(len(jobs.JOBS[name](at).failed) for name in ("start_periods", "finalise"))


def _in_thread(at: datetime) -> int:
    try:
        return _run_jobs(at)
    finally:
        connections.close_all()


def _command(call: tuple[int, tuple[Step, ...], str, str, datetime]) -> int:
    tenant_id, wish, quote, key, at = call
    try:
        changes.change(tenant_id=tenant_id, steps=wish, quote=quote, key=key, at=at, actor=None)
        return 201
    except DomainError as error:
        return error.http_status
    finally:
        connections.close_all()


def _lines() -> list[tuple[Any, ...]]:
    rows = Invoice.objects.across_tenants().filter(reason="recurring", number__isnull=False)
    return list(rows.order_by("id", "lines__position").values_list("id", "lines__id", "lines__amount", "lines__net"))


def _last_numbers() -> Json:
    numbers = Invoice.objects.across_tenants().filter(number__isnull=False).values_list("number", flat=True)
    last: dict[str, int] = {}
    for number in numbers:
        _series, year, serial = str(number).split("-")
        last[year] = max(last.get(year, 0), int(serial))
    return last
