"""Menu of production: each page that is finished stands here, in the order of the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.production.views import home
from kernel import registry
from kernel.registry import HomeTile, NavGroup, NavItem, Panel

VIEW = "production.view"
ITEMS = (
    NavItem(label=_("生产看板"), url_name="production:home", icon="gauge", right=VIEW),
    NavItem(label=pgettext_lazy("menu", "工单"), url_name="production:order-list", icon="list-details", right=VIEW),
    NavItem(label=_("排产看板"), url_name="production:board", icon="calendar-time", right=VIEW),
    NavItem(label=_("物料需求"), url_name="production:mrp", icon="chart-bar", right=VIEW),
    NavItem(label=_("齐套检查"), url_name="production:kit-check", icon="clipboard-check", right=VIEW),
    NavItem(label=pgettext_lazy("menu", "报工"), url_name="production:reports", icon="checks", right=VIEW),
    NavItem(label=_("计件工资"), url_name="production:wages", icon="receipt-yuan", right=VIEW),
    NavItem(label=_("需求"), url_name="production:demand-list", icon="tag", right=VIEW),
    NavItem(label=_("物料清单与工艺"), url_name="production:bom-list", icon="sitemap", right=VIEW),
    NavItem(
        label=pgettext_lazy("menu", "工艺路线"),
        url_name="production:routing-list",
        icon="list-numbers",
        right=VIEW,
    ),
    NavItem(
        label=_("工作中心"),
        url_name="production:centre-list",
        icon="settings",
        right=VIEW,
        also=("/production/calendars/",),
    ),
    NavItem(label=_("计划参数"), url_name="production:planning-data", icon="adjustments", right=VIEW),
)


def hang_in() -> None:
    """Called by `registration.py`."""
    registry.add_group(
        NavGroup(
            key="production",
            label=_("生产"),
            icon="calendar-time",
            color="production",
            module="production",
            position=30,
            items=ITEMS,
        )
    )
    for place, (key, tile) in enumerate((("late", home.late_tile), ("urgent", home.urgent_tile))):
        registry.add_home_tile(
            HomeTile(key=f"production.{key}", read=tile, module="production", right=VIEW, position=40 + place)
        )
    for place, (key, task) in enumerate((("due", home.due_task), ("release", home.release_task))):
        registry.add_home_task(
            HomeTile(key=f"production.{key}", read=task, module="production", right=VIEW, position=40 + place)
        )
    registry.add_panel(
        Panel(slot="home", url_name="production:home-panel", title=_("在制工单"), module="production", right=VIEW)
    )
    for slot, url_name in (
        ("inventory.item", "production:item-panel"),
        ("inventory.sales_order", "production:sales-order-panel"),
    ):
        registry.add_panel(Panel(slot=slot, url_name=url_name, title=_("生产"), module="production", right=VIEW))
