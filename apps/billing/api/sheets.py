"""Lists of billing as Excel and CSV: which columns, what they are called. Rows are what the API shows."""

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from apps.billing.api.values import MONEY, plain
from kernel.exports import CSV, Column, as_download, csv_chunks, export_response

HEADINGS = {
    "access": _("访问级别"), "action": _("操作"), "actor": _("操作人"), "alignment": _("账期对齐"),
    "amount": _("金额"), "amount_due": _("待付"), "anchor_date": _("起算日"), "at": _("时间"),
    "balance": _("余额"), "booked_at": _("记账时间"), "code": _("编码"), "count": _("笔数"),
    "counts": _("数量"), "credited": _("已冲减"), "currency": _("币种"), "day": _("日期"),
    "days_late": _("逾期天数"), "due_now": _("今天应付"), "due_on": _("到期日"), "effective_from": _("生效日"),
    "external_id": _("流水号"), "failed": _("失败"), "finished_at": _("完成时间"), "for_moment": _("对应时刻"),
    "gateway": _("付款方式"), "grandfathered_until": _("保价至"), "id": _("编号"), "interval": _("计费周期"),
    "invoice.number": _("账单号"), "issued_on": _("开出日"), "kind": _("类型"), "label": _("对象"),
    "last": _("最后值"), "last_seen_at": _("最近使用"), "made_at": _("时间"), "made_on": _("日期"),
    "max": _("最大值"), "meter": _("计量项"), "modules": _("应用"), "mrr": _("月经常性收入"), "name": _("名称"),
    "net": _("净额"), "next_on": _("下一步日期"), "next_step": _("下一步"), "note": _("备注"),
    "number": _("账单号"), "object": _("对象编号"), "occurred_at": _("发生时间"),
    "on_next_invoice": _("下期账单"), "paid": _("已付"), "paused_until": _("暂停至"), "payer_name": _("付款方"),
    "period_end": _("期间止"), "period_start": _("期间起"), "postings": _("分录"), "reason": _("原因"),
    "receivable": _("应收"), "received_at": _("到达时间"), "remark": _("附言"), "resolution": _("处理"),
    "serial": _("流水号"), "shares.enterprise": _("企业应付"), "shares.government": _("政府承担"),
    "shares.provider": _("服务商承担"), "source": _("来源"), "started_at": _("开始时间"), "state": _("状态"),
    "sum": _("合计"), "tax": _("税额"), "tenant": _("企业"), "terms_accepted": _("已接受条款"),
    "to_balance": _("转入余额"), "total": _("金额"), "transaction_id": _("事件标识"),
    "trial_end": _("试用截止"), "value": _("数值"), "version": _("版本"),
}  # fmt: skip
NUMBERS = frozenset({"count", "days_late", "id", "last", "max", "sum", "value", "version"})
DATES = frozenset({"anchor_date", "day", "paused_until", "period_end", "period_start", "trial_end"})
MOMENTS = frozenset({"at", "for_moment"})
SHEETS: dict[str, tuple[str, ...]] = {
    "invoices": (
        "tenant", "number", "reason", "state", "period_start", "period_end", "issued_on", "due_on", "total", "net",
        "tax", "shares.enterprise", "shares.provider", "shares.government", "paid", "credited", "amount_due",
    ),
    "payments": ("id", "received_at", "gateway", "external_id", "amount", "to_balance", "state"),
    "changes": ("made_at", "actor", "net", "due_now", "on_next_invoice", "invoice.number"),
    "audit": ("at", "tenant", "actor", "action", "object", "label", "reason"),
    "usage-events": ("transaction_id", "meter", "value", "occurred_at", "received_at"),
    "usage-days": ("meter", "day", "count", "sum", "max", "last"),
    "price-plans": ("code", "version", "name", "state", "effective_from", "grandfathered_until"),
    "tenants": (
        "tenant", "name", "state", "access", "modules", "mrr", "receivable", "balance", "last_seen_at",
    ),
    "subscriptions": (
        "tenant", "state", "interval", "alignment", "anchor_date", "period_start", "period_end", "trial_end",
        "terms_accepted", "version",
    ),
    "ledger": ("id", "tenant", "kind", "source", "made_on", "postings"),
    "bank-lines": (
        "serial", "booked_at", "amount", "currency", "payer_name", "remark", "state", "reason", "tenant", "note",
    ),
    "quarantine": (
        "tenant", "transaction_id", "meter", "value", "occurred_at", "received_at", "reason", "state", "resolution",
    ),
    "jobs": ("name", "started_at", "finished_at", "for_moment", "counts", "failed"),
    "dunning": ("tenant", "name", "state", "days_late", "amount", "next_step", "next_on", "paused_until"),
}  # fmt: skip


def sheet_response(name: str, rows: Iterable[Mapping[str, Any]], fmt: str) -> HttpResponseBase:
    """The list `name` of SHEETS as a download. CSV is written at once: a stream would be read in another context."""
    columns = [_column(key) for key in SHEETS[name]]
    if fmt != "csv":
        return export_response(name, columns, rows, fmt)
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it when the last byte is sent
    for chunk in csv_chunks(columns, rows):
        file.write(chunk)
    file.seek(0)
    return as_download(FileResponse(file, content_type=CSV), f"{name}.csv")


def _column(key: str) -> Column:
    return Column(key, HEADINGS[key], _kind(key), value=lambda row: _cell(row, key))


def _kind(key: str) -> str:
    last = key.rpartition(".")[2]
    if last in NUMBERS:
        return "number"
    if last in MONEY:
        return "money"
    if last in MOMENTS or last.endswith("_at"):
        return "moment"
    return "date" if last in DATES or last.endswith(("_on", "_from", "_until")) else "text"


def _cell(row: Mapping[str, Any], key: str) -> Any:
    if key in ("period_start", "period_end") and key not in row:
        period = row.get("period")
        return period[key == "period_end"] if period else None
    value: Any = row
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return _text(value) if isinstance(value, Mapping | list) else value


def _text(value: Any) -> str:
    """Parts of a row in one cell: `finance full；inventory full`."""
    if isinstance(value, Mapping):
        return "；".join(f"{name} {inner}" for name, inner in plain(value).items())
    return "；".join(" ".join(str(part) for part in plain(row).values()) for row in value)
