"""What the shell of every page needs: menu with badges, company, member, theme, language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from kernel import registry, shell_state
from kernel.http.gates import BRANDS
from tenants.context import Company, current_company_or_none, tenant_context
from tenants.rights import Member

THEMES = {"light", "dark"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: lazy, so that error pages and fragments ask nothing of the database."""
    theme = request.COOKIES.get("qz_theme", "light")
    context: dict[str, Any] = {
        "theme": theme if theme in THEMES else "light",
        "lang": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "company": None,
        "member": None,
        "request_path": request.path,
    }
    company, member = getattr(request, "company", None), getattr(request, "member", None)
    if member is not None:
        context["member"] = {
            "name": member.name,
            "initial": member.name[:1],
            "can": member.can,
            "email": member.email,
        }
    if company is not None:
        context["company"] = {
            "name": company.name,
            "initial": company.name[:1],
            "subtitle": SimpleLazyObject(lambda: _inside(company, shell_state.subtitle)),
        }
    if company is not None and member is not None:
        context |= {
            "nav": SimpleLazyObject(lambda: _inside(company, lambda: _menu(company, member, request.path))),
            "bottom_nav": SimpleLazyObject(lambda: _bottom(company, member, request.path)),
            "unread": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.unread(member))),
            "trial": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.trial(company))),
            "period": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.period(request))),
            "companies_url": "/switch/",
        }
    return context


def _inside(company: Company, read: Any) -> Any:
    """Badges are the company's rows; a billing page is rendered while standing on the shared tables."""
    if current_company_or_none() is not None:
        return read()
    with tenant_context(company):
        return read()


def _menu(company: Company, member: Member, path: str) -> list[dict[str, Any]]:
    return [entry for group in registry.groups() if (entry := _group(group, company, member, path))]


def _group(group: registry.NavGroup, company: Company, member: Member, path: str) -> dict[str, Any] | None:
    locked = group.module is not None and group.module not in company.modules
    if locked:
        return {
            "key": group.key,
            "label": group.label,
            "icon": group.icon,
            "color": group.color,
            "locked": True,
            "url": f"/company/apps/#{group.module}",
            "hint": _("未开通%(brand)s") % {"brand": BRANDS.get(group.module or "", "")},
            "items": [],
            "open": False,
        }
    items = [_item(item, member, path) for item in group.items if item.right is None or member.can(item.right)]
    if not items:
        return None
    is_open = any(item["current"] for item in items)
    head = {"key": group.key, "label": group.label, "icon": group.icon, "color": group.color, "locked": False}
    return {**head, "url": "", "items": items, "open": is_open}


def _item(item: registry.NavItem, member: Member, path: str) -> dict[str, Any]:
    url = reverse(item.url_name)
    return {
        "label": item.label,
        "url": url,
        "icon": item.icon,
        "current": path.startswith(url),
        "badge": item.badge(member) if item.badge else 0,
        "badge_id": item.badge_id,
    }


def _bottom(company: Company, member: Member, path: str) -> list[dict[str, Any]]:
    """底部导航: home, the role's list, scanning, receipts or schedule, more; an entry without a page is left out."""
    wanted = [
        ("工作台", "home", "home"),
        ("凭证", "finance:voucher-list", "receipt"),
        ("物料", "masterdata:item-list", "box"),
    ]
    found = []
    for label, name, icon in wanted:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        module = name.partition(":")[0]
        if module in BRANDS and module not in company.modules:
            continue
        found.append(
            {
                "label": _(label),
                "url": url,
                "icon": icon,
                "current": path == url,
                "raised": False,
                "menu": False,
            }
        )
    return [
        *found,
        {"label": _("更多"), "url": "#", "icon": "menu-2", "current": False, "raised": False, "menu": True},
    ]
