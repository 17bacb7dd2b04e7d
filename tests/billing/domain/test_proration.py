"""R-EOD, R-ADD, R-REMOVE, R-SEAT, R-SEAT-DOWN, R-ANCHOR-RESET, R-QUOTE."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain import changes, proration
from apps.billing.domain.calendar import Period
from apps.billing.domain.changes import ChangeNotPossible, Step, SubscriptionPeriod
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.proration import Held, item_from_history, open_item

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
SEAT = Decimal("20.00")

march_days = st.integers(0, 30).map(lambda offset: MARCH.start + timedelta(days=offset))
seat_steps = st.one_of(
    st.builds(Step, do=st.just("add"), item=st.just("seat"), quantity=st.integers(1, 20)),
    st.builds(Step, do=st.just("set_quantity"), item=st.just("seat"), quantity=st.integers(0, 40)),
    st.builds(Step, do=st.sampled_from(["remove_now", "remove_at_period_end", "keep"]), item=st.just("seat")),
)


def march(quantity: int = 8, price: Decimal = SEAT) -> SubscriptionPeriod:
    seat = open_item(
        "seat",
        unit_price=price,
        quantity=quantity,
        charged=price * quantity,
        start=MARCH.start,
        annual_price=price * 10,
    )
    return SubscriptionPeriod(period=MARCH, size=31, items=(seat,))


def seats(quantity: int) -> Step:
    return Step(do="set_quantity", item="seat", quantity=quantity)


def take(state: SubscriptionPeriod, day: int, *steps: Step):
    state, lines = changes.apply_change(state, date(2026, 3, day), steps)
    return state, [str(line.amount) for line in lines]


@given(st.lists(st.tuples(march_days, seat_steps), max_size=12))
def test_what_is_charged_is_the_sum_of_all_lines(script):
    state, billed = march(), march().item("seat").charged
    for day, step in sorted(script, key=lambda entry: entry[0]):
        state, lines = changes.apply_change(state, day, [step])
        billed += proration.net_of(lines)
        assert all(line.amount for line in lines)

    assert state.item("seat").charged == billed


@given(march_days, st.lists(st.integers(8, 40), min_size=1, max_size=6))
def test_r_eod_a_day_costs_what_its_end_costs(day, wishes):
    together, lines = changes.apply_change(march(), day, [seats(wish) for wish in wishes])
    alone, single = changes.apply_change(march(), day, [seats(wishes[-1])])

    assert together.item("seat").charged == alone.item("seat").charged
    assert proration.net_of(lines) == proration.net_of(single)


@given(march_days, st.lists(seat_steps, max_size=6))
def test_r_eod_a_day_that_ends_as_it_began_costs_nothing(day, steps):
    state, lines = changes.apply_change(march(), day, [*steps, Step(do="remove_now", item="seat"), seats(8)])

    assert proration.net_of(lines) == ZERO
    assert state.item("seat").quantity == 8


@given(march_days, st.integers(1, 20), st.integers(1, 20))
def test_r_add_is_additive_within_a_fen(day, first, second):
    _, both = changes.apply_change(march(), day, [seats(8 + first + second)])
    _, one = changes.apply_change(march(), day, [seats(8 + first)])
    _, other = changes.apply_change(march(), day, [seats(8 + second)])

    drift = proration.net_of(both) - proration.net_of(one) - proration.net_of(other)
    assert abs(drift) <= Decimal("0.01")


@given(march_days, march_days)
def test_r_remove_pays_exactly_for_the_days_that_were_used(added, removed):
    added, removed = sorted((added, removed))
    state, _ = changes.apply_change(march(0), added, [seats(3)])
    state, _ = changes.apply_change(state, removed, [Step(do="remove_now", item="seat")])

    used_days = (removed - added).days
    assert state.item("seat").charged == proration.prorated(SEAT, 3, used_days, 31)


def test_r_remove_same_day_gives_everything_back():
    state, bought = take(march(0), 16, seats(2))
    _, returned = take(state, 16, Step(do="remove_now", item="seat"))

    assert bought == ["20.65"]  # 2 x 20 x 16/31 = 20.6452
    assert returned == ["-20.65"]


def test_r_remove_and_buy_again_later_counts_both_stretches():
    state, credit = take(march(1, Decimal("129.00")), 11, Step(do="remove_now", item="seat"))
    state, again = take(state, 20, Step(do="add", item="seat"))
    _, last = take(state, 25, Step(do="remove_now", item="seat"))

    assert credit == ["-87.39"]  # 129.00 - 129 x 10/31 = 41.6129 -> 41.61
    assert again == ["49.94"]  # 129 x 12/31 = 49.9355
    assert last == ["-29.13"]  # used 10 + 5 days: 129 x 15/31 = 62.4194; 41.61 + 49.94 - 62.42


def test_fewer_bought_again_after_a_removal_pay_for_both_parts_of_the_period():
    state, _ = take(march(), 16, Step(do="remove_now", item="seat"), seats(3))

    # 20 x 8 x 15/31 = 77.4194 -> 77.42; 20 x 3 x 16/31 = 30.9677 -> 30.97
    assert state.item("seat").charged == Decimal("108.39")
    assert state.item("seat").quantity == 3


def test_r_seat_down_waits_for_renewal_and_can_be_taken_back():
    state, lines = take(march(), 10, seats(5))
    kept, _ = take(state, 12, Step(do="keep", item="seat"))

    assert lines == []
    assert state.item("seat").quantity == 8
    assert state.renewal() == {"seat": (5, Decimal("100.00"))}
    assert kept.renewal() == {"seat": (8, Decimal("160.00"))}


def test_r_seat_down_below_the_morning_undoes_todays_increase():
    state, up = take(march(), 16, seats(20))
    state, down = take(state, 16, seats(5))

    assert up == ["123.87"]  # 12 x 20 x 16/31 = 123.8710
    assert down == ["-123.87"]
    assert (state.item("seat").quantity, state.item("seat").renews_with) == (8, 5)


def test_r_remove_default_keeps_the_item_to_the_end_of_the_period():
    state, lines = take(march(), 10, Step(do="remove_at_period_end", item="seat"))
    history = [(MARCH.start, march()), (date(2026, 3, 10), state)]

    assert lines == []
    assert changes.usable_on(history, date(2026, 3, 31)) == {"seat": 8}
    assert changes.usable_on(history, date(2026, 4, 1)) == {"seat": 0}
    assert state.renewal() == {}


def test_r_anchor_reset_credits_the_month_and_starts_a_year():
    state, lines = take(march(), 11, Step(do="change_interval", to="year"))
    _, more = take(state, 11, Step(do="add", item="seat", quantity=2))

    # 160.00 - 20 x 80/31 = 51.6129 -> 108.39 back; 8 x 200.00 for the year
    assert lines == ["-108.39", "1600.00"]
    assert state.period == Period(date(2026, 3, 11), date(2027, 3, 11))
    assert more == ["400.00"]  # 2 x 200.00 x 365/365


def test_interval_to_month_waits_for_renewal():
    state, _ = take(march(), 11, Step(do="change_interval", to="year"))
    scheduled, lines = take(state, 12, Step(do="change_interval", to="month"))
    kept, _ = take(scheduled, 12, Step(do="keep"))

    assert (scheduled.next_interval, lines) == ("month", [])
    assert kept.next_interval is None


@pytest.mark.parametrize(
    "step",
    [
        Step(do="add", item="horoscope"),
        Step(do="add", item="seat", quantity=0),
        Step(do="set_quantity", item="seat", quantity=-1),
        Step(do="set_quantity", item="seat"),
        Step(do="remove_now"),
        Step(do="change_interval"),
    ],
)
def test_impossible_steps_are_refused(step):
    with pytest.raises(ChangeNotPossible):
        take(march(), 10, step)


def test_a_change_outside_the_period_is_refused():
    with pytest.raises(ChangeNotPossible):
        changes.apply_change(march(), date(2026, 4, 1), [seats(9)])


def test_r_pending_only_a_positive_sum_is_invoiced_at_once():
    assert proration.settles_now(Decimal("0.01"))
    assert not proration.settles_now(ZERO)
    assert not proration.settles_now(Decimal("-82.93"))


@given(st.lists(st.tuples(march_days, seat_steps), max_size=8), march_days)
def test_an_item_rebuilt_from_its_history_is_the_item(script, today):
    script = sorted((entry for entry in script if entry[0] <= today), key=lambda entry: entry[0])
    state, rows = march(), [Held(8, MARCH.start, None)]
    earlier, on_the_day = [Decimal("160.00")], list[Decimal]()
    for day, step in script:
        state, lines = changes.apply_change(state, day, [step])
        rows[-1] = Held(rows[-1].quantity, rows[-1].valid_from, day)
        rows.append(Held(state.item("seat").quantity, day, None))
        (on_the_day if day == today else earlier).append(proration.net_of(lines))

    rebuilt = item_from_history(
        "seat",
        unit_price=SEAT,
        history=rows,
        opening_quantity=8,
        charged_before=total(earlier),
        charged_today=total(on_the_day),
        period=MARCH,
        day=today,
        next_quantity=state.item("seat").next_quantity,
        annual_price=SEAT * 10,
    )

    assert rebuilt == state.on(today).item("seat")


def test_r_quote_binds_version_day_prices_and_wish():
    bound: dict[str, Any] = {
        "subscription_version": 3,
        "local_date": date(2026, 3, 11),
        "prices": {"seat": "standard/1:20.00"},
        "steps": [seats(9)],
    }

    quote = changes.quote_digest(**bound)

    assert changes.quote_digest(**bound) == quote
    for other in (
        {"subscription_version": 4},
        {"local_date": date(2026, 3, 12)},
        {"prices": {"seat": "standard/2:22.00"}},
        {"steps": [seats(10)]},
        {"coupon": "SPRING"},
    ):
        assert changes.quote_digest(**{**bound, **other}) != quote
