"""R-TAX-INCL, R-TAX-EXCL, R-CREDIT-NOTE."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from apps.billing.domain.money import from_fen, total
from apps.billing.domain.tax import credit_split, split_exclusive, split_inclusive, split_lines
from tests.billing.domain.strategies import rates, signed_amounts

cuts = st.lists(st.integers(1, 100_000), min_size=1, max_size=8)
taxed = st.lists(st.tuples(signed_amounts, rates), min_size=1, max_size=8)


@given(cuts, rates)
def test_r_credit_note_the_notes_of_a_whole_invoice_take_exactly_its_tax(parts, rate):
    invoice = split_inclusive(from_fen(sum(parts)), rate)
    credited, notes = Decimal("0.00"), []
    for part in map(from_fen, parts):
        notes.append(credit_split([invoice], credited, part))
        credited += part

    assert total(note.tax for note in notes) == invoice.tax
    assert total(note.net for note in notes) == invoice.net


@given(cuts, st.integers(1, 100_000), st.integers(1, 100_000))
def test_r_credit_note_over_two_rates_ends_with_both_taxes(parts, general, relief):
    whole = general + relief
    taxes = [
        split_inclusive(from_fen(general), Decimal("0.06")),
        split_inclusive(from_fen(relief), Decimal("0.01")),
    ]
    half = from_fen(whole // 2)

    first = credit_split(taxes, Decimal("0.00"), half)
    last = credit_split(taxes, half, from_fen(whole) - half)

    assert first.tax + last.tax == total(split.tax for split in taxes)


def test_r_credit_note_the_second_note_takes_the_fen_that_the_first_left():
    invoice = split_inclusive(Decimal("0.10"), Decimal("0.06"))  # 0.0943 -> 0.09 + 0.01

    first = credit_split([invoice], Decimal("0.00"), Decimal("0.05"))
    second = credit_split([invoice], Decimal("0.05"), Decimal("0.05"))

    assert (first.net, first.tax) == (Decimal("0.05"), Decimal("0.00"))  # 0.05 / 1.06 = 0.0472
    assert (second.net, second.tax) == (Decimal("0.04"), Decimal("0.01"))


@given(taxed)
def test_r_alloc_inclusive_lines_sum_to_the_split_of_their_rate(lines):
    amounts, line_rates = [amount for amount, _ in lines], [rate for _, rate in lines]

    splits, shares = split_lines(amounts, line_rates, inclusive=True)

    assert [split.rate for split in splits] == list(dict.fromkeys(line_rates))
    for split in splits:
        mine = [share for share, rate in zip(shares, line_rates, strict=True) if rate == split.rate]
        assert total(share.net for share in mine) == split.net
        assert total(share.tax for share in mine) == split.tax


def test_r_tax_excl_is_rounded_on_the_sum():
    splits, shares = split_lines([Decimal("0.10")] * 3, [Decimal("0.06")] * 3, inclusive=False)

    assert splits == (split_exclusive(Decimal("0.30"), Decimal("0.06")),)
    assert [share.tax for share in shares] == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00")]  # 0.018
