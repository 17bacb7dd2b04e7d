"""Who may pass: signed in, holding the right, module paid for, company allowed to write. Before the body is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import shell_state
from kernel.errors import Forbidden, PaymentRequired
from tenants.context import Company
from tenants.rights import Member

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
EXPORTS = frozenset({"xlsx", "csv", "pdf"})
BRANDS = {
    "finance": gettext_noop("轻财务"),
    "inventory": gettext_noop("快仓库"),
    "production": gettext_noop("准排产"),
    "supply": gettext_noop("小协同"),
}


def brand_of(module: str) -> str:
    """What a module is sold as, in the reader's language."""
    return _(BRANDS[module]) if module in BRANDS else module


def check_module(company: Company, module: str, method: str, *, exporting: bool = False) -> None:
    """Raise PaymentRequired unless `module` may be used this way: reads, exports and writes need different access.

    A removed module, a suspended or closed company can still be exported; a read-only one can be read.
    """
    level = company.modules.get(module)
    exporting = exporting and method in SAFE
    if level is None or (level == "export_only" and not exporting):
        raise PaymentRequired(
            _("还没有开通%(brand)s。") % {"brand": brand_of(module)},
            "module_not_subscribed",
            extra={"module": module, "brand": brand_of(module)},
        )
    check_access(company, method, exporting=exporting)


def check_access(company: Company, method: str, *, exporting: bool = False) -> None:
    """Raise PaymentRequired when the company's state forbids this method (billing.md §9)."""
    if company.access == "full" or (exporting and method in SAFE):
        return
    if company.access == "read_only" and method in SAFE:
        return
    raise PaymentRequired(
        company.access_message or _("订阅已到期，目前只能查看和导出。"),
        company.access_code or "subscription_read_only",
        extra={"invoice": company.access_invoice},
    )


def check_right(member: Member, right: str) -> None:
    """Raise Forbidden unless `member` holds `right`."""
    if not member.can(right):
        raise Forbidden(_("您的角色没有这项权限，请联系企业管理员。"), extra={"right": right})


def sign_in_redirect(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"/signin/?{urlencode({'next': request.get_full_path()})}")


def require_member(view: View) -> View:
    """Pages of a company: without a session 302 to /signin/?next=."""

    @wraps(view)
    def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.member is None:
            return sign_in_redirect(request)
        return view(request, *args, **kwargs)

    return gated  # type: ignore[return-value]  # the wrapper has the view's own signature


def require_module(module: str, right: str | None = None, write: str | None = None) -> Callable[[View], View]:
    """Pages of a module: signed in, `module` paid for, `right` (for unsafe methods `write`, if given) held."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.member is None:
                return sign_in_redirect(request)
            exporting = request.GET.get("format") in EXPORTS
            try:
                check_module(request.company, module, request.method, exporting=exporting)
            except PaymentRequired as error:
                if error.code == "module_not_subscribed":
                    error.extra |= shell_state.offer(request.company, module, request.member)
                raise
            needed = write if write and request.method not in SAFE else right
            if needed:
                check_right(request.member, needed)
            return view(request, *args, **kwargs)

        return gated  # type: ignore[return-value]  # the wrapper has the view's own signature

    return decorate


def require_right(right: str, write: str | None = None, *, always_open: bool = False) -> Callable[[View], View]:
    """Pages that every company has (master data, company): signed in and holding the right.

    `always_open`: also for a company that is read-only, suspended or closed (taking its own data away).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.member is None:
                return sign_in_redirect(request)
            if not always_open:
                check_access(request.company, request.method, exporting=request.GET.get("format") in EXPORTS)
            check_right(request.member, write if write and request.method not in SAFE else right)
            return view(request, *args, **kwargs)

        return gated  # type: ignore[return-value]  # the wrapper has the view's own signature

    return decorate


def require_operator(view: View) -> View:
    """Pages of the operator's site, for its staff."""

    @wraps(view)
    def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.member is None or not request.member.is_operator:
            return sign_in_redirect(request)
        return view(request, *args, **kwargs)

    return gated  # type: ignore[return-value]  # the wrapper has the view's own signature
