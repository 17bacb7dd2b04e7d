"""DRF's exceptions in our one shape of refusal."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from kernel.errors import DomainError
from kernel.http.errors import PROBLEM, as_refusal, problem

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
}
CODES |= {406: "not_acceptable", 413: "too_large", 415: "unsupported_media_type", 429: "too_many_requests"}


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of the API. None = a bug, which the middleware turns into a 500."""
    refusal = as_refusal(exception) or _from_drf(exception)
    if refusal is None:
        return None
    response = Response(problem(refusal), status=refusal.http_status, content_type=PROBLEM)
    if refusal.http_status == 401:
        response["WWW-Authenticate"] = "Token"
    if "retry_after" in refusal.extra:
        response["Retry-After"] = str(refusal.extra["retry_after"])
    return response


def _from_drf(exception: Exception) -> DomainError | None:
    if not isinstance(exception, exceptions.APIException):
        return None
    status = exception.status_code
    if isinstance(exception, exceptions.ValidationError):
        fields = flatten(exception.detail)
        error = DomainError(_first(fields) or _("提交的内容不完整或格式不对。"), "invalid", fields=fields)
    else:
        error = DomainError(_message(status, exception), CODES.get(status, "refused"))
    error.http_status = status
    wait = getattr(exception, "wait", None)  # only on Throttled
    if wait:
        error.extra["retry_after"] = int(wait) + 1
    return error


def _message(status: int, exception: exceptions.APIException) -> str:
    known = {
        401: _("请提供有效的令牌。"),
        403: _("您的角色没有这项权限，请联系企业管理员。"),
        404: _("找不到您要的内容。"),
        405: _("这里不支持该操作。"),
        429: _("操作太频繁，请稍后再试。"),
    }
    return known.get(status, str(exception.detail))


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """{"lines": [{"debit": ["…"]}]} -> {"lines.0.debit": ["…"]}."""
    if isinstance(detail, dict):
        items = [(str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        items = [(str(index), value) for index, value in enumerate(detail) if value]
    else:
        return {path or "non_field_errors": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in items:
        found |= flatten(value, f"{path}.{key}" if path else key)
    return found


def _first(fields: dict[str, list[str]]) -> str:
    for name, messages in fields.items():
        return f"{name}：{messages[0]}" if name != "non_field_errors" else messages[0]
    return ""
