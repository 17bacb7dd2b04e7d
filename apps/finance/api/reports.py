"""Reports as JSON and as sheets: what a selector found, in the words of the contract."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.finance.api.shapes import money, number
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.ledger import EightAmounts, SubledgerRow, TrialBalance, sided
from apps.finance.domain.numbers import WordNumbers, voucher_number
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.domain.statements import Statement
from apps.finance.selectors.ledgers import AccountLedger, GeneralAccount
from apps.finance.selectors.special import AuxRow, MultiColumnLedger, QuantityLedger, VoucherSummary
from apps.finance.selectors.statements import Kpis
from kernel.exports import Column

SUMMARIES = {
    "opening": _("期初余额"),
    "day_total": _("本日合计"),
    "period_total": _("本期合计"),
    "ytd_total": _("本年累计"),
}
EIGHT = (
    "opening_debit", "opening_credit", "debit", "credit", "ytd_debit", "ytd_credit", "closing_debit", "closing_credit",
)  # fmt: skip
SIX = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")
HEADINGS = {
    "opening_debit": _("期初借方"),
    "opening_credit": _("期初贷方"),
    "debit": _("本期借方"),
    "credit": _("本期贷方"),
    "ytd_debit": _("本年累计借方"),
    "ytd_credit": _("本年累计贷方"),
    "closing_debit": _("期末借方"),
    "closing_credit": _("期末贷方"),
}


@dataclass(frozen=True)
class Report:
    """A report: the answer, and the rows and columns of its sheet. `rows` are dicts with amounts as text."""

    name: str
    answer: dict[str, Any]
    columns: Sequence[Column]
    rows: Iterable[dict[str, Any]] = field(default=())


def _amounts(amounts: EightAmounts, names: Sequence[str]) -> dict[str, str]:
    return {name: money(getattr(amounts, name)) for name in names}


def _total_row(amounts: dict[str, Any], **words: Any) -> dict[str, Any]:
    return {**amounts, **words}


def trial_balance(span: Span, found: TrialBalance) -> Report:
    """科目余额表."""
    rows = [
        {
            "account": row.account.code,
            "name": row.account.name,
            "level": row.account.level,
            "is_leaf": row.account.is_leaf,
            "direction": row.account.direction,
            **_amounts(row.amounts, EIGHT),
        }
        for row in found.rows
    ]
    totals = _amounts(found.totals, EIGHT)
    answer = {"from": str(span.first), "to": str(span.last), "rows": rows, "totals": totals}
    columns = [Column("account", _("科目编码")), Column("name", _("科目名称"))]
    columns += [Column(name, HEADINGS[name], "money") for name in EIGHT]
    return Report("科目余额表", answer, columns, [*rows, _total_row(totals, account="", name=_t("合计"))])


def general_ledger(found: Sequence[GeneralAccount], balance_side: str) -> Report:
    """总账."""
    accounts: list[dict[str, Any]] = [
        {
            "account": one.account.code,
            "name": one.account.name,
            "rows": [
                {
                    "kind": row.kind,
                    "period": str(row.period),
                    "debit": money(row.debit),
                    "credit": money(row.credit),
                    **_balance(row.balance, one.account.direction, balance_side),
                }
                for row in one.rows
            ],
        }
        for one in found
    ]
    columns = [
        Column("account", _("科目编码")), Column("name", _("科目名称")), Column("period", _("期间")),
        Column("summary", _("摘要")), Column("debit", _("借方"), "money"), Column("credit", _("贷方"), "money"),
        Column("direction", _("方向")), Column("balance", _("余额"), "money"),
    ]  # fmt: skip
    rows = (
        {**row, "account": one["account"], "name": one["name"], "summary": _summary(row["kind"])}
        for one in accounts
        for row in one["rows"]
    )
    return Report("总账", {"accounts": accounts}, columns, rows)


def _summary(kind: str) -> str:
    return str(SUMMARIES[kind])


def _balance(balance: Decimal, direction: str, side: str) -> dict[str, str]:
    shown = sided(balance, account_direction=direction, balance_side=side)
    return {"direction": shown.direction, "balance": money(shown.amount)}


def _ledger_row(row: SubledgerRow, direction: str, side: str) -> dict[str, Any]:
    line = row.line
    return {
        "kind": row.kind,
        "date": row.on.isoformat(),
        "voucher": line.key if line else None,
        "number": voucher_number(line.word, line.no) if line else None,
        "seq": line.seq if line else None,
        "account": line.account if line else None,
        "summary": line.summary if line else _summary(row.kind),
        "debit": money(row.debit),
        "credit": money(row.credit),
        **_balance(row.balance, direction, side),
    }


LEDGER_COLUMNS = (
    Column("date", _("日期"), "date"),
    Column("number", _("凭证号")),
    Column("account", _("科目编码")),
    Column("summary", _("摘要")),
    Column("debit", _("借方"), "money"),
    Column("credit", _("贷方"), "money"),
    Column("direction", _("方向")),
    Column("balance", _("余额"), "money"),
)


def account_ledger(found: AccountLedger, name: str) -> Report:
    """明细账 or 日记账: rows are made one by one, so that a sheet of any length stays small in memory."""
    rows = (_ledger_row(row, found.account.direction, found.balance_side) for row in found.rows)
    head = {"account": found.account.code, "name": found.account.name}
    return Report(f"{name} {found.account.code}", {**head, "rows": rows}, LEDGER_COLUMNS, rows)


def quantity_ledger(found: QuantityLedger, balance_side: str) -> Report:
    """数量金额账."""
    rows = [
        {
            **_ledger_row(row.row, found.account.direction, balance_side),
            "debit_quantity": number(row.debit_quantity, 4),
            "credit_quantity": number(row.credit_quantity, 4),
            "balance_quantity": number(row.balance_quantity, 4),
            "unit_price": number(row.unit_price, 6),
        }
        for row in found.rows
    ]
    columns = [
        *LEDGER_COLUMNS,
        Column("debit_quantity", _("借方数量"), "quantity"),
        Column("credit_quantity", _("贷方数量"), "quantity"),
        Column("balance_quantity", _("结存数量"), "quantity"),
        Column("unit_price", _("单价"), "quantity"),
    ]
    head = {"account": found.account.code, "name": found.account.name}
    return Report(f"数量金额账 {found.account.code}", {**head, "rows": rows}, columns, rows)


def aux_balance(found: Sequence[AuxRow]) -> Report:
    """辅助余额表."""
    rows = [{"value": row.value, "name": row.name or _t("（未指定）"), **_amounts(row.amounts, SIX)} for row in found]
    sums = {name: sum((getattr(row.amounts, name) for row in found), ZERO) for name in SIX}
    totals = {name: money(amount) for name, amount in sums.items()}
    columns = [Column("value", _("编码")), Column("name", _("名称"))]
    columns += [Column(name, HEADINGS[name], "money") for name in SIX]
    shown = [*rows, _total_row(totals, value="", name=_t("合计"))]
    return Report("辅助余额表", {"rows": rows, "totals": totals}, columns, shown)


def multi_column(found: MultiColumnLedger) -> Report:
    """多栏账; a cell is there only for the key of its line."""
    rows = [
        {
            "date": one.row.on.isoformat(),
            "voucher": one.row.line.key if one.row.line else None,
            "number": voucher_number(one.row.line.word, one.row.line.no) if one.row.line else None,
            "summary": one.row.line.summary if one.row.line else "",
            "debit": money(one.row.debit),
            "credit": money(one.row.credit),
            **_balance(one.row.balance, found.account.direction, found.balance_side),
            "cells": {one.key: money(one.amount)},
        }
        for one in found.ledger.rows
    ]
    keys = [{"key": key, "name": name or _t("（未指定）")} for key, name in found.columns]
    totals = {key: money(amount) for key, amount in found.ledger.totals.items()}
    columns = [
        Column("date", _("日期"), "date"), Column("number", _("凭证号")), Column("summary", _("摘要")),
        Column("debit", _("借方"), "money"), Column("credit", _("贷方"), "money"), Column("direction", _("方向")),
        Column("balance", _("余额"), "money"),
        *[Column(f"cells.{key['key']}", f"{key['key']} {key['name']}".strip(), "money") for key in keys],
    ]  # fmt: skip
    shown: list[dict[str, Any]] = [*rows, {"summary": _t("合计"), "cells": totals}]
    head = {"account": found.account.code, "name": found.account.name}
    return Report("多栏账", {**head, "columns": keys, "rows": rows, "totals": totals}, columns, shown)


def voucher_summary(found: VoucherSummary) -> Report:
    """凭证汇总表."""
    rows = [
        {"account": fact.code, "name": fact.name, "debit": money(moved.debit), "credit": money(moved.credit)}
        for fact, moved in found.rows
    ]
    totals = {"debit": money(found.totals.debit), "credit": money(found.totals.credit)}
    answer = {
        "vouchers": found.vouchers,
        "attachments": found.attachments,
        "rows": rows,
        "totals": totals,
        "numbers": [
            {"word": one.word, "first": one.first, "last": one.last, "count": one.count} for one in found.numbers
        ],
    }
    columns = [
        Column("account", _("科目编码")), Column("name", _("科目名称")), Column("debit", _("借方"), "money"),
        Column("credit", _("贷方"), "money"),
    ]  # fmt: skip
    return Report("凭证汇总表", answer, columns, [*rows, _total_row(totals, account="", name=_t("合计"))])


def number_check(found: Sequence[WordNumbers]) -> Report:
    """断号检查."""
    rows = [
        {"word": one.word, "first": one.first, "last": one.last, "count": one.count, "gaps": list(one.gaps)}
        for one in found
    ]
    columns = [
        Column("word", _("凭证字")), Column("first", _("首号"), "number"), Column("last", _("末号"), "number"),
        Column("count", _("张数"), "number"), Column("gaps", _("断号")),
    ]  # fmt: skip
    return Report("断号检查", {"words": rows}, columns, rows)


STATEMENT_HEADINGS = {
    "closing": _("期末余额"),
    "year_begin": _("年初余额"),
    "current": _("本期金额"),
    "ytd": _("本年累计金额"),
    "last_year": _("上年金额"),
}


def statement(found: Statement, month: Month, name: str, *, span: str | None = None) -> Report:
    """One of the three statements with its checks and status."""
    rows = [
        {"line": row.line, "name": row.name, **{key: money(row.amounts[key]) for key in found.columns}}
        for row in found.rows
    ]
    checks = [
        {
            "rule": check.rule,
            "kind": check.kind,
            "column": check.column,
            "ok": check.ok,
            "left": money(check.left),
            "right": money(check.right),
        }
        for check in found.checks
    ]
    head: dict[str, Any] = {"form": found.form, "period": str(month)}
    if span is not None:
        head["span"] = span
    columns = [Column("line", _("行次"), "number"), Column("name", _("项目"))]
    columns += [Column(key, STATEMENT_HEADINGS[key], "money") for key in found.columns]
    answer = {**head, "status": found.status, "rows": rows, "checks": checks}
    return Report(f"{name} {month}", answer, columns, rows)


def figures(found: Kpis) -> Report:
    """The owner's numbers; null where the divisor is not positive."""
    ratios = found.ratios
    names = ("dso", "dio", "dpo", "cash_cycle", "gross_margin", "net_margin", "current_ratio")
    answer: dict[str, Any] = {"period": str(found.span.last), "months": len(found.span), "days": found.span.days}
    for name in names:
        value = getattr(ratios, name)
        answer[name] = None if value is None else f"{value:f}"
    answer |= {"cash": money(found.cash), "receivable": money(found.receivable), "payable": money(found.payable)}
    columns = [Column("name", _("指标")), Column("value", _("数值"), "number")]
    return Report("经营指标", answer, columns, _pairs(answer))


def _pairs(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, value in answer.items():
        yield {"name": name, "value": value}
