"""One voucher as its page and its print show it: lines with names of accounts and dimensions, and its history."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from apps.finance.domain.amounts import chinese_upper
from apps.finance.models import AuxComboMember, Voucher, VoucherLine
from apps.finance.selectors.account_names import account_names
from kernel.models import AuditEntry

HISTORY = 50


@dataclass(frozen=True)
class LineRow:
    """A line ready to print; `aux` is the names of its dimension values."""

    line: VoucherLine
    code: str
    account: str
    aux: tuple[str, ...]

    @property
    def facts(self) -> list[str]:
        """Quantity, foreign amount, due date and reference where the line has them."""
        line = self.line
        found = []
        if line.quantity is not None:
            price = f" × {line.unit_price.normalize():f}" if line.unit_price else ""
            found.append(_("数量 %(quantity)s") % {"quantity": f"{line.quantity.normalize():f}{price}"})
        if line.currency:
            rate = f" × {line.rate.normalize():f}" if line.rate else ""
            found.append(f"{line.currency} {line.fc_amount:,.2f}{rate}")
        if line.ref:
            found.append(line.ref)
        if line.due_on:
            found.append(_("到期 %(day)s") % {"day": line.due_on.isoformat()})
        return found


def line_rows(voucher: Voucher) -> list[LineRow]:
    """Lines of a voucher that came from `with_lines`; two queries."""
    return rows_of([voucher])[voucher.pk]


def rows_of(vouchers: list[Voucher]) -> dict[int, list[LineRow]]:
    """Lines of many vouchers by voucher id; two queries whatever their number."""
    names = account_names()
    lines = [line for voucher in vouchers for line in voucher.lines.all()]
    values: dict[int, list[str]] = {}
    members = AuxComboMember.objects.filter(combo_id__in={line.combo_id for line in lines if line.combo_id})
    for member in members.select_related("value").order_by("combo_id", "dimension_id"):
        values.setdefault(member.combo_id, []).append(member.value.name)
    return {
        voucher.pk: [
            LineRow(line, account.code, account.name, tuple(values.get(line.combo_id or 0, ())))
            for line in voucher.lines.all()
            for account in (names[line.account_id],)
        ]
        for voucher in vouchers
    }  # fmt: skip


def in_words(total: Decimal) -> str:
    """大写 of a total without the currency name, for the foot of the grid and the print."""
    return chinese_upper(total).removeprefix("人民币")


ACTIONS = {
    "voucher.draft": _lazy("填制"),
    "voucher.alter": _lazy("修改"),
    "voucher.review": _lazy("审核"),
    "voucher.unreview": _lazy("取消审核"),
    "voucher.sign": _lazy("出纳签字"),
    "voucher.post": _lazy("记账"),
    "voucher.reverse": _lazy("红字冲销"),
    "voucher.copy": _lazy("复制生成"),
    "voucher.retag": _lazy("调整现金流量项目"),
}
SOURCES = {
    "step": _lazy("由期末结账生成"),
    "rule": _lazy("由业务单据生成"),
    "template": _lazy("由模板生成"),
    "import": _lazy("由 Excel 导入"),
    "fapiao": _lazy("由发票生成"),
    "reversal": _lazy("红字冲销"),
    "copy": _lazy("复制生成"),
}


@dataclass(frozen=True)
class Happening:
    """One line of 操作记录."""

    at: datetime
    who: str
    words: str
    reason: str


def history(subject: str) -> list[Happening]:
    """Who did what with `voucher:17`, newest first."""
    rows = AuditEntry.objects.filter(object=subject).order_by("-id")[:HISTORY]
    return [Happening(row.at, row.actor_name, str(ACTIONS.get(row.action, row.action)), _reason(row)) for row in rows]


def _reason(entry: AuditEntry) -> str:
    values = entry.changes.get("reason") or [None, ""]
    reason = str(values[-1] or "")
    return {"error": _("差错更正"), "estimate": _("暂估冲回"), "return": _("退货退款")}.get(reason, reason)


def source_words(voucher: Voucher) -> str:
    """Where the voucher came from."""
    return str(SOURCES.get(voucher.source_kind, ""))
