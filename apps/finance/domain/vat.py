"""增值税 worksheet of both taxpayer kinds, from the fapiao register (增值税法 art. 9–14, 23)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.catalogue import TaxRule


@dataclass(frozen=True)
class OutputLine:
    """A line of an issued fapiao (or of kind none = sale without one); red fapiao are negative."""

    rate: Decimal
    kind: str
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class GeneralWorksheet:
    """一般纳税人. `output` is grouped by rate and kind, highest rate first."""

    output: tuple[OutputLine, ...]
    output_tax: Decimal
    simple_tax: Decimal
    input_tax: Decimal
    input_transferred_out: Decimal
    brought_forward: Decimal
    payable: Decimal
    carried_forward: Decimal


@dataclass(frozen=True)
class SmallWorksheet:
    """小规模纳税人. `threshold` None = no rule is valid that day, then nothing is exempt."""

    net_special: Decimal
    tax_special: Decimal
    net_normal: Decimal
    tax_normal: Decimal
    threshold: Decimal | None
    threshold_inclusive: bool | None
    exempt: bool
    exempt_tax: Decimal
    payable: Decimal

    @property
    def net_total(self) -> Decimal:
        """Sales of the filing period, all kinds."""
        return self.net_special + self.net_normal


def rules_on(rules: Iterable[TaxRule], rule: str, day: date) -> list[TaxRule]:
    """Rows of one rule valid that day, both ends included, newest first."""
    valid = [row for row in rules if row.rule == rule and row.holds_on(day)]
    return sorted(valid, key=lambda row: row.valid_from, reverse=True)


def standard_rates(rules: Iterable[TaxRule], day: date) -> frozenset[Decimal]:
    """Rates of the general method that day; any other rate on a sale is the simple method."""
    return frozenset(row.value for row in rules_on(rules, "vat_rate", day))


def general_worksheet(
    sales: Iterable[OutputLine],
    *,
    rates: Collection[Decimal],
    input_tax: Decimal,
    input_transferred_out: Decimal,
    brought_forward: Decimal,
) -> GeneralWorksheet:
    """payable = max(0, output − (input − transferred out) − brought forward); what is left over is carried
    forward.
    """
    output = _grouped(sales)
    output_tax = sum((line.tax for line in output if line.rate in rates), ZERO)
    simple_tax = sum((line.tax for line in output if line.rate not in rates), ZERO)
    due = output_tax - (input_tax - input_transferred_out) - brought_forward
    return GeneralWorksheet(
        output=output,
        output_tax=output_tax,
        simple_tax=simple_tax,
        input_tax=input_tax,
        input_transferred_out=input_transferred_out,
        brought_forward=brought_forward,
        payable=max(due, ZERO),
        carried_forward=max(-due, ZERO),
    )


def _grouped(sales: Iterable[OutputLine]) -> tuple[OutputLine, ...]:
    sums: dict[tuple[Decimal, str], tuple[Decimal, Decimal]] = {}
    for line in sales:
        net, tax = sums.get((line.rate, line.kind), (ZERO, ZERO))
        sums[line.rate, line.kind] = (net + line.net, tax + line.tax)
    ordered = sorted(sums.items(), key=lambda item: (-item[0][0], item[0][1]))
    return tuple(OutputLine(rate, kind, net, tax) for (rate, kind), (net, tax) in ordered)


def small_threshold(rules: Iterable[TaxRule], *, filing: str, to: date) -> TaxRule | None:
    """起征点 row valid on the last day of the filing period: by month or by quarter."""
    valid = rules_on(rules, f"threshold_{filing}", to)
    return valid[0] if valid else None


def small_worksheet(sales: Iterable[OutputLine], threshold: TaxRule | None) -> SmallWorksheet:
    """Under the threshold the tax on all but special fapiao is exempt; special fapiao are always taxed.

    Exactly on it: exempt while the row says `<=` (to 2025-12-31), taxed where it says `<` (增值税法 art. 23).
    """
    lines = list(sales)
    special = [line for line in lines if line.kind == "special"]
    normal = [line for line in lines if line.kind != "special"]
    net_total = sum((line.net for line in lines), ZERO)
    tax_special = sum((line.tax for line in special), ZERO)
    tax_normal = sum((line.tax for line in normal), ZERO)
    exempt = _under(net_total, threshold)
    exempt_tax = tax_normal if exempt else ZERO
    return SmallWorksheet(
        net_special=sum((line.net for line in special), ZERO),
        tax_special=tax_special,
        net_normal=sum((line.net for line in normal), ZERO),
        tax_normal=tax_normal,
        threshold=threshold.value if threshold else None,
        threshold_inclusive=threshold.inclusive if threshold else None,
        exempt=exempt,
        exempt_tax=exempt_tax,
        payable=tax_special + tax_normal - exempt_tax,
    )


def _under(net_total: Decimal, threshold: TaxRule | None) -> bool:
    if threshold is None:
        return False
    return net_total <= threshold.value if threshold.inclusive else net_total < threshold.value
