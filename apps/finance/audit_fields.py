"""Fields of the books as the audit log names them."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "attachment_count": _("附单据"), "auto_review": _("自动审核"), "aux": _("辅助核算"),
    "balance_side": _("余额方向"), "cash_kind": _("现金类别"), "cashier_sign": _("出纳签字"),
    "crossing": _("跨期"), "currencies": _("币种"), "grouping": _("合并方式"), "income_line": _("利润表项目"),
    "kind": _("类型"), "monthly_profit_transfer": _("按月结转损益"), "open_item": _("往来核销"),
    "priority": _("优先级"), "quantity": _("数量核算"), "revalue": _("期末调汇"), "reversal": _("冲销凭证"),
    "reviewed_by": _("审核人"), "rule": _("自动凭证规则"), "separate_reviewer": _("制单审核分离"),
    "voucher": _("凭证"), "voucher_words": _("凭证字"), "vouchers": _("凭证"), "when": _("适用条件"),
}  # fmt: skip
