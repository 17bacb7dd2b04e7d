"""Pages without a company: offline shell, service worker, preferences, the style page of development."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kernel.assets.samples import style_context
from tenants.context import shared_context
from tenants.models import User

YEAR = 365 * 24 * 3600
CHOICES = {
    "theme": ("qz_theme", {"light", "dark"}),
    "lang": (settings.LANGUAGE_COOKIE_NAME, {"zh-hans", "en"}),
}


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """网络已断开: the only page that the service worker keeps."""
    return render(request, "errors/offline.html")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    script = (Path(settings.BASE_DIR) / "static" / "js" / "sw.js").read_text(encoding="utf-8")
    return HttpResponse(script, content_type="text/javascript")


@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    """Theme and language: a cookie for this browser, and the member's own row for the next one."""
    back = request.POST.get("next") or request.META.get("HTTP_REFERER") or "/"
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=settings.QZ_HTTPS)
    response = HttpResponseRedirect(back if safe else "/")
    for name, (cookie, allowed) in CHOICES.items():
        value = request.POST.get(name, "")
        if value in allowed:
            response.set_cookie(cookie, value, max_age=YEAR, secure=settings.QZ_HTTPS, httponly=True, samesite="Lax")
            _remember(request, name, value)
    return response


def _remember(request: HttpRequest, name: str, value: str) -> None:
    member = getattr(request, "member", None)
    if member is not None:
        with shared_context():
            User.objects.filter(pk=member.user_id).update(**{name: value})


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """All components in all states, for those who build pages; absent in production."""
    if settings.PRODUCTION:
        return HttpResponseNotFound()
    return render(request, "style/index.html", style_context())
