"""期初: the balances a book starts from, replaced as a whole until it is started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import CENT, WIDE, ZERO, format_amount
from apps.finance.domain.cashflow import INFLOW_LINES, OUTFLOW_LINES
from apps.finance.models import (
    AccountDimension,
    Book,
    LedgerAccount,
    OpeningBalance,
    OpeningCashFlow,
    OpeningItem,
)
from apps.finance.services.dimensions import Aux, resolve_combos
from apps.finance.services.refusals import book_not_started, raise_fields, refused
from kernel import audit
from tenants.rights import Member

BASE = "CNY"


@dataclass(frozen=True, kw_only=True)
class ItemInput:
    """One open document of an opening balance; amount in the account's own direction."""

    ref: str
    on: date
    due_on: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class OpeningInput:
    """One opening row; balance, ytd_actual, fc_balance and items in the account's own direction."""

    account: str
    balance: Decimal
    aux: Aux = field(default_factory=dict)
    ytd_debit: Decimal = ZERO
    ytd_credit: Decimal = ZERO
    ytd_actual: Decimal | None = None
    quantity: Decimal = Decimal(0)
    currency: str | None = None
    fc_balance: Decimal = ZERO
    items: Sequence[ItemInput] = ()


@dataclass(frozen=True)
class OpeningTotals:
    """Sums row by row, each net on the side of its sign; `difference` = debit − credit of the balances."""

    rows: int
    debit: Decimal
    credit: Decimal
    year_begin_debit: Decimal
    year_begin_credit: Decimal

    @property
    def difference(self) -> Decimal:
        return self.debit - self.credit

    @property
    def balanced(self) -> bool:
        """Both the opening and the year's begin tie."""
        return not self.difference and self.year_begin_debit == self.year_begin_credit


def opening_totals() -> OpeningTotals:
    """Totals of the stored set."""
    rows = list(OpeningBalance.objects.select_related("account"))
    closing = [row.balance * row.account.sign for row in rows]
    begin = [net - (row.ytd_debit - row.ytd_credit) for net, row in zip(closing, rows, strict=True)]
    return OpeningTotals(len(rows), *_sides(closing), *_sides(begin))


def _sides(nets: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    return sum((net for net in nets if net > 0), ZERO), sum((-net for net in nets if net < 0), ZERO)


@transaction.atomic
def put_opening_balances(
    *, rows: Sequence[OpeningInput], actor: Member, cash_flow_ytd: Mapping[int, Decimal] | None = None
) -> OpeningTotals:
    """Replace the whole set. It need not tie yet: the start of the book asks for that.

    Raises `book_not_started` before set-up, `book_started`, `invalid` (`rows.3.account`), `account_not_leaf`,
    `account_inactive`, `aux_required`, `currency_required`, `opening_items_differ`.
    """
    book = Book.objects.select_for_update().first()
    if book is None:
        raise book_not_started()
    if book.is_started:
        raise refused("book_started", _("账套已经启用，期初余额不能再改。"))
    cash_flow = dict(cash_flow_ytd or {})
    _check_shape(rows, cash_flow, january=book.start.month == 1)
    accounts = _accounts_of(rows)
    combos = resolve_combos((f"rows.{index}.aux", row.aux) for index, row in enumerate(rows))
    _check_rules(rows, accounts)
    _check_unique(rows, combos)
    _replace(rows, accounts, combos, cash_flow)
    totals = opening_totals()
    label = _("%(rows)s 行，差额 %(difference)s") % {
        "rows": totals.rows, "difference": format_amount(totals.difference),
    }  # fmt: skip
    audit.record(actor=actor, action="opening.put", object="book:1", label=label)
    return totals


def _check_shape(rows: Sequence[OpeningInput], cash_flow: Mapping[int, Decimal], *, january: bool) -> None:
    problems: dict[str, str] = {}
    for index, row in enumerate(rows):
        problems |= {f"rows.{index}.{name}": text for name, text in _row_shape(row, january=january).items()}
    for line, amount in cash_flow.items():
        if line not in INFLOW_LINES | OUTFLOW_LINES or not _is_cents(amount):
            problems[f"cash_flow_ytd.{line}"] = _("现金流量项目请选 1 至 18 行中的明细项目，金额到分。")
        elif january and amount:
            problems[f"cash_flow_ytd.{line}"] = _("一月启用的账套没有本年累计。")
    raise_fields(problems)


def _row_shape(row: OpeningInput, *, january: bool) -> dict[str, str]:
    amounts = {
        "balance": row.balance,
        "ytd_debit": row.ytd_debit,
        "ytd_credit": row.ytd_credit,
        "ytd_actual": row.ytd_actual or ZERO,
        "fc_balance": row.fc_balance,
    }
    problems = {name: _("金额只能到分。") for name, amount in amounts.items() if not _is_cents(amount)}
    if any(not _is_cents(item.amount) or not item.ref.strip() or len(item.ref) > 40 for item in row.items):
        problems["items"] = _("往来明细要有编号（最多 40 个字符），金额只能到分。")
    if january and (row.ytd_debit or row.ytd_credit or row.ytd_actual):
        problems["ytd_debit"] = _("一月启用的账套没有本年累计。")
    if row.currency in (None, "", BASE) and row.fc_balance:
        problems["currency"] = _("填了原币余额，请选择币种。")
    return problems


def _is_cents(amount: Decimal) -> bool:
    return amount.is_finite() and abs(amount) < 10**16 and amount == amount.quantize(CENT, context=WIDE)


def _accounts_of(rows: Sequence[OpeningInput]) -> dict[str, LedgerAccount]:
    accounts = {row.code: row for row in LedgerAccount.objects.filter(code__in={row.account for row in rows})}
    raise_fields(
        {
            f"rows.{index}.account": _("没有科目 %(code)s，请从科目表中选择。") % {"code": row.account[:20]}
            for index, row in enumerate(rows)
            if row.account not in accounts
        }
    )
    return accounts


def _check_rules(rows: Sequence[OpeningInput], accounts: Mapping[str, LedgerAccount]) -> None:
    carried: dict[int, dict[str, bool]] = {}
    of_accounts = AccountDimension.objects.filter(account__in=list(accounts.values()))
    for account_id, code, required in of_accounts.values_list("account_id", "dimension__code", "required"):
        carried.setdefault(account_id, {})[code] = required
    for index, row in enumerate(rows):
        account = accounts[row.account]
        _check_account(account, row, f"rows.{index}")
        _check_aux(account, carried.get(account.pk, {}), row, f"rows.{index}.aux")
        _check_items(row, f"rows.{index}.items")


def _check_account(account: LedgerAccount, row: OpeningInput, spot: str) -> None:
    if not account.is_leaf:
        message = _("科目 %(account)s 有下级科目，请填末级科目的余额。") % {"account": account}
        raise refused("account_not_leaf", message, f"{spot}.account")
    if not account.is_active:
        raise refused("account_inactive", _("科目 %(account)s 已停用。") % {"account": account}, f"{spot}.account")
    currency = _currency(row)
    if currency and currency not in account.currencies:
        message = _("科目 %(account)s 不核算 %(currency)s。") % {"account": account, "currency": currency[:3]}
        raise_fields({f"{spot}.currency": message})
    if not currency and row.balance and account.currencies and BASE not in account.currencies:
        message = _("科目 %(account)s 是外币科目，请填写币种和原币余额。") % {"account": account}
        raise refused("currency_required", message, f"{spot}.currency")


def _check_aux(account: LedgerAccount, carried: Mapping[str, bool], row: OpeningInput, spot: str) -> None:
    strange = sorted(set(row.aux) - set(carried))
    if strange:
        message = _("科目 %(account)s 不核算 %(names)s，请去掉。")
        raise_fields({spot: message % {"account": account, "names": "、".join(strange)}})
    missing = sorted(code for code, required in carried.items() if required and code not in row.aux)
    if missing:
        message = _("科目 %(account)s 必须填写辅助核算：%(names)s。")
        raise refused("aux_required", message % {"account": account, "names": "、".join(missing)}, spot)


def _check_items(row: OpeningInput, spot: str) -> None:
    total = sum((item.amount for item in row.items), ZERO)
    if row.items and total != row.balance:
        message = _("往来明细合计 %(total)s，与期初余额 %(balance)s 不符。")
        shown = {"total": format_amount(total), "balance": format_amount(row.balance)}
        raise refused("opening_items_differ", message % shown, spot)


def _check_unique(rows: Sequence[OpeningInput], combos: Sequence[int]) -> None:
    seen: set[tuple[str, int, str]] = set()
    problems = {}
    for index, (row, combo) in enumerate(zip(rows, combos, strict=True)):
        key = (row.account, combo, _currency(row))
        if key in seen:
            problems[f"rows.{index}.account"] = _("科目 %(code)s 与上面的行重复，请合并。") % {"code": row.account}
        seen.add(key)
    raise_fields(problems)


def _currency(row: OpeningInput) -> str:
    return "" if row.currency in (None, "", BASE) else str(row.currency)


def _replace(
    rows: Sequence[OpeningInput],
    accounts: Mapping[str, LedgerAccount],
    combos: Sequence[int],
    cash_flow: Mapping[int, Decimal],
) -> None:
    OpeningItem.objects.all().delete()
    OpeningBalance.objects.all().delete()
    OpeningCashFlow.objects.all().delete()
    stored = OpeningBalance.objects.bulk_create(
        OpeningBalance(
            account=accounts[row.account], combo_id=combo, currency=_currency(row), balance=row.balance,
            ytd_debit=row.ytd_debit, ytd_credit=row.ytd_credit, ytd_actual=row.ytd_actual, quantity=row.quantity,
            fc_balance=row.fc_balance,
        )
        for row, combo in zip(rows, combos, strict=True)
    )  # fmt: skip
    OpeningItem.objects.bulk_create(
        OpeningItem(opening=opening, ref=item.ref.strip(), on=item.on, due_on=item.due_on, amount=item.amount)
        for opening, row in zip(stored, rows, strict=True)
        for item in row.items
    )
    OpeningCashFlow.objects.bulk_create(
        OpeningCashFlow(line=line, amount=amount) for line, amount in cash_flow.items() if amount
    )
