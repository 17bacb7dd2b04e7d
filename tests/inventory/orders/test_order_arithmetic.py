"""Amounts, net values and progress of orders."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.inventory.domain.orders import (
    Done,
    Progress,
    gross_amount,
    line_amount,
    net_amount,
    net_of_part,
    progress,
    split_over,
)

PRICES = st.decimals("0", "99999", places=6)
QUANTITIES = st.lists(st.decimals("0.0001", "9999", places=4), min_size=1, max_size=6)
RATES = st.sampled_from([Decimal(text) for text in ("0", "0.01", "0.03", "0.06", "0.09", "0.13")])


def test_net_of_a_price_with_tax():
    amount = line_amount(Decimal("100"), Decimal("11.30"))

    assert amount == Decimal("1130.00")  # 100 x 11.30
    assert net_amount(amount, Decimal("0.13"), includes_tax=True) == Decimal("1000.00")  # 1130 / 1.13
    assert gross_amount(Decimal("1000.00"), Decimal("0.13"), includes_tax=False) == Decimal("1130.00")


def test_half_a_fen_goes_up():
    assert line_amount(Decimal("3"), Decimal("0.015")) == Decimal("0.05")  # 0.045


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is no fault of the sums
@given(parts=QUANTITIES, price=PRICES, rate=RATES, includes=st.booleans())
def test_parts_sum_to_the_whole_line(parts, price, rate, includes):
    before, total = Decimal(0), Decimal(0)

    for part in parts:
        total += net_of_part(before=before, quantity=part, unit_price=price, tax_rate=rate, includes_tax=includes)
        before += part

    assert total == net_amount(line_amount(sum(parts), price), rate, includes_tax=includes)


def test_progress_counts_closed_lines_as_done():
    ten = Decimal(10)

    assert progress([Done(ten, Decimal(0))]) is Progress.NONE
    assert progress([Done(ten, Decimal(4)), Done(ten, Decimal(0))]) is Progress.PART
    assert progress([Done(ten, Decimal(4), closed=True), Done(ten, ten)]) is Progress.ALL


def test_a_return_is_taken_from_the_oldest_shipments():
    rests = [(7, Decimal(4)), (9, Decimal(10))]

    assert split_over(Decimal(6), rests) == [(7, Decimal(4)), (9, Decimal(2))]  # 4 + 2 = 6
