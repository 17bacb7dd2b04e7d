"""The one place where a refusal becomes an answer: problem+json for programs, a notice for htmx, a page for people."""

import json
import logging
import secrets
import sys
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel.errors import DomainError, StaleVersion
from kernel.logs import shown_path

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
PAGES = {402, 403, 404, 409, 413, 429, 500, 503}
RETRY_SECONDS = 5
CSRF_FAILED = "csrf_failed"


def titles() -> dict[int, str]:
    """Headings of the error pages, in the reader's language."""
    return {
        400: _("请求有误"),
        401: _("请先登录"),
        402: _("订阅已到期"),
        403: _("没有权限"),
        404: _("找不到页面"),
        405: _("不支持的操作"),
        409: _("内容已被他人修改"),
        413: _("文件太大"),
        429: _("操作太频繁"),
        500: _("出错了"),
        503: _("维护中"),
    }


def title_of(error: DomainError) -> str:
    """The heading of a refusal; a 409 by which nobody's change is meant must not speak of one."""
    if error.http_status == 409 and error.code != StaleVersion.code:
        return _("操作没有完成")
    return titles().get(error.http_status, error.message)


def problem(error: DomainError) -> dict[str, Any]:
    """RFC 9457 body with our `code`, `message` and `fields`."""
    message = _sendable(str(error.message))
    return {
        "type": f"/problems/{error.code}/",
        "title": _sendable(str(title_of(error))),
        "status": error.http_status,
        "detail": message,
        "code": error.code,
        "message": message,
        "fields": {_sendable(name): [_sendable(str(text)) for text in texts] for name, texts in error.fields.items()},
        **error.extra,
    }


def _sendable(text: str) -> str:
    # Sentences quote what was sent; half a surrogate pair is valid in JSON, but no answer can be written with it.
    return text.encode("utf-8", "replace").decode("utf-8")


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Turn a refusal into the answer that the asker can read."""
    if is_api(request):
        response: HttpResponse = HttpResponse(
            json.dumps(problem(error), ensure_ascii=False), content_type=PROBLEM, status=error.http_status
        )
    elif getattr(request, "htmx", False):
        response = render(request, "errors/notice.html", {"error": error}, status=error.http_status)
    else:
        page = str(error.http_status) if error.http_status in PAGES else "refused"
        if error.http_status == 409 and error.code != StaleVersion.code:
            page = "refused"  # the business says no; nobody has changed anything
        if error.code == CSRF_FAILED:
            page = "refused"  # the form is too old; no role would help
        context = {"error": error, "title": title_of(error)}
        response = render(request, f"errors/{page}.html", context, status=error.http_status)
    if "retry_after" in error.extra:
        response["Retry-After"] = str(error.extra["retry_after"])
    return response


def as_refusal(error: Exception) -> DomainError | None:
    """The refusal that a library's exception means, or None for a bug."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return _refusal(_("找不到您要的内容。"), "not_found", 404)
    if isinstance(error, PermissionDenied):
        return _refusal(_("您的角色没有这项权限，请联系企业管理员。"), "forbidden", 403)
    if isinstance(error, RequestDataTooBig):
        return _refusal(_("上传的内容太大，请减小后重试。"), "too_large", 413)
    if isinstance(error, SuspiciousOperation):
        return _refusal(_("请求有误，请刷新页面后重试。"), "invalid", 400)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database unreachable: %s", str(error).splitlines()[0] if str(error) else type(error).__name__)
        refusal = _refusal(_("系统暂时无法访问数据，您的操作没有保存，请稍后重试。"), "unavailable", 503)
        refusal.extra["retry_after"] = RETRY_SECONDS
        return refusal
    return None


def _refusal(message: str, code: str, status: int) -> DomainError:
    error = DomainError(message, code)
    error.http_status = status
    return error


def broken(request: HttpRequest) -> HttpResponse:
    """500 with a number to quote; the page itself needs no database."""
    number = secrets.token_hex(4).upper()
    log.exception("unhandled error %s at %s", number, shown_path(request.path))
    message = _("程序出错，我们已经记录。如需帮助，请提供编号 %(number)s。") % {"number": number}
    error = _refusal(message, "internal_error", 500)
    if is_api(request):
        return HttpResponse(json.dumps(problem(error), ensure_ascii=False), content_type=PROBLEM, status=500)
    return render(request, "errors/500.html", {"number": number, "error": error}, status=500)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refuse(request, _refusal(_("找不到您要的内容。"), "not_found", 404))


def server_error(request: HttpRequest) -> HttpResponse:
    """What a middleware raised: the database that is down is met there first."""
    error = sys.exc_info()[1]
    refusal = as_refusal(error) if isinstance(error, Exception) else None
    return refuse(request, refusal) if refusal else broken(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session: say so and keep what was typed on the screen."""
    return refuse(request, _refusal(_("页面已过期，请刷新后重试。"), CSRF_FAILED, 403))
