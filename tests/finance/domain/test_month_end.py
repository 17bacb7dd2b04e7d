"""Ageing, VAT, tax and cost steps, revaluation, ratios."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain import catalogue
from apps.finance.domain.ageing import Entry, ageing, bucket_of, convert, total_row
from apps.finance.domain.cost_steps import Share, StockMonth, cost_of_sales, overhead_lines
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.fx import ForeignBalance, revaluation_vouchers
from apps.finance.domain.kpis import Figures, ratios
from apps.finance.domain.profit_transfer import LeafBalance
from apps.finance.domain.tax_steps import (
    general_vat_transfer,
    income_tax_due,
    income_tax_lines,
    small_scale_exemption,
    surcharge_lines,
)
from apps.finance.domain.vat import (
    OutputLine,
    general_worksheet,
    small_threshold,
    small_worksheet,
    standard_rates,
)
from tests.finance.domain.books import yuan

JUNE_END = date(2026, 6, 30)


def item(amount, due, *, ref="", partner="C001", on="2026-01-01", seq=0):
    return Entry(partner, yuan(amount), date.fromisoformat(on), date.fromisoformat(due), ref, seq)


def test_ageing_matches_by_reference_then_first_in_first_out():
    entries = [
        item("100", "2026-03-01", ref="XS-1"),
        item("200", "2026-06-15", ref="XS-2"),
        item("300", "2026-07-15", ref="XS-3"),
        item("-150", "2026-06-01", ref="XS-2"),
        item("-120", "2026-06-02"),
    ]

    row = ageing(entries, as_of=JUNE_END)[0]

    # XS-2: 200 - 150 = 50; then 120 takes XS-1 (100) and 20 of XS-2: 30 left, 15 days past due
    assert (row.not_due, row.buckets, row.unapplied) == (300, (30, 0, 0, 0, 0, 0), 0)
    assert row.total == 330  # 100 + 200 + 300 - 150 - 120


def test_what_settles_nothing_is_unapplied():
    row = ageing([item("100", "2026-06-30"), item("-130", "2026-06-30")], as_of=JUNE_END)[0]

    assert (row.total, row.not_due, row.unapplied) == (-30, 0, 30)


def test_settled_partners_and_later_entries_are_left_out():
    entries = [
        item("5", "2026-01-01"),
        item("-5", "2026-01-01"),
        item("9", "2026-08-01", partner="C002", on="2026-07-01"),
    ]

    assert ageing(entries, as_of=JUNE_END) == []


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-3, None),
        (0, None),
        (1, 0),
        (30, 0),
        (31, 1),
        (60, 1),
        (61, 2),
        (90, 2),
        (91, 3),
        (180, 3),
        (181, 4),
        (365, 4),
        (366, 5),
    ],
)
def test_buckets_by_days_past_due(days, bucket):
    assert bucket_of(date.fromordinal(JUNE_END.toordinal() - days), JUNE_END) == bucket


entries = st.lists(
    st.builds(
        lambda partner, fen, due, ref, seq: Entry(
            partner, Decimal(fen).scaleb(-2), date(2026, 1, 1), date.fromordinal(due), ref, seq
        ),
        st.sampled_from(["C001", "C002"]),
        st.integers(-(10**7), 10**7).filter(bool),
        st.integers(date(2025, 1, 1).toordinal(), date(2026, 12, 31).toordinal()),
        st.sampled_from(["", "A", "B"]),
        st.integers(0, 99),
    ),
    max_size=12,
)


@given(entries)
def test_ageing_ties_to_the_ledger(rows):
    total = total_row(ageing(rows, as_of=JUNE_END))

    assert total.total == sum((row.amount for row in rows), Decimal(0))
    assert total.total == total.not_due + total.overdue - total.unapplied


@given(entries, st.integers(1, 10**10))
def test_a_converted_row_still_adds_up(rows, rate):
    for row in ageing(rows, as_of=JUNE_END):
        converted = convert(row, Decimal(rate).scaleb(-8))

        assert converted.total == converted.not_due + converted.overdue - converted.unapplied


def sale(rate, kind, net, tax):
    return OutputLine(Decimal(rate), kind, yuan(net), yuan(tax))


def test_general_worksheet():
    rates = standard_rates(catalogue.tax_rules(), JUNE_END)
    sales = [
        sale("0.13", "special", "1000", "130"),
        sale("0.13", "special", "-100", "-13"),
        sale("0.06", "normal", "500", "30"),
        sale("0.03", "normal", "200", "6"),
    ]

    sheet = general_worksheet(
        sales, rates=rates, input_tax=yuan(90), input_transferred_out=yuan(10), brought_forward=yuan(20)
    )

    assert [(line.rate, line.net, line.tax) for line in sheet.output] == [
        (Decimal("0.13"), 900, 117),
        (Decimal("0.06"), 500, 30),
        (Decimal("0.03"), 200, 6),
    ]
    assert (sheet.output_tax, sheet.simple_tax) == (147, 6)
    assert (sheet.payable, sheet.carried_forward) == (47, 0)  # 147 - (90 - 10) - 20


def test_input_beyond_output_is_carried_forward():
    sheet = general_worksheet(
        [], rates=frozenset(), input_tax=yuan(90), input_transferred_out=yuan(0), brought_forward=yuan(20)
    )

    assert (sheet.payable, sheet.carried_forward) == (0, 110)


@pytest.mark.parametrize(
    ("to", "net", "exempt"),
    [
        (date(2025, 12, 31), "300000.00", True),
        (date(2025, 12, 31), "300000.01", False),
        (date(2026, 3, 31), "299999.99", True),
        (date(2026, 3, 31), "300000.00", False),
        (date(2028, 3, 31), "1.00", False),  # no rule is valid any more
    ],
)
def test_small_scale_threshold_by_quarter(to, net, exempt):
    threshold = small_threshold(catalogue.tax_rules(), filing="quarter", to=to)

    sheet = small_worksheet([sale("0.01", "normal", net, "5")], threshold)

    assert sheet.exempt is exempt
    assert (sheet.exempt_tax, sheet.payable) == ((5, 0) if exempt else (0, 5))


def test_special_fapiao_are_taxed_even_under_the_threshold():
    threshold = small_threshold(catalogue.tax_rules(), filing="quarter", to=date(2026, 3, 31))

    sheet = small_worksheet([sale("0.01", "special", "1000", "10"), sale("0.01", "none", "2000", "20")], threshold)

    assert (sheet.net_total, sheet.exempt_tax, sheet.payable) == (3000, 20, 10)
    assert (sheet.threshold, sheet.threshold_inclusive) == (Decimal("300000.00"), False)


def sides(lines):
    return [(line.account, line.debit, line.credit) for line in lines]


def test_vat_transfer_of_a_general_taxpayer():
    assert sides(general_vat_transfer(yuan(47), yuan(0))) == [("22210104", 47, 0), ("222102", 0, 47)]
    assert sides(general_vat_transfer(yuan(-30), yuan(12))) == [("222102", 12, 0), ("22210110", 0, 12)]
    assert general_vat_transfer(yuan(-30), yuan(0)) == general_vat_transfer(yuan(0), yuan(5)) == []


def test_small_scale_exemption_becomes_income():
    assert sides(small_scale_exemption(yuan(20))) == [("222101", 20, 0), ("530104", 0, 20)]
    assert small_scale_exemption(yuan(0)) == []


def test_surcharges_round_each_tax():
    rates = {"city": Decimal("0.07"), "education": Decimal("0.03"), "local_education": Decimal("0.02")}

    lines = surcharge_lines(yuan("1234.56"), rates, Decimal("0.5"))

    # city 43.2096, education 18.5184, local 12.3456
    assert sides(lines) == [
        ("540302", yuan("43.21"), 0),
        ("540306", yuan("30.87"), 0),  # 18.52 + 12.35
        ("222113", 0, yuan("43.21")),
        ("222114", 0, yuan("18.52")),
        ("222115", 0, yuan("12.35")),
    ]
    assert surcharge_lines(yuan(0), rates, Decimal(1)) == []


def test_income_tax_of_the_year_less_what_was_charged():
    assert income_tax_due(yuan("1000.10"), Decimal("0.05"), yuan("30")) == yuan("20.01")  # 50.005 → 50.01
    assert income_tax_due(yuan("-500"), Decimal("0.05"), yuan("0")) == 0
    assert sides(income_tax_lines(yuan(20))) == [("5801", 20, 0), ("222111", 0, 20)]
    assert income_tax_lines(yuan(0)) == []


def test_overhead_is_shared_by_weight_and_the_last_takes_the_remainder():
    balances = [LeafBalance("410103", "debit", yuan("100")), LeafBalance("410104", "debit", yuan("0.01"), combo=2)]
    basis = [Share(11, Decimal(1)), Share(12, Decimal(1)), Share(13, Decimal(1))]

    lines = overhead_lines(balances, to_account="400103", basis=basis)

    assert [(line.account, line.combo, line.debit, line.credit) for line in lines] == [
        ("400103", 11, yuan("33.34"), 0),  # 100.01 / 3 = 33.3366
        ("400103", 12, yuan("33.34"), 0),
        ("400103", 13, yuan("33.33"), 0),
        ("410103", 0, 0, yuan("100")),
        ("410104", 2, 0, yuan("0.01")),
    ]
    assert overhead_lines([], to_account="400103", basis=basis) == []


def test_cost_of_sales_is_the_months_average_and_the_last_unit_takes_all():
    part = StockMonth(quantity=Decimal(30), amount=yuan(100), sold=Decimal(10))
    done = StockMonth(Decimal(30), yuan(100), Decimal(30), done_quantity=Decimal(10), done_amount=yuan("33.33"))

    assert cost_of_sales(part) == yuan("33.33")  # 100 × 10/30
    assert cost_of_sales(done) == yuan("66.67")  # 100 - 33.33
    assert cost_of_sales(StockMonth(Decimal(30), yuan(100), Decimal(-3))) == yuan(-10)  # a return: 100 × -3/30


def test_selling_more_than_there_is_stops_the_step():
    with pytest.raises(BookkeepingError) as refusal:
        cost_of_sales(StockMonth(Decimal(5), yuan(100), Decimal(6)))

    assert refusal.value.code == "stock_quantity_short"


def test_revaluation_keeps_cash_apart_and_never_nets_gain_and_loss():
    balances = [
        ForeignBalance("100202", "USD", yuan(1000), yuan(7100), Decimal("7.05")),
        ForeignBalance("100203", "EUR", yuan(100), yuan(780), Decimal("7.9")),
        ForeignBalance("1122", "USD", yuan(200), yuan(1400), Decimal("7.05"), combo=4),
        ForeignBalance("2202", "USD", yuan(-10), yuan("-70.50"), Decimal("7.05")),
    ]

    cash, other = revaluation_vouchers(balances)

    assert sides(cash) == [
        ("100202", 0, 50),  # 7050 - 7100
        ("100203", 10, 0),  # 790 - 780
        ("560303", 50, 0),
        ("530103", 0, 10),
    ]
    assert sides(other) == [("1122", 10, 0), ("530103", 0, 10)]  # 1410 - 1400
    assert (other[0].combo, other[0].currency, other[0].fc_amount) == (4, "USD", 0)


def test_ratios_of_a_quarter():
    figures = Figures(
        receivable=yuan("60000"),
        inventory=yuan("30000"),
        payable=yuan("20000"),
        current_assets=yuan("150000"),
        current_liabilities=yuan("70000"),
        revenue=yuan("270000"),
        cost=yuan("180000"),
        net_profit=yuan("27000"),
        days=90,
    )

    found = ratios(figures)

    assert (found.dso, found.dio, found.dpo) == (Decimal("20.0"), Decimal("15.0"), Decimal("10.0"))
    assert found.cash_cycle == Decimal("25.0")
    assert (str(found.gross_margin), str(found.net_margin)) == ("0.3333", "0.1000")  # 90000/270000, 27000/270000
    assert str(found.current_ratio) == "2.14"  # 150000 / 70000


def test_ratios_without_a_divisor_are_unknown():
    zero = yuan(0)
    nothing = Figures(zero, zero, zero, zero, zero, zero, zero, zero, days=31)

    assert ratios(nothing).dso is None
    assert ratios(nothing).cash_cycle is None
