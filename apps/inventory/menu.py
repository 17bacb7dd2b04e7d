"""Menu entries of inventory and its corner of the home page; called by `registration.py`."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.inventory.views import home
from kernel import registry
from kernel.registry import HomeTile, NavGroup, NavItem

VIEW = "inventory.view"


def hang_in() -> None:
    """Menu, tile, tasks, a first step, search."""
    registry.add_group(
        NavGroup(
            key="inventory", label=_("进销存"), icon="building-warehouse", color="inventory", module="inventory",
            position=20, items=_items(),
        )
    )  # fmt: skip
    for place, (key, tile, right) in enumerate(
        (
            ("value", home.value_tile, "inventory.view_cost"),
            ("late", home.late_tile, VIEW),
            ("short", home.short_tile, VIEW),
        )
    ):
        registry.add_home_tile(
            HomeTile(key=f"inventory.{key}", read=tile, module="inventory", right=right, position=30 + place)
        )
    for place, (key, read) in enumerate((("ship", home.ship_task), ("receive", home.receive_task))):
        registry.add_home_task(
            HomeTile(key=f"inventory.{key}", read=read, module="inventory", right=VIEW, position=30 + place)
        )
    registry.add_checklist_step(
        HomeTile(
            key="inventory.opening", read=home.opening_step, module="inventory", right="inventory.move", position=30
        )
    )
    registry.add_search("inventory", home.search)


def _items() -> tuple[NavItem, ...]:
    entries = (
        (_("仓库看板"), "board", "gauge", VIEW),
        (pgettext_lazy("menu", "销售订单"), "sales-orders", "file-invoice", VIEW),
        (pgettext_lazy("menu", "采购订单"), "purchase-orders", "truck-delivery", VIEW),
        (_("库存"), "stock", "building-warehouse", VIEW),
        (_("入库"), "receipts", "file-import", VIEW),
        (_("出库"), "issues", "file-export", VIEW),
        (_("调拨"), "transfers", "git-merge", VIEW),
        (_("扫码作业"), "scan", "scan", VIEW),
        (_("批次追溯"), "lots", "tag", VIEW),
        (_("存货成本"), "valuation", "receipt-yuan", "inventory.view_cost"),
        (_("库存月结"), "periods", "calendar-check", VIEW),
        (_("进销存设置"), "settings", "settings", "inventory.close"),
    )
    return tuple(
        NavItem(label=label, url_name=f"inventory:{name}", icon=icon, right=right)
        for label, name, icon, right in entries
    )
