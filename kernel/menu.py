"""The menu as one member sees it: by role, by what is paid for, and on phones in five places."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kernel import registry
from kernel.http.gates import brand_of
from kernel.links import link
from tenants.context import Company
from tenants.rights import Member

SHOP_FLOOR = frozenset({"storekeeper", "planner", "worker", "buyer", "sales"})
VOUCHERS, STOCK, SCAN = "/finance/vouchers/", "/inventory/stock/", "/inventory/scan/"
BOARD, RECEIPTS = "/production/board/", "/inventory/receipts/"
FILL_UP = (VOUCHERS, STOCK, "/finance/reports/", "/masterdata/items/", "/masterdata/partners/", "/company/members/")
LIST_PLACES = 3  # beside 工作台 and 更多


@dataclass(frozen=True)
class Place:
    """One page of the menu with the group it stands in."""

    group: registry.NavGroup
    item: registry.NavItem
    url: str


def is_locked(group: registry.NavGroup, company: Company) -> bool:
    return group.module is not None and group.module not in company.modules


def places(company: Company, member: Member) -> list[Place]:
    """All pages of the menu that this member may open, in the order of the menu."""
    return [
        Place(group, item, link(item.url_name))
        for group in registry.groups()
        if not is_locked(group, company)
        for item in group.items
        if item.is_shown(company.modules, member)
    ]


def side(company: Company, member: Member, path: str) -> list[dict[str, Any]]:
    """Groups of the side bar; a module that is not paid for is one muted link."""
    return [entry for group in registry.groups() if (entry := _group(group, company, member, path))]


def _group(group: registry.NavGroup, company: Company, member: Member, path: str) -> dict[str, Any] | None:
    head = {"key": group.key, "label": group.label, "icon": group.icon, "color": group.color}
    if is_locked(group, company):
        hint = _("未开通%(brand)s") % {"brand": brand_of(group.module or "")}
        url = f"/company/apps/#{group.module}"
        return {**head, "locked": True, "url": url, "hint": hint, "items": [], "open": False}
    shown = [item for item in group.items if item.is_shown(company.modules, member)]
    if not shown:
        return None
    items = [_item(item, member) for item in shown]
    # A page below another's address belongs to the longer one: 工单 is not 生产看板.
    roots = [(root, item) for item in items for root in (item["url"], *item["also"]) if path.startswith(root)]
    here = max(roots, key=lambda pair: len(pair[0]))[1] if roots else None
    for item in items:
        item["current"] = item is here
    # A document that no entry owns still stands in its module.
    is_open = here is not None or any(item["url"].split("/")[1] == path.split("/")[1] for item in items)
    return {**head, "locked": False, "url": "", "items": items, "open": is_open}


def _item(item: registry.NavItem, member: Member) -> dict[str, Any]:
    return {
        "label": item.label,
        "url": link(item.url_name),
        "icon": item.icon,
        "badge": item.badge(member) if item.badge else 0,
        "badge_id": item.badge_id,
        "also": item.also,
    }


def bottom(company: Company, member: Member, path: str) -> list[dict[str, Any]]:
    """底部导航: home, the role's list, scanning (raised), receipts or schedule, more; only pages that exist."""
    known = {place.url: place.item for place in places(company, member)}
    on_floor = member.role in SHOP_FLOOR
    order = [STOCK, VOUCHERS] if on_floor else [VOUCHERS, STOCK]
    goods = [BOARD, RECEIPTS] if member.role in ("planner", "worker") else [RECEIPTS, BOARD]
    wanted = [_first(order, known), SCAN if SCAN in known else "", _first(goods, known)]
    for url in FILL_UP:  # a company with few modules still has its places filled
        if "" in wanted and url in known and url not in wanted:
            wanted[wanted.index("")] = url
    entries = [
        _place(_("扫码") if url == SCAN else known[url].label, url, known[url].icon, path, raised=url == SCAN)
        for url in wanted
        if url
    ]
    more = {"label": _("更多"), "url": "#", "icon": "menu-2", "current": False, "raised": False, "menu": True}
    return [_place(_("工作台"), "/", "home", path), *entries[:LIST_PLACES], more]


def _first(urls: list[str], known: dict[str, Any]) -> str:
    return next((url for url in urls if url in known), "")


def _place(label: Any, url: str, icon: str, path: str, *, raised: bool = False) -> dict[str, Any]:
    current = path == url if url == "/" else path.startswith(url)
    return {"label": label, "url": url, "icon": icon, "current": current, "raised": raised, "menu": False}
