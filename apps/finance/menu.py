"""Menu entries of finance and its corner of the home page; called by `registration.py`."""

from django.utils.translation import gettext_lazy as _

from apps.finance.views import common, home
from kernel import registry, shell_state
from kernel.registry import HomeTile, NavGroup, NavItem, Panel

VIEW = "finance.view"


def hang_in() -> None:
    """Menu, tiles, tasks, first steps, chart, search, period switch and subtitle."""
    registry.add_group(
        NavGroup(
            key="finance", label=_("财务"), icon="receipt", color="finance", module="finance", position=10,
            items=_items(),
        )
    )  # fmt: skip
    tiles = (
        ("cash", home.cash_tile), ("revenue", home.revenue_tile), ("profit", home.profit_tile),
        ("waiting", home.waiting_tile),
    )  # fmt: skip
    for place, (key, read) in enumerate(tiles):
        registry.add_home_tile(
            HomeTile(key=f"finance.{key}", read=read, module="finance", right=VIEW, position=10 + place)
        )
    tasks = (("review", home.review_task), ("post", home.post_task), ("close", home.close_task))
    for place, (right, read) in enumerate(tasks):
        registry.add_home_task(
            HomeTile(key=f"finance.{right}", read=read, module="finance", right=f"finance.{right}", position=10 + place)
        )
    registry.add_home_task(
        HomeTile(key="finance.facts", read=home.facts_task, module="finance", right="finance.prepare", position=13)
    )
    steps = (("start", home.start_step, "settings"), ("voucher", home.first_voucher_step, "prepare"))
    for place, (key, step, right) in enumerate(steps):
        registry.add_checklist_step(
            HomeTile(key=f"finance.{key}", read=step, module="finance", right=f"finance.{right}", position=10 + place)
        )
    registry.add_panel(
        Panel(
            slot="home", url_name="finance:home-panel", title=_("收入、成本与利润"), module="finance", right=VIEW,
            position=10,
        )
    )  # fmt: skip
    registry.add_panel(
        Panel(
            slot="home.action", url_name="finance:voucher-new", title=_("新增凭证"), module="finance",
            right="finance.prepare",
        )
    )  # fmt: skip
    for slot, url_name in (
        ("inventory.document", "finance:stock-document-panel"),
        ("production.work_order", "finance:work-order-panel"),
    ):
        registry.add_panel(Panel(slot=slot, url_name=url_name, title=_("凭证"), module="finance", right=VIEW))
    registry.add_search("finance", home.search)
    shell_state.supply("period", common.period_switch)
    shell_state.supply("subtitle", home.subtitle)


def _items() -> tuple[NavItem, ...]:
    return (
        NavItem(
            label=_("凭证"), url_name="finance:voucher-list", icon="receipt", right=VIEW,
            badge=home.draft_badge, badge_id="n-vouchers",
        ),
        NavItem(label=_("账簿"), url_name="finance:ledgers", icon="books", right=VIEW),
        NavItem(label=_("报表"), url_name="finance:reports", icon="report-analytics", right=VIEW),
        NavItem(label=_("期末结账"), url_name="finance:close", icon="calendar-check", right=VIEW),
        NavItem(
            label=_("科目与期初"), url_name="finance:accounts", icon="list-numbers", right=VIEW,
            also=("/finance/rules/", "/finance/facts/"),
        ),
    )  # fmt: skip
