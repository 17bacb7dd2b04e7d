"""Depreciation schedules (准则 art. 29–31, 41, 44)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.depreciation import Asset, Charge, charge_lines, schedule
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.periods import Period
from tests.finance.domain.books import yuan

LATHE = Asset("fixed", yuan("100000"), yuan("5000"), 60, "straight_line", Period(2026, 1))


@st.composite
def assets(draw):
    cost = draw(st.integers(2, 10**10))
    method = draw(st.sampled_from(["straight_line", "double_declining", "sum_of_years"]))
    life = draw(st.integers(1, 20)) * 12 if method != "straight_line" else draw(st.integers(1, 240))
    return Asset(
        kind=draw(st.sampled_from(["fixed", "intangible", "deferred"])),
        cost=Decimal(cost).scaleb(-2),
        salvage=Decimal(draw(st.integers(0, cost - 1))).scaleb(-2),
        life_months=life,
        method=method,
        in_service=Period(2026, 1),
    )


def by_year(rows):
    return [sum(row.amount for row in rows[start : start + 12]) for start in range(0, len(rows), 12)]


def test_straight_line_starts_the_month_after_and_ends_with_the_remainder():
    rows = schedule(LATHE)

    assert (str(rows[0].period), str(rows[-1].period), len(rows)) == ("2026-02", "2031-01", 60)
    assert rows[0].amount == yuan("1583.33")  # 95000 / 60 = 1583.333
    assert rows[-1].amount == yuan("1583.53")  # 95000 - 59 × 1583.33
    assert rows[-1].carrying == yuan("5000")


def test_intangible_starts_the_same_month():
    assert schedule(replace(LATHE, kind="intangible"))[0].period == Period(2026, 1)
    assert schedule(replace(LATHE, kind="deferred"))[0].period == Period(2026, 2)


def test_double_declining_turns_straight_for_the_last_two_years():
    rows = schedule(replace(LATHE, method="double_declining"))

    assert by_year(rows) == [
        yuan("40000"),  # 100000 × 2/5
        yuan("24000"),  # 60000 × 2/5
        yuan("14400"),  # 36000 × 2/5
        yuan("8300"),  # (21600 - 5000) / 2
        yuan("8300"),
    ]
    assert rows[0].amount == yuan("3333.33")  # 40000 / 12
    assert rows[11].amount == yuan("3333.37")  # 40000 - 11 × 3333.33


def test_sum_of_years():
    rows = schedule(replace(LATHE, method="sum_of_years"))

    # 95000 × 5/15, 4/15, 3/15, 2/15, the rest
    assert by_year(rows) == [yuan("31666.67"), yuan("25333.33"), yuan("19000"), yuan("12666.67"), yuan("6333.33")]


def test_a_high_salvage_is_never_undercut():
    rows = schedule(replace(LATHE, method="double_declining", salvage=yuan("70000")))

    assert by_year(rows)[0] == yuan("30000")  # 40000 would leave less than the salvage
    assert rows[-1].carrying == yuan("70000")


@given(assets())
def test_every_schedule_takes_exactly_the_base_and_never_turns_back(asset):
    rows = schedule(asset)

    assert len(rows) == asset.life_months
    assert sum(row.amount for row in rows) == asset.base
    assert rows[-1].carrying == asset.salvage
    assert all(row.amount >= 0 for row in rows)


def test_a_disposed_asset_is_charged_in_its_last_month():
    rows = schedule(replace(LATHE, disposed=Period(2026, 4)))

    assert [str(row.period) for row in rows] == ["2026-02", "2026-03", "2026-04"]


def test_a_card_taken_over_goes_on_from_its_accumulated_amount():
    card = Asset(
        "fixed", yuan("12000"), yuan("0"), 12, "straight_line", Period(2025, 6),
        opening_accumulated=yuan("6100"), book_start=Period(2026, 1),
    )  # fmt: skip

    rows = schedule(card)

    assert [str(row.period) for row in rows] == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
    assert [row.amount for row in rows] == [1000, 1000, 1000, 1000, 1000, 900]  # 12000 - 6100 - 5 × 1000
    assert rows[0].accumulated == yuan("7100")


@pytest.mark.parametrize(
    "changes",
    [
        {"salvage": yuan("100000")},
        {"salvage": yuan("-1")},
        {"life_months": 0},
        {"method": "units"},
        {"method": "sum_of_years", "life_months": 30},
        {"opening_accumulated": yuan("95000.01")},
    ],
)
def test_impossible_cards_are_refused(changes):
    with pytest.raises(BookkeepingError):
        schedule(replace(LATHE, **changes))


def test_one_voucher_groups_debits_by_account_and_combo():
    lines = charge_lines(
        [
            Charge("fixed", "410103", "1602", yuan("100"), combo=7),
            Charge("fixed", "410103", "1602", yuan("50"), combo=7),
            Charge("fixed", "560205", "1602", yuan("30")),
            Charge("deferred", "560209", "1801", yuan("20")),
        ]
    )

    assert [(line.account, line.combo, line.debit, line.credit) for line in lines] == [
        ("410103", 7, 150, 0),
        ("560205", 0, 30, 0),
        ("560209", 0, 20, 0),
        ("1602", 0, 0, 180),
        ("1801", 0, 0, 20),
    ]
