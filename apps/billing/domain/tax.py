"""VAT: the split of a total per rate and of credit notes (R-TAX-INCL, R-TAX-EXCL, R-CREDIT-NOTE)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from apps.billing.domain.money import ZERO, largest_remainder, round_half_up, total


@dataclass(frozen=True)
class TaxSplit:
    """CNY of one rate on one invoice: gross = net + tax."""

    rate: Decimal
    gross: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class LineTax:
    """A line's share: net and tax in CNY."""

    net: Decimal
    tax: Decimal


def split_inclusive(gross: Decimal, rate: Decimal) -> TaxSplit:
    """R-TAX-INCL: net = round(total / (1 + rate)), tax = total - net."""
    net = round_half_up(Fraction(gross) / (1 + Fraction(rate)))
    return TaxSplit(rate, gross, net, gross - net)


def split_exclusive(net: Decimal, rate: Decimal) -> TaxSplit:
    """R-TAX-EXCL: tax = round(sum of net x rate)."""
    tax = round_half_up(Fraction(net) * Fraction(rate))
    return TaxSplit(rate, net + tax, net, tax)


def split_lines(
    amounts: Sequence[Decimal], rates: Sequence[Decimal], *, inclusive: bool
) -> tuple[tuple[TaxSplit, ...], tuple[LineTax, ...]]:
    """Split per rate, in order of first appearance, then share out over the lines of the rate (R-ALLOC).

    `amounts` are CNY after all discounts: with tax when `inclusive`, without it otherwise.
    """
    splits: list[TaxSplit] = []
    lines: dict[int, LineTax] = {}
    for rate in dict.fromkeys(rates):
        members = [index for index, line_rate in enumerate(rates) if line_rate == rate]
        group = [amounts[index] for index in members]
        split = (split_inclusive if inclusive else split_exclusive)(total(group), rate)
        splits.append(split)
        lines.update(zip(members, _share(split, group, inclusive=inclusive), strict=True))
    return tuple(splits), tuple(lines[index] for index in range(len(amounts)))


def credit_split(taxes: Sequence[TaxSplit], credited_before: Decimal, amount: Decimal) -> LineTax:
    """R-CREDIT-NOTE: net and tax of the next note = split of everything credited - what was credited before.

    `taxes` are the splits of the invoice. The notes that credit it whole sum to its tax to the fen.
    """
    before = _credited_tax(taxes, credited_before)
    after = _credited_tax(taxes, credited_before + amount)
    return LineTax(amount - (after - before), after - before)


def _credited_tax(taxes: Sequence[TaxSplit], credited: Decimal) -> Decimal:
    invoice_total = total(split.gross for split in taxes)
    if not invoice_total:
        return ZERO
    exact = [Fraction(credited) * Fraction(split.gross) / Fraction(invoice_total) for split in taxes]
    shares = largest_remainder(credited, exact)
    return total(split_inclusive(share, split.rate).tax for share, split in zip(shares, taxes, strict=True))


def _share(split: TaxSplit, group: Sequence[Decimal], *, inclusive: bool) -> list[LineTax]:
    rate = Fraction(split.rate)
    if inclusive:
        nets = largest_remainder(split.net, [Fraction(line) / (1 + rate) for line in group])
        return [LineTax(net, line - net) for net, line in zip(nets, group, strict=True)]
    taxes = largest_remainder(split.tax, [Fraction(line) * rate for line in group])
    return [LineTax(line, tax) for line, tax in zip(group, taxes, strict=True)]
