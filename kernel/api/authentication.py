"""The middleware has found the member by token or session; DRF is told."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request as DrfRequest

from kernel.errors import Forbidden, NotFound
from tenants.request import EdgeRequest


class MemberAuthentication(BaseAuthentication):
    """`request.auth` is the Member. A session needs the CSRF token; a token of another company is a 404."""

    def authenticate(self, request: DrfRequest) -> tuple[Any, Any] | None:
        raw = cast(EdgeRequest, request._request)
        if raw.token_refused == "elsewhere":  # noqa: S105  # a state, not a secret
            raise NotFound("找不到您要的内容。")
        if raw.member is None:
            return None
        if not raw.is_token and raw.method not in ("GET", "HEAD", "OPTIONS"):
            _check_csrf(raw)
        return (raw.user, raw.member)

    def authenticate_header(self, request: DrfRequest) -> str:
        return "Token"


def _unused(request: HttpRequest) -> HttpResponse:
    """The middleware wants a view; only its check is used."""
    return HttpResponse()


def _check_csrf(request: Any) -> None:
    check = CsrfViewMiddleware(_unused)
    check.process_request(request)
    if check.process_view(request, _unused, (), {}) is not None:
        raise Forbidden("页面已过期，请刷新后重试。", "csrf_failed")
