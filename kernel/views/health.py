"""Is the process alive, and can it work?"""

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "ok"})


@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database and cache answer; else 503 with what does not."""
    checks = {"database": _works(_ask_database), "cache": _works(lambda: cache.get("ready"))}
    status = 200 if all(checks.values()) else 503
    return JsonResponse({"status": "ok" if status == 200 else "unavailable", "checks": checks}, status=status)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _works(ask: object) -> bool:
    try:
        ask()  # type: ignore[operator]  # a callable of two kinds
    except Exception:  # noqa: BLE001  # any failure means «not ready», whatever its kind
        return False
    return True


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, to addresses that the operator allows (QZ_METRICS_FROM, loopback by default)."""
    if request.META.get("REMOTE_ADDR") not in settings.QZ_METRICS_FROM:
        return HttpResponseNotFound()
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
