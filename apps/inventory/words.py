"""What the audit log calls the deeds of inventory."""

from django.utils.translation import gettext_lazy as _

NOUNS = {
    "item_settings": _("物料的库存设置"), "label": _("标签"), "lot": _("批次"), "purchase_order": _("采购订单"),
    "reservation": _("预留"), "sales_order": _("销售订单"), "stock_assembly": _("组装单"),
    "stock_adjustment": _("成本调整单"), "stock_issue": _("出库单"), "stock_landed": _("采购费用单"),
    "stock_period": _("库存月结"), "stock_receipt": _("入库单"), "stock_settings": _("进销存设置"),
    "stock_stocktake": _("盘点单"), "stock_transfer": _("调拨单"),
}  # fmt: skip
VERBS = {
    "cancel": _("取消"), "confirm": _("确认"), "lot.block": _("冻结"), "lot.hold": _("待处理"),
    "lot.release": _("放行"), "print": _("打印"), "reservation.release": _("取消预留"),
    "stock_assembly.post": _("确认"),
    "stock_adjustment.post": _("确认"), "stock_issue.post": _("确认出库"), "stock_landed.post": _("确认"),
    "stock_receipt.post": _("确认入库"), "stock_transfer.post": _("确认调拨"),
}  # fmt: skip
