"""What the shell of every page needs: menu with badges, company, member, theme, language."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kernel import menu, shell_state
from tenants.context import Company, current_company_or_none, tenant_context
from tenants.rights import ROLES

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
        "here": here(request),
    }
    company, member = getattr(request, "company", None), getattr(request, "member", None)
    if member is not None:
        context["member"] = {
            "name": member.name,
            "initial": member.name[:1],
            "can": member.can,
            "email": member.email,
            "role": ROLES.get(member.role, ""),
        }
    if company is not None:
        context["company"] = {
            "name": company.name,
            "initial": company.name[:1],
            "subtitle": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.subtitle(request))),
        }
    if company is not None and member is not None:
        context |= {
            "nav": SimpleLazyObject(lambda: _inside(company, lambda: menu.side(company, member, request.path))),
            "bottom_nav": SimpleLazyObject(lambda: menu.bottom(company, member, request.path)),
            "unread": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.unread(member))),
            "trial": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.trial(company))),
            "period": SimpleLazyObject(lambda: _inside(company, lambda: shell_state.period(request))),
            "companies_url": "/switch/",
        }
    return context


def here(request: HttpRequest) -> str:
    """Where language, theme and period lead back to: a refused form is shown at an address that only takes forms."""
    if request.method != "POST":
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if not came.path or came.netloc != request.get_host():
        return request.get_full_path()
    return f"{came.path}?{came.query}" if came.query else came.path


def _inside(company: Company, read: Any) -> Any:
    """Badges are the company's rows; a billing page is rendered while standing on the shared tables."""
    if current_company_or_none() is not None:
        return read()
    with tenant_context(company):
        return read()
