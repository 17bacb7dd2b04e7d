"""R-IDEMP, R-LATE, R-CORRECTION, R-AGG, R-ALERT and the order of the checks."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import usage
from apps.billing.domain.calendar import ZONE, Period
from apps.billing.domain.rating import Tier, UsagePrice, charge
from apps.billing.domain.usage import Meter, UsageEvent
from apps.billing.domain.usage_ledger import AlertRule, Finalised, UsageLedger

FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))
TIERS = (Tier(Decimal(100), Decimal("0.10")), Tier(None, Decimal("0.03")))
PRICE = UsagePrice(model="graduated", tiers=TIERS, free_units=Decimal(20))
READINGS = Meter(code="readings", aggregation="sum", price=PRICE)
NOON = datetime(2026, 2, 10, 12, tzinfo=ZONE)


def reading(identity: str = "r-1", **changes) -> UsageEvent:
    event = UsageEvent(tenant="宏达五金", transaction_id=identity, meter="readings", value=Decimal(5), occurred_at=NOON)
    return replace(event, **changes)


def void(identity: str, target: str, tenant: str = "宏达五金") -> UsageEvent:
    return UsageEvent(tenant=tenant, transaction_id=identity, voids=target)


def ledger(**options) -> UsageLedger:
    return UsageLedger({"readings": READINGS}, **options)


def finalised(period: Period, month: int, day: int = 4) -> Finalised:
    return Finalised(tenant="宏达五金", period=period, at=datetime(2026, month, day, tzinfo=ZONE))


def test_r_idemp_equal_in_meaning_is_equal_in_hash():
    written = reading(value=Decimal("5.000"), properties={"b": 2.0, "a": {"y": 1, "x": [1]}})
    other = reading(
        occurred_at=datetime.fromisoformat("2026-02-10T04:00:00.000Z"),
        properties={"a": {"x": [1], "y": 1}, "b": 2},
    )

    assert usage.canonical_hash(written) == usage.canonical_hash(other)


@pytest.mark.parametrize(
    "change",
    [
        {"meter": "moves"},
        {"value": Decimal(6)},
        {"occurred_at": NOON + timedelta(microseconds=1)},
        {"properties": {"machine": "CNC-01"}},
        {"voids": "r-0"},
    ],
)
def test_r_idemp_any_other_payload_is_a_conflict(change):
    book = ledger()
    book.receive(reading(), NOON)

    assert usage.canonical_hash(reading()) != usage.canonical_hash(reading(**change))
    if "meter" not in change:
        assert book.receive(reading(**change), NOON).verdict == usage.CONFLICT


def test_order_of_checks_shape_identity_window():
    book, months_later = ledger(), NOON + timedelta(days=90)
    book.receive(reading(), NOON)

    assert book.receive(reading(value=Decimal(-1)), NOON).verdict.reason == "value_out_of_range"
    assert book.receive(reading(), months_later).verdict == usage.DUPLICATE
    assert book.receive(reading("r-2"), months_later).verdict == usage.TOO_LATE
    assert book.receive(reading("r-2"), months_later).verdict == usage.DUPLICATE  # quarantine keeps the key
    assert book.receive(reading("r-3", occurred_at=months_later), NOON).verdict == usage.IN_FUTURE
    assert book.receive(reading("r-3"), NOON).verdict == usage.ACCEPTED  # a rejected event left none


@pytest.mark.parametrize(("seconds", "verdict"), [(0, None), (1, usage.TOO_LATE)])
def test_r_late_thirty_five_days_are_still_accepted(seconds, verdict):
    received = NOON + timedelta(days=35, seconds=seconds)

    assert usage.window_verdict(NOON, received, usage.IngestSettings()) == verdict


@pytest.mark.parametrize(("seconds", "verdict"), [(300, None), (301, usage.IN_FUTURE)])
def test_r_late_three_hundred_seconds_ahead_are_still_accepted(seconds, verdict):
    assert usage.window_verdict(NOON + timedelta(seconds=seconds), NOON, usage.IngestSettings()) == verdict


def test_r_correction_a_void_hits_an_own_living_uninvoiced_event_once():
    book = ledger(finalised=[finalised(FEBRUARY, 3)])
    book.receive(reading(), NOON)
    book.receive(reading("r-2"), NOON)

    assert book.receive(void("v-1", "r-1", tenant="精工模具"), NOON).verdict.reason == "unknown_target"
    assert book.receive(void("v-2", "r-9"), NOON).verdict.reason == "unknown_target"
    assert book.receive(void("v-3", "r-1"), NOON).verdict == usage.ACCEPTED
    assert book.receive(void("v-3", "r-1"), NOON).verdict == usage.DUPLICATE
    assert book.receive(void("v-4", "r-1"), NOON).verdict.reason == "already_void"
    after_finalise = datetime(2026, 3, 4, tzinfo=ZONE)
    assert book.receive(void("v-5", "r-2"), after_finalise).verdict.reason == "already_invoiced"
    assert book.totals("宏达五金", "readings", FEBRUARY).count == 1
    assert book.events_kept == 2


def test_r_late_lines_start_where_the_last_charge_ended():
    book = ledger(finalised=[finalised(FEBRUARY, 3), finalised(MARCH, 4), finalised(APRIL, 5)])
    end_of_february = datetime(2026, 2, 27, 10, tzinfo=ZONE)
    for identity, value, received in (
        ("r-1", 110, datetime(2026, 2, 27, 11, tzinfo=ZONE)),
        ("r-2", 20, datetime(2026, 3, 10, tzinfo=ZONE)),
        ("r-3", 100, datetime(2026, 4, 3, tzinfo=ZONE)),
    ):
        book.receive(reading(identity, value=Decimal(value), occurred_at=end_of_february), received)

    (line,) = book.late_lines()

    # charge(230) = 100 x 0.10 + 110 x 0.03 = 13.30; charge(110) = 90 x 0.10 = 9.00; both late ones ride on March
    assert (line.on_invoice_of, line.quantity, line.amount) == (MARCH, Decimal(120), Decimal("4.30"))


def test_r_late_without_a_later_invoice_is_pending_and_free_units_make_no_line():
    book = ledger(finalised=[finalised(FEBRUARY, 3)])
    after = datetime(2026, 3, 5, tzinfo=ZONE)
    book.receive(reading(value=Decimal(20)), after)

    assert book.late_lines() == ()
    book.receive(reading("r-2", value=Decimal(1)), after)
    assert [(line.amount, line.on_invoice_of) for line in book.late_lines()] == [(Decimal("0.10"), None)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 35), st.integers(1, 200)), min_size=1, max_size=15))
def test_i9_invoiced_and_late_and_pending_are_the_charge_of_everything(script):
    cuts = [finalised(FEBRUARY, 3), finalised(MARCH, 4), finalised(APRIL, 5)]
    book, on_time = ledger(finalised=cuts), Decimal(0)
    for number, (offset, late, value) in enumerate(script):
        occurred = datetime(2026, 2, 1, tzinfo=ZONE) + timedelta(days=offset % 28)
        received = occurred + timedelta(days=late)
        book.receive(reading(f"r-{number}", value=Decimal(value), occurred_at=occurred), received)
        on_time += value if received < cuts[0].at else 0

    billed = charge(PRICE, on_time) + sum((line.amount for line in book.late_lines()), Decimal(0))

    assert billed == charge(PRICE, book.totals("宏达五金", "readings", FEBRUARY).sum)


def test_r_agg_all_figures_of_one_meter():
    def pump(identity: str, value: int, hour: int, **properties) -> UsageEvent:
        moment = datetime(2026, 2, 10, hour, tzinfo=ZONE)
        return reading(identity, value=Decimal(value), occurred_at=moment, properties=properties)

    totals = usage.aggregate(
        [pump("a", 7, 12, machine="CNC-01"), pump("b", 3, 9, machine="CNC-02"), pump("c", 4, 12)],
        unique_key="machine",
    )

    assert (totals.count, totals.sum, totals.max, totals.last) == (3, 14, 7, 4)
    assert totals.quantity("unique_count") == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 23)), max_size=10), st.integers(0, 10))
def test_r_agg_rollups_merge_to_the_same_totals(script, cut):
    events = [
        reading(f"r-{number}", value=Decimal(value), occurred_at=datetime(2026, 2, 3, hour, tzinfo=ZONE))
        for number, (value, hour) in enumerate(script)
    ]

    merged = usage.aggregate(events[:cut]).merged(usage.aggregate(events[cut:]))

    assert merged == usage.aggregate(events)


def test_r_alert_fires_each_threshold_once_per_period():
    rule = AlertRule(meter="readings", limit_amount=Decimal("10.00"), thresholds=(100, 80))
    book, march = ledger(alert=rule), datetime(2026, 3, 3, tzinfo=ZONE)

    fired = [
        book.receive(reading("r-1", value=Decimal(100)), NOON).alerts,  # 80 x 0.10 = 8.00
        book.receive(reading("r-2", value=Decimal(200)), NOON).alerts,
        book.receive(reading("r-3", value=Decimal(200)), NOON).alerts,
        book.receive(reading("r-4", value=Decimal(120), occurred_at=march), march).alerts,
    ]

    assert fired == [(80,), (100,), (), (80, 100)]
