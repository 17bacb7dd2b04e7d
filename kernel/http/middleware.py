"""Headers, language, refusals, and one log line a request."""

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.errors import DomainError, Invalid
from kernel.http.errors import as_refusal, broken, is_api, refuse
from kernel.logs import shown_path
from kernel.metrics import observe_request

log = logging.getLogger("qz.request")
Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = {"zh-hans", "en"}


class RequestLogMiddleware:
    """One structured line a request, with the id that the answer carries too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]  # ours
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]  # ours
        observe_request(request.method or "", response.status_code, seconds)
        if not request.path.startswith(("/static/", "/health/")):
            log.info(
                "%s %s %s %.0fms",
                request.method,
                shown_path(request.path),
                response.status_code,
                seconds * 1000,
                # By now the company that was served is left.
                extra={"request_id": request.id, "company": _company_of(request)},  # type: ignore[attr-defined]  # ours
            )
        return response


def _company_of(request: HttpRequest) -> str:
    company = getattr(request, "company", None)
    return company.schema_name if company else ""


class HeadersMiddleware:
    """Cache and permission headers: pages are private, fragments are never stored."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            fragment = bool(getattr(request, "htmx", False))
            response.setdefault("Cache-Control", "no-store" if fragment else "private, no-cache")
            _vary(response)
        return response


def _vary(response: HttpResponse) -> None:
    present = {name.strip() for name in response.get("Vary", "").split(",") if name.strip()}
    response["Vary"] = ", ".join(sorted(present | {"HX-Request", "Cookie"}))


class ErrorMiddleware:
    """The last resort around everything below: refusals of middleware and of the database become answers too.

    A NUL in the address is nobody's search: the database cannot even be asked for it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            message = _("网址里有不能使用的字符，请修改后重试。")
            strange = [name for name, values in request.GET.lists() if "\x00" in name + "".join(values)]
            return refuse(request, Invalid(message, fields={name: [message] for name in strange}))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse:
        refusal = as_refusal(exception)
        return refuse(request, refusal) if refusal else broken(request)


class LanguageMiddleware:
    """Chinese unless the member chose English: the browser's wish does not count."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        if is_api(request) and request.headers.get("Accept-Language", "").startswith("en"):
            wanted = "en"
        with translation.override(wanted if wanted in LANGUAGES else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.setdefault("Content-Language", request.LANGUAGE_CODE or settings.LANGUAGE_CODE)
        return response


class WrongVerbMiddleware:
    """Who opens the address of a form finds a page with the way back, not an empty one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or is_api(request) or response.content:
            return response
        error = DomainError(_("这个网址不能直接打开，请从页面上的按钮操作。"), "method_not_allowed")
        error.http_status, error.extra["back"] = 405, _above(request)
        page = refuse(request, error)
        page["Allow"] = response["Allow"]
        return page


def _above(request: HttpRequest) -> str:
    """The nearest address above that leads to a page."""
    path = request.path.rstrip("/")
    while path:
        path = path.rpartition("/")[0]
        with suppress(Resolver404):
            resolve(f"{path}/")
            return f"{path}/"
    return "/"


class NoReferrerFormsMiddleware:
    """A page that sends no referrer sends `Origin: null` with its own forms, which the CSRF check takes for a stranger.

    Guests' pages must not tell their address, so their forms (and the language switch on them) are judged by the token
    and its same-site cookie, as if no origin had been named. Nothing else is let through with `null`.
    """

    PATHS = ("/g/", "/pref/")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_ORIGIN") == "null" and request.path.startswith(self.PATHS):
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)


class HtmxRedirectMiddleware:
    """fetch would follow a redirect and swap the whole page in: tell htmx to go there instead."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "htmx", False) and 300 <= response.status_code < 400 and "Location" in response:
            answer = HttpResponse()
            answer["HX-Redirect"] = response["Location"]
            answer.cookies = response.cookies
            return answer
        return response
