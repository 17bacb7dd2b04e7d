"""From what a clerk types to lines that may stand in a voucher: shape first, then the rules of the accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.finance.domain.amounts import WIDE, ZERO, format_amount, multiply, sum_lines
from apps.finance.domain.cashflow import INFLOW_LINES, OUTFLOW_LINES, tag_lines
from apps.finance.domain.lines import Line
from apps.finance.domain.profit_transfer import check_closing_accounts
from apps.finance.models import AccountDimension, AuxCombo, CashFlowTag, LedgerAccount, Voucher, VoucherLine
from apps.finance.models.accounts import EMPTY_COMBO
from apps.finance.services.dimensions import Aux, aux_of_key, resolve_combos
from apps.finance.services.refusals import bookkeeping, invalid, raise_fields, refused

BASE = "CNY"
LONGEST_SUMMARY, LONGEST_REF, MOST_LINES = 200, 40, 2000


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """A line as typed: account by code, `aux` {dimension: value code}, exactly one of debit and credit not zero.

    Without `rate` the CNY amount of a foreign line is free; quantity and fc_amount carry the sign of the amount.
    """

    summary: str
    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    aux: Aux = field(default_factory=dict)
    currency: str | None = None
    fc_amount: Decimal | None = None
    rate: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    due_on: date | None = None
    ref: str = ""
    cash_flow: int | None = None


@dataclass(frozen=True)
class CheckedLines:
    """Lines that may be saved, with their accounts by code."""

    lines: Sequence[Line]
    accounts: Mapping[str, LedgerAccount]

    @property
    def total(self) -> Decimal:
        """Σ debit."""
        return sum_lines(self.lines).debit


def read_lines(inputs: Sequence[LineInput]) -> list[Line]:
    """Check the shape of every line and find the combos. Raises `invalid` naming all spots (`lines.0.debit`)."""
    if len(inputs) < 2:
        raise invalid(_("一张凭证至少要有两行分录。"), "lines")
    if len(inputs) > MOST_LINES:
        raise invalid(_("一张凭证最多 %(most)s 行分录，请分开填制。") % {"most": MOST_LINES}, "lines")
    problems: dict[str, str] = {}
    for index, line in enumerate(inputs):
        problems |= {f"lines.{index}.{name}": text for name, text in _shape(line).items()}
    raise_fields(problems)
    combos = resolve_combos((f"lines.{index}.aux", line.aux) for index, line in enumerate(inputs))
    return [_as_line(line, combo) for line, combo in zip(inputs, combos, strict=True)]


def _shape(line: LineInput) -> dict[str, str]:
    problems = {**_text_shape(line), **_amount_shape(line), **_foreign_shape(line)}
    if line.cash_flow is not None and line.cash_flow not in INFLOW_LINES | OUTFLOW_LINES:
        problems["cash_flow"] = _("现金流量项目请选 1 至 18 行中的明细项目。")
    return problems


def _text_shape(line: LineInput) -> dict[str, str]:
    problems = {}
    if not line.summary.strip():
        problems["summary"] = _("请填写摘要。")
    elif len(line.summary.strip()) > LONGEST_SUMMARY:
        problems["summary"] = _("摘要最多 %(most)s 字。") % {"most": LONGEST_SUMMARY}
    if len(line.ref) > LONGEST_REF:
        problems["ref"] = _("业务编号最多 %(most)s 个字符。") % {"most": LONGEST_REF}
    return problems


def _amount_shape(line: LineInput) -> dict[str, str]:
    problems = {}
    scales: tuple[tuple[str, Decimal | None, int], ...] = (
        ("debit", line.debit, 2),
        ("credit", line.credit, 2),
        ("fc_amount", line.fc_amount, 2),
        ("quantity", line.quantity, 4),
        ("unit_price", line.unit_price, 6),
        ("rate", line.rate, 8),
    )
    for name, value, places in scales:
        if value is not None and not _fits(value, places):
            problems[name] = _("小数最多 %(places)s 位，系统不替您舍入，请改好再填。") % {"places": places}
    if problems:
        return problems
    if line.debit and line.credit:
        problems["debit"] = _("一行只能填借方或贷方，不能两边都填。")
    elif not line.debit and not line.credit:
        problems.setdefault("debit", _("请填写借方或贷方金额。"))
    elif line.quantity is not None and line.quantity * (line.debit or line.credit) < 0:
        problems["quantity"] = _("数量的正负要与金额一致。")
    return problems


def _fits(value: Decimal, places: int) -> bool:
    whole = 18 - places
    if not value.is_finite() or abs(value) >= Decimal(10) ** whole:
        return False
    return value == value.quantize(Decimal(1).scaleb(-places), context=WIDE)


def _foreign_shape(line: LineInput) -> dict[str, str]:
    problems = {}
    if _currency(line) is None:
        if line.fc_amount is not None:
            problems["fc_amount"] = _("填了原币金额，请选择币种。")
        if line.rate is not None:
            problems["rate"] = _("填了汇率，请选择币种。")
        return problems
    if not (line.currency or "").isascii() or len(line.currency or "") != 3 or not (line.currency or "").isupper():
        problems["currency"] = _("币种写三位大写字母，例如 USD。")
    if line.fc_amount is None:
        problems["fc_amount"] = _("外币分录要填原币金额。")
    if line.rate is not None and line.rate <= 0:
        problems["rate"] = _("汇率必须大于零。")
    return problems


def _currency(line: LineInput) -> str | None:
    return None if line.currency in (None, "", BASE) else line.currency


def _as_line(line: LineInput, combo: int) -> Line:
    return Line(
        account=line.account,
        summary=line.summary.strip(),
        debit=line.debit + ZERO,
        credit=line.credit + ZERO,
        combo=combo,
        currency=_currency(line),
        fc_amount=line.fc_amount,
        rate=line.rate,
        quantity=line.quantity,
        unit_price=line.unit_price,
        due_on=line.due_on,
        ref=line.ref.strip(),
        cash_flow=line.cash_flow,
    )


def check_lines(lines: Sequence[Line], *, kind: str) -> CheckedLines:
    """Apply the rules of the accounts and the balance.

    Raises `invalid` (unknown account, a dimension or currency the account does not carry), `account_inactive`,
    `account_not_leaf`, `aux_required`, `currency_required`, `fc_mismatch`, `closing_voucher_accounts`,
    `voucher_unbalanced`.
    """
    accounts = {row.code: row for row in LedgerAccount.objects.filter(code__in={line.account for line in lines})}
    unknown = {
        f"lines.{index}.account": _("没有科目 %(code)s，请从科目表中选择。") % {"code": line.account[:20]}
        for index, line in enumerate(lines)
        if line.account not in accounts
    }
    raise_fields(unknown)
    dimensions = _dimensions_of(accounts.values())
    keys = dict(AuxCombo.objects.filter(id__in={line.combo for line in lines}).values_list("id", "key"))
    for index, line in enumerate(lines):
        account = accounts[line.account]
        _check_usable(account, f"lines.{index}.account")
        _check_aux(account, dimensions.get(account.pk, {}), keys.get(line.combo, ""), f"lines.{index}.aux")
        _check_currency(account, line, f"lines.{index}")
    if kind == Voucher.Kind.CLOSING:
        with bookkeeping("lines"):
            check_closing_accounts(line.account for line in lines)
    _check_balance(lines)
    return CheckedLines(lines, accounts)


def _dimensions_of(accounts: Iterable[LedgerAccount]) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    rows = AccountDimension.objects.filter(account_id__in=[account.pk for account in accounts])
    for account_id, code, required in rows.values_list("account_id", "dimension__code", "required"):
        found.setdefault(account_id, {})[code] = required
    return found


def _check_usable(account: LedgerAccount, spot: str) -> None:
    if not account.is_leaf:
        message = _("科目 %(account)s 有下级科目，请选择最末级科目。") % {"account": account}
        raise refused("account_not_leaf", message, spot)
    if not account.is_active:
        message = _("科目 %(account)s 已停用，请换一个科目。") % {"account": account}
        raise refused("account_inactive", message, spot)


def _check_aux(account: LedgerAccount, carried: Mapping[str, bool], key: str, spot: str) -> None:
    given = aux_of_key(key)
    strange = sorted(set(given) - set(carried))
    if strange:
        message = _("科目 %(account)s 不核算 %(names)s，请去掉。")
        raise invalid(message % {"account": account, "names": "、".join(strange)}, spot)
    missing = sorted(code for code, required in carried.items() if required and code not in given)
    if missing:
        message = _("科目 %(account)s 必须填写辅助核算：%(names)s。")
        raise refused("aux_required", message % {"account": account, "names": "、".join(missing)}, spot)


def _check_currency(account: LedgerAccount, line: Line, spot: str) -> None:
    if line.currency is None:
        if account.currencies and BASE not in account.currencies:
            message = _("科目 %(account)s 是外币科目，请填写币种和原币金额。") % {"account": account}
            raise refused("currency_required", message, f"{spot}.currency")
        return
    if line.currency not in account.currencies:
        message = _("科目 %(account)s 不核算 %(currency)s。") % {"account": account, "currency": line.currency}
        raise invalid(message, f"{spot}.currency")
    amount, foreign = line.debit or line.credit, line.fc_amount or ZERO
    if not foreign:
        return
    expected = amount if line.rate is None else multiply(foreign, line.rate)
    if foreign * amount < 0 or expected != amount:
        message = _("原币 %(foreign)s × 汇率与本位币 %(amount)s 不符，应为 %(expected)s。")
        shown = {"foreign": foreign, "amount": format_amount(amount), "expected": format_amount(expected)}
        raise refused("fc_mismatch", message % shown, f"{spot}.fc_amount")


def _check_balance(lines: Sequence[Line]) -> None:
    sums = sum_lines(lines)
    if not sums.balanced:
        message = _("借贷不平衡：借方 %(debit)s，贷方 %(credit)s，相差 %(difference)s。") % {
            "debit": format_amount(sums.debit),
            "credit": format_amount(sums.credit),
            "difference": format_amount(abs(sums.difference)),
        }
        raise refused("voucher_unbalanced", message, "lines")


def write_lines(voucher: Voucher, checked: CheckedLines) -> list[VoucherLine]:
    """Write the lines and their cash-flow tags, two statements."""
    rows = VoucherLine.objects.bulk_create(
        VoucherLine(
            voucher=voucher, seq=seq, date=voucher.date, account=checked.accounts[line.account],
            combo_id=line.combo or EMPTY_COMBO, summary=line.summary, debit=line.debit, credit=line.credit,
            currency=line.currency or "", fc_amount=line.fc_amount, rate=line.rate, quantity=line.quantity,
            unit_price=line.unit_price, due_on=line.due_on, ref=line.ref,
        )
        for seq, line in enumerate(checked.lines, start=1)
    )  # fmt: skip
    CashFlowTag.objects.bulk_create(
        CashFlowTag(voucher_line=rows[tag.position], line=tag.line, guessed=tag.guessed)
        for tag in tag_lines(checked.lines)
    )
    return rows


def stored_lines(voucher: Voucher) -> list[Line]:
    """The lines of a voucher as arithmetic sees them, in order, with the tags in force."""
    rows = voucher.lines.select_related("account", "cash_flow_tag").order_by("seq")
    return [
        Line(
            account=row.account.code, summary=row.summary, debit=row.debit, credit=row.credit,
            combo=row.combo_id or EMPTY_COMBO,
            currency=row.currency or None, fc_amount=row.fc_amount, rate=row.rate, quantity=row.quantity,
            unit_price=row.unit_price, due_on=row.due_on, ref=row.ref,
            cash_flow=_chosen_tag(row),
        )
        for row in rows
    ]  # fmt: skip


def _chosen_tag(row: VoucherLine) -> int | None:
    # A guess is made anew for the copy, so that its warning is not lost.
    tag = getattr(row, "cash_flow_tag", None)
    return None if tag is None or tag.guessed else tag.line
