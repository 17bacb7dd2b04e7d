"""Lines of the tax steps of the month end: VAT transfer, surcharges, income tax."""

from collections.abc import Mapping
from decimal import Decimal

from apps.finance.domain.amounts import ZERO, multiply, round_half_up
from apps.finance.domain.lines import Line, credit_line, debit_line

# name of the rate: (expense account, tax account)
SURCHARGES = {
    "city": ("540302", "222113"),
    "education": ("540306", "222114"),
    "local_education": ("540306", "222115"),
}


def general_vat_transfer(vat_credit: Decimal, paid_debit: Decimal) -> list[Line]:
    """一般纳税人: `vat_credit` = credit balance of 222101, `paid_debit` = debit turnover of 22210103.

    A credit is unpaid VAT and goes to 222102; a debit goes there only as far as VAT was paid in the month,
    the rest is input credit that stays.
    """
    if vat_credit > 0:
        summary = "转出未交增值税"
        return [
            debit_line("22210104", summary, vat_credit),
            credit_line("222102", summary, vat_credit),
        ]
    overpaid = min(-vat_credit, paid_debit)
    if overpaid <= 0:
        return []
    summary = "转出多交增值税"
    return [debit_line("222102", summary, overpaid), credit_line("22210110", summary, overpaid)]


def small_scale_exemption(exempt_tax: Decimal) -> list[Line]:
    """小规模纳税人, last month of the filing period: the worksheet's exempt tax becomes 营业外收入."""
    if exempt_tax == 0:
        return []
    summary = "结转减免增值税"
    return [debit_line("222101", summary, exempt_tax), credit_line("530104", summary, exempt_tax)]


def surcharge_lines(base: Decimal, rates: Mapping[str, Decimal], relief: Decimal) -> list[Line]:
    """Each tax = round(base × rate × relief); one debit per expense account, one credit per tax account.

    `base` is the VAT to be paid; `relief` the part that is left to pay (1 = no relief, 0.5 = 减半). Rates
    by the names in SURCHARGES; none on a base that is not positive.
    """
    if base <= 0:
        return []
    summary = "计提税金及附加"
    debited: dict[str, Decimal] = {}
    credited: list[Line] = []
    for name, (expense, payable) in SURCHARGES.items():
        amount = multiply(base, rates.get(name, ZERO) * relief)
        if amount:
            debited[expense] = debited.get(expense, ZERO) + amount
            credited.append(credit_line(payable, summary, amount))
    return [*(debit_line(code, summary, amount) for code, amount in debited.items()), *credited]


def income_tax_due(profit_of_year: Decimal, rate: Decimal, charged: Decimal) -> Decimal:
    """max(0, round(利润总额 of the year × rate) − 5801 of the year)."""
    return max(ZERO, multiply(profit_of_year, rate) - charged)


def income_tax_lines(amount: Decimal) -> list[Line]:
    """5801 / 222111; nothing to do on zero."""
    if round_half_up(amount) <= 0:
        return []
    summary = "计提企业所得税"
    return [debit_line("5801", summary, amount), credit_line("222111", summary, amount)]
