"""A walk of commands over one company: after each step the books of billing still prove themselves (I1 to I12)."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from apps.billing.domain.changes import Step
from apps.billing.domain.usage import UsageEvent
from apps.billing.models import Invoice, Payment, SubscriptionChange
from apps.billing.selectors.invoices import amount_due, of_company
from apps.billing.services import changes, invariants, invoices, jobs, payments, usage
from apps.billing.services.payments import Part
from kernel.errors import DomainError
from tests.billing.case_kinds import billing_run
from tests.billing.conftest import at

MODULES = ("finance", "inventory", "production", "supply")
STEPS = st.one_of(
    st.builds(Step, do=st.just("add"), item=st.sampled_from(MODULES)),
    st.builds(Step, do=st.just("add"), item=st.just("seat"), quantity=st.integers(1, 3)),
    st.builds(Step, do=st.just("set_quantity"), item=st.just("seat"), quantity=st.integers(0, 5)),
    st.builds(Step, do=st.sampled_from(["remove_now", "remove_at_period_end", "keep"]), item=st.sampled_from(MODULES)),
    st.builds(Step, do=st.just("change_interval"), to=st.sampled_from(["month", "year"])),
)


class Books(RuleBasedStateMachine):
    """add, remove, quantity, interval, event, duplicate, late, void, finalise, pay, time."""

    @initialize()
    def begin(self) -> None:
        Book.number += 1
        period = billing_run.period(["2026-02-01", "2026-03-01"])
        self.subscription = billing_run._active_company(f"p{Book.number}", period)
        self.tenant = billing_run.Subscription.objects.across_tenants().get(pk=self.subscription).tenant_id
        self.now = at("2026-02-01 08:00")
        self.serial = 0

    @rule(step=STEPS)
    def change(self, step: Step) -> None:
        """What was previewed is charged to the fen, or both refuse."""
        self.serial += 1
        try:
            shown = changes.preview(tenant_id=self.tenant, steps=[step], at=self.now)
        except DomainError:
            return
        row, fresh = changes.change(
            tenant_id=self.tenant, steps=[step], quote=shown.quote, key=f"k{self.serial}", at=self.now, actor=None
        )
        again, twice = changes.change(
            tenant_id=self.tenant, steps=[step], quote=shown.quote, key=f"k{self.serial}", at=self.now, actor=None
        )
        assert fresh and not twice and again.pk == row.pk
        assert row.net == shown.net
        made = Invoice.objects.of(self.tenant).filter(change=row).first()
        assert (amount_due(made) if made else Decimal("0.00")) == shown.due_now

    @rule(value=st.integers(1, 9000), late=st.integers(0, 30), twice=st.booleans())
    def use(self, value: int, late: int, twice: bool) -> None:
        self.serial += 1
        event = UsageEvent(
            tenant=str(self.tenant), transaction_id=f"e{self.serial}", meter="platform.device_readings",
            value=Decimal(value), occurred_at=self.now - billing_run.timedelta(days=late),
        )  # fmt: skip
        for _time in range(1 + twice):
            usage.ingest(events=[event], received_at=self.now)

    @rule()
    def take_back(self) -> None:
        self.serial += 1
        event = UsageEvent(tenant=str(self.tenant), transaction_id=f"v{self.serial}", voids=f"e{self.serial - 1}")
        usage.ingest(events=[event], received_at=self.now)

    @rule(days=st.sampled_from([1, 4, 33]))
    def wait(self, days: int) -> None:
        """Time passes with the jobs of each midnight."""
        for _day in range(days):
            self.now += billing_run.timedelta(days=1)
            for name in jobs.CLOCK_JOBS:
                assert not jobs.JOBS[name](self.now).failed

    @rule(part=st.sampled_from(["0.01", "50.00", "all", "more"]))
    def pay(self, part: str) -> None:
        due = of_company(self.tenant).filter(state__in=("open", "partially_paid")).order_by("id").first()
        if due is None:
            return
        self.serial += 1
        owed = amount_due(due)
        amount = {"all": owed, "more": owed + 7}.get(part) or Decimal(part.replace("more", "0").replace("all", "0"))
        payments.record(
            tenant_id=self.tenant, gateway="bank_transfer", external_id=f"{self.tenant}:{self.serial}", amount=amount,
            parts=[Part(due.pk)], received_at=self.now, at=self.now,
        )  # fmt: skip

    @rule()
    def void(self) -> None:
        row = Invoice.objects.of(self.tenant).filter(state="open").order_by("-id").first()
        if row is None:
            return
        try:
            invoices.void(invoice_id=row.pk, reason="错账", at=self.now)
        except DomainError:
            assert row.balance_applied or row.paid

    @invariant()
    def books_prove_themselves(self) -> None:
        broken = {name: row["detail"] for name, row in invariants.check_all().items() if not row["ok"]}
        assert not broken
        assert Payment.objects.across_tenants().filter(amount__lte=0).count() == 0
        assert SubscriptionChange.objects.across_tenants().count() >= 0


class Book:
    """Names of companies do not repeat over the examples of one run."""

    number = 0


@pytest.mark.slow
def test_books_prove_themselves_after_every_walk(committed_db: str):
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=5, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
