"""R-ENTITLE, R-DUNNING, R-TRIAL, R-PRICE-VERSION and the moves between states (I12)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import access, dunning, numbering, price_version, states, trial
from apps.billing.domain.access import Entitlement, SubscriptionState, Target
from apps.billing.domain.calendar import ZONE, Period
from apps.billing.domain.dunning import Ladder, PaidAt, Pause, Receivable
from apps.billing.domain.price_version import NoPriceInForce, PriceVersion

DUE = date(2026, 3, 19)
LADDER = Ladder()


def unpaid(*payments: PaidAt, issued: date = date(2026, 3, 4)) -> Receivable:
    return Receivable(
        number="INV-2026-000001", issued_on=issued, terms_days=15, amount=Decimal("425.93"), payments=payments
    )


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@pytest.mark.parametrize("state", SubscriptionState)
def test_r_entitle_leaving_and_paying_are_always_open(state):
    for target in ("export", "invoice", "pay", "sign_in", "wallet", "usage_event"):
        assert access.refusal_code(state, frozenset(), Target(target), "finance") is None


@pytest.mark.parametrize(
    ("state", "target", "code"),
    [
        ("past_due", "create", None),
        ("read_only", "detail", None),
        ("read_only", "create", "subscription_read_only"),
        ("read_only", "subscription_change", "subscription_read_only"),
        ("trial_expired", "subscription_change", None),
        ("trial_expired", "update", "subscription_read_only"),
        ("suspended", "list", "subscription_suspended"),
        ("closed", "detail", "subscription_closed"),
    ],
)
def test_r_entitle_by_state(state, target, code):
    modules = frozenset({"inventory"})

    assert access.refusal_code(SubscriptionState(state), modules, Target(target), "inventory") == code


def test_r_entitle_a_module_that_is_off_stays_exportable():
    entitlement = Entitlement(SubscriptionState.ACTIVE, frozenset({"inventory"})).switch("inventory", on=False)

    assert entitlement.status_of(Target.LIST, "inventory", foreign=False) == 402
    assert entitlement.status_of(Target.EXPORT, "inventory", foreign=False) == 200
    assert entitlement.status_of(Target.LIST, "masterdata", foreign=False) == 200
    assert entitlement.grant_changes == 1
    assert entitlement.switch("inventory", on=False).grant_changes == 1


def test_r_isolation_another_tenants_object_is_not_found():
    entitlement = Entitlement(SubscriptionState.ACTIVE, frozenset({"inventory"}))

    assert entitlement.status_of(Target.UPDATE, "inventory", foreign=True) == 404
    assert entitlement.status_of(Target.INVOICE, None, foreign=True) == 404


def test_paying_everything_leads_back_in_one_step_but_not_from_closed():
    late = Entitlement(SubscriptionState.SUSPENDED, frozenset({"finance", "supply"})).settle()
    closed = Entitlement(SubscriptionState.CLOSED, frozenset({"finance"})).settle()

    assert (late.state, late.grant_changes) == (SubscriptionState.ACTIVE, 2)
    assert closed.state is SubscriptionState.CLOSED


@given(st.integers(-20, 200))
def test_r_dunning_never_steps_back_while_unpaid(days):
    order = ["active", "past_due", "read_only", "suspended", "closed"]
    today, tomorrow = (
        dunning.state_at([unpaid()], LADDER, at(DUE + timedelta(days=late))) for late in (days, days + 1)
    )

    assert order.index(today) <= order.index(tomorrow)


def test_r_dunning_a_part_payment_stops_nothing_and_the_rest_ends_it():
    part = PaidAt(at(DUE, 10), Decimal("425.92"))
    rest = PaidAt(at(date(2026, 4, 5), 10), None)

    assert dunning.state_at([unpaid(part)], LADDER, at(date(2026, 4, 3))) == "read_only"
    assert dunning.state_at([unpaid(part, rest)], LADDER, at(date(2026, 4, 5), 9)) == "read_only"
    assert dunning.state_at([unpaid(part, rest)], LADDER, at(date(2026, 4, 5), 10)) == "active"


def test_r_dunning_the_oldest_unpaid_decides_and_closed_is_final():
    paid_late = unpaid(PaidAt(at(date(2026, 7, 1)), None))
    newer = unpaid(issued=date(2026, 4, 4))

    assert dunning.state_at([newer, unpaid()], LADDER, at(date(2026, 4, 20))) == "read_only"
    assert dunning.state_at([paid_late], LADDER, at(date(2026, 7, 2))) == "closed"


def test_r_dunning_reminders_go_out_at_nine_while_something_is_open():
    paid = unpaid(PaidAt(at(DUE, 8), None))

    assert dunning.reminders_sent(paid, LADDER, at(date(2026, 5, 1))) == (date(2026, 3, 16),)
    assert dunning.reminders_sent(unpaid(), LADDER, at(date(2026, 3, 22), 8)) == (date(2026, 3, 16), DUE)


def test_r_dunning_a_pause_holds_steps_back_to_the_day_after_it():
    pause = Pause(date(2026, 4, 1), date(2026, 4, 10))

    plan = dunning.schedule(DUE, LADDER, pause)

    assert plan.read_only_from == date(2026, 4, 11)
    assert plan.suspended_from == date(2026, 5, 3)
    assert dunning.state_at([unpaid()], LADDER, at(date(2026, 4, 10)), pause) == "past_due"


def test_i12_states_only_move_along_their_lines():
    assert states.may_move(states.SUBSCRIPTION, "suspended", "active")
    assert not states.may_move(states.SUBSCRIPTION, "closed", "active")
    assert not states.may_move(states.INVOICE, "paid", "void")
    assert not states.may_move(states.PAYMENT, "refunded", "succeeded")
    assert states.may_move(states.BANK_LINE, "suggested", "matched")
    for moves in (states.SUBSCRIPTION, states.INVOICE, states.PAYMENT, states.BANK_LINE, states.FAPIAO):
        assert {target for targets in moves.values() for target in targets} <= set(moves)


def test_r_trial_without_terms_or_method_expires_read_only():
    end = trial.end_trial(
        started_on=date(2026, 3, 5),
        days=14,
        unit_price=Decimal("1990.00"),
        interval="year",
        alignment="calendar",
        payment_method_present=False,
        invoice_terms_accepted=False,
    )

    assert (end.state, end.access, end.invoice_created) == ("trial_expired", "read_only", False)
    assert end.first_period == Period(date(2026, 3, 19), date(2027, 3, 19))
    assert end.first_line.amount == Decimal("1990.00")


def test_r_price_version_never_goes_back_and_waits_for_its_date():
    def version(name: str, price: str, start: date, until: date | None = None) -> PriceVersion:
        return PriceVersion(version=name, unit_price=Decimal(price), effective_from=start, grandfathered_until=until)

    versions = [
        version("v3", "139.00", date(2026, 5, 1), date(2027, 1, 1)),
        version("v1", "99.00", date(2025, 1, 1)),
        version("v2", "119.00", date(2026, 4, 1)),
    ]
    renewals = [date(2026, 3, 1), date(2026, 4, 1), date(2026, 12, 1), date(2027, 1, 1)]

    chosen = [found.version for found in price_version.over_renewals(versions, "v1", renewals)]

    assert chosen == ["v1", "v2", "v2", "v3"]
    assert price_version.at_renewal(versions, "v3", date(2026, 6, 1)).version == "v3"
    assert price_version.for_new_purchase(versions, date(2026, 5, 1)).version == "v3"
    with pytest.raises(NoPriceInForce):
        price_version.for_new_purchase(versions, date(2024, 1, 1))


def test_r_number_series_follow_the_local_year():
    new_year = datetime.fromisoformat("2026-12-31T16:00:00Z")

    assert numbering.series_at("INV", new_year) == "INV-2027"
    assert numbering.format_number("CN-2026", 12) == "CN-2026-000012"
    with pytest.raises(ValueError, match="start at 1"):
        numbering.format_number("INV-2026", 0)
