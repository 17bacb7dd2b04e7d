"""The owner's ratios over the last months; days are calendar days, None where the divisor is not positive."""

from dataclasses import dataclass
from decimal import Decimal

from apps.finance.domain.amounts import share


@dataclass(frozen=True)
class Figures:
    """Balance sheet lines at the end (receivable L4, inventory L9, current assets L15, payable L33, current
    liabilities L41) and income of the months (revenue, cost, net profit).
    """

    receivable: Decimal
    inventory: Decimal
    payable: Decimal
    current_assets: Decimal
    current_liabilities: Decimal
    revenue: Decimal
    cost: Decimal
    net_profit: Decimal
    days: int


@dataclass(frozen=True)
class Ratios:
    """Days with one decimal, margins with four, current ratio with two."""

    dso: Decimal | None
    dio: Decimal | None
    dpo: Decimal | None
    cash_cycle: Decimal | None
    gross_margin: Decimal | None
    net_margin: Decimal | None
    current_ratio: Decimal | None


def ratios(figures: Figures) -> Ratios:
    """DSO = L4 / 营业收入 × days, DIO = L9 / 营业成本 × days, DPO = L33 / 营业成本 × days.

    The cash cycle is DSO + DIO − DPO of the three as printed.
    """
    days = Decimal(figures.days)
    dso = _ratio(figures.receivable, days, figures.revenue, 1)
    dio = _ratio(figures.inventory, days, figures.cost, 1)
    dpo = _ratio(figures.payable, days, figures.cost, 1)
    cycle = None if dso is None or dio is None or dpo is None else dso + dio - dpo
    one = Decimal(1)
    return Ratios(
        dso=dso,
        dio=dio,
        dpo=dpo,
        cash_cycle=cycle,
        gross_margin=_ratio(figures.revenue - figures.cost, one, figures.revenue, 4),
        net_margin=_ratio(figures.net_profit, one, figures.revenue, 4),
        current_ratio=_ratio(figures.current_assets, one, figures.current_liabilities, 2),
    )


def _ratio(amount: Decimal, factor: Decimal, divisor: Decimal, places: int) -> Decimal | None:
    return share(amount, factor, divisor, places) if divisor > 0 else None
