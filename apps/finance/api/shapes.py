"""Answers: amounts as text with 2 decimals, quantities 4, unit prices 6, rates 8; null where nothing applies."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import ZERO, format_amount
from apps.finance.domain.checklist import Checklist
from apps.finance.models import (
    Book,
    ExchangeRate,
    LedgerAccount,
    OpeningBalance,
    Reclassification,
    TaxpayerKind,
    TaxRule,
    Voucher,
    VoucherLine,
)
from apps.finance.selectors.periods import PeriodView
from apps.finance.services.dimensions import aux_of_key
from kernel.models import AuditEntry

money = format_amount


def number(value: Decimal | None, places: int) -> str | None:
    """A decimal with its places, None stays None; never a negative zero."""
    return None if value is None else f"{value + 0:.{places}f}"


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the offset of Shanghai."""
    return timezone.localtime(value).isoformat() if value else None


def book_shape(book: Book, kinds: Sequence[TaxpayerKind]) -> dict[str, Any]:
    """The book; `state` new before it is set up."""
    return {
        "state": book.state,
        "company_name": book.company_name,
        "tax_id": book.tax_id,
        "standard": book.standard,
        "base": book.base_currency,
        "start_period": book.start_period or None,
        "voucher_words": book.voucher_words,
        "closing_word": book.closing_word,
        "code_lengths": book.code_lengths,
        "separate_reviewer": book.separate_reviewer,
        "cashier_sign": book.cashier_sign,
        "monthly_profit_transfer": book.monthly_profit_transfer,
        "balance_side": book.balance_side,
        "crossing": book.crossing,
        "version": book.version,
        "taxpayer_kinds": [kind_shape(kind) for kind in kinds],
    }


def kind_shape(kind: TaxpayerKind) -> dict[str, Any]:
    """纳税人身份 from a day on."""
    return {"kind": kind.kind, "from": kind.from_date.isoformat(), "vat_filing": kind.vat_filing}


def account_shape(account: LedgerAccount) -> dict[str, Any]:
    """An account with its dimensions; `parent` is a code."""
    return {
        "id": account.pk,
        "code": account.code,
        "name": account.name,
        "name_en": account.name_en,
        "parent": account.parent.code if account.parent else None,
        "level": account.level,
        "category": account.category,
        "direction": account.direction,
        "is_leaf": account.is_leaf,
        "is_active": account.is_active,
        "statutory": account.statutory,
        "aux": [{"dimension": row.dimension.code, "required": row.required} for row in account.dimensions.all()],
        "quantity": account.quantity,
        "currencies": account.currencies,
        "revalue": account.revalue,
        "cash_kind": account.cash_kind,
        "open_item": account.open_item,
        "income_line": account.income_line,
        "version": account.version,
    }


def voucher_shape(voucher: Voucher) -> dict[str, Any]:
    """A voucher with its lines, signers, source and links; comes prefetched by `selectors.vouchers.with_lines`."""
    lines = list(voucher.lines.all())
    reversals = list(voucher.reversals.all())
    return {
        "id": voucher.pk,
        "number": voucher.number,
        "word": voucher.word,
        "no": voucher.no,
        "period": str(voucher.period),
        "date": voucher.date.isoformat(),
        "state": voucher.state,
        "kind": voucher.kind,
        "attachment_count": voucher.attachment_count,
        "debit_total": money(sum((line.debit for line in lines), ZERO)),
        "credit_total": money(sum((line.credit for line in lines), ZERO)),
        "lines": [line_shape(line) for line in lines],
        "prepared_by": voucher.prepared_by_name or None,
        "prepared_at": moment(voucher.prepared_at),
        "reviewed_by": voucher.reviewed_by_name or None,
        "reviewed_at": moment(voucher.reviewed_at),
        "posted_by": voucher.posted_by_name or None,
        "posted_at": moment(voucher.posted_at),
        "cashier_signed_by": voucher.cashier_signed_by_name or None,
        "cashier_signed_at": moment(voucher.cashier_signed_at),
        "source": _source_shape(voucher),
        "reverses": voucher.reverses_id,
        "reversed_by": reversals[0].pk if reversals else None,
        "version": voucher.version,
        "hash": voucher.hash or None,
        "previous_hash": voucher.previous_hash or None,
    }


def _source_shape(voucher: Voucher) -> dict[str, Any] | None:
    if not voucher.source_kind:
        return None
    return {
        "kind": voucher.source_kind,
        "ref": voucher.source_ref,
        "rule": voucher.rule_code or None,
        "rule_version": voucher.rule_version,
    }


def line_shape(line: VoucherLine) -> dict[str, Any]:
    """分录; `cash_flow` is the tag in force."""
    tag = getattr(line, "cash_flow_tag", None)
    return {
        "seq": line.seq,
        "summary": line.summary,
        "account": line.account.code,
        "account_name": line.account.name,
        "aux": aux_of_key(line.combo.key),
        "currency": line.currency or None,
        "fc_amount": number(line.fc_amount, 2),
        "rate": number(line.rate, 8),
        "quantity": number(line.quantity, 4),
        "unit_price": number(line.unit_price, 6),
        "debit": money(line.debit),
        "credit": money(line.credit),
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "ref": line.ref or None,
        "cash_flow": tag.line if tag else None,
    }


def opening_shape(row: OpeningBalance) -> dict[str, Any]:
    """期初 of one account, combo and currency, in the account's own direction."""
    return {
        "account": row.account.code,
        "account_name": row.account.name,
        "aux": aux_of_key(row.combo.key),
        "currency": row.currency or None,
        "balance": money(row.balance),
        "ytd_debit": money(row.ytd_debit),
        "ytd_credit": money(row.ytd_credit),
        "ytd_actual": number(row.ytd_actual, 2),
        "quantity": number(row.quantity, 4),
        "fc_balance": money(row.fc_balance),
        "items": [
            {
                "ref": item.ref,
                "on": item.on.isoformat(),
                "due_on": item.due_on.isoformat(),
                "amount": money(item.amount),
            }
            for item in row.items.all()
        ],
    }


def period_shape(view: PeriodView) -> dict[str, Any]:
    """A period with its counts."""
    return {
        "period": str(view.period),
        "state": view.period.state,
        "posted": view.posted,
        "unposted": view.unposted,
        "last_numbers": view.last_numbers,
        "closed_by": view.period.closed_by_name or None,
        "closed_at": moment(view.period.closed_at),
    }


def checklist_shape(period: str, found: Checklist) -> dict[str, Any]:
    """The month-end checklist, each item with a sentence."""
    items = [
        {
            "code": item.code,
            "title": _(item.title),
            "status": item.status,
            "blocking": item.blocking,
            "count": item.count,
            "step": item.step,
            "detail": _detail(item.status, item.count),
        }
        for item in found.items
    ]
    return {"period": period, "ready": found.ready, "items": items}


def _detail(status: str, count: int) -> str:
    if status == "ok":
        return _("已完成。")
    if status == "not_needed":
        return _("本期不需要。")
    if status == "warning":
        return _("还有 %(count)s 项，建议处理，不影响结账。") % {"count": count}
    return _("还有 %(count)s 项，处理后才能结账。") % {"count": count}


def rate_shape(row: ExchangeRate) -> dict[str, Any]:
    """汇率 of a day."""
    return {
        "id": row.pk,
        "currency": row.currency,
        "on": row.on.isoformat(),
        "rate": number(row.rate, 8),
        "source": row.source or None,
    }


def tax_rule_shape(row: TaxRule) -> dict[str, Any]:
    """A dated rate or threshold; `threshold_inclusive` null where the rule is no threshold."""
    return {
        "rule": row.rule,
        "applies_to": row.applies_to,
        "label": row.label,
        "value": number(row.value, 4),
        "comparison": row.comparison or None,
        "threshold_inclusive": row.comparison == "<=" if row.comparison else None,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "scope": row.scope,
        "source": row.source,
    }


def reclassification_shape(row: Reclassification) -> dict[str, Any]:
    """重分类 of one period's sheet."""
    return {
        "id": row.pk,
        "period": str(row.period),
        "from_line": row.from_line,
        "to_line": row.to_line,
        "amount": money(row.amount),
        "reason": row.reason,
        "created_by": row.created_by_name,
        "created_at": moment(row.created_at),
    }


def log_shape(entry: AuditEntry) -> dict[str, Any]:
    """One entry of the log."""
    return {
        "id": entry.pk,
        "at": moment(entry.at),
        "actor": entry.actor_name,
        "action": entry.action,
        "object": entry.object,
        "label": entry.label,
        "changes": entry.changes,
        "ip": entry.ip,
    }
