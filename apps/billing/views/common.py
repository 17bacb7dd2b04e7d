"""What the pages of billing share: gates that leave the company's schema, and answers for pages and fragments."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from kernel.http.gates import SAFE, check_right, require_operator, sign_in_redirect
from kernel.http.request import Request, wants_fragment
from tenants.context import shared_context

View = TypeVar("View", bound=Callable[..., Any])
PAGE_SIZE = 50


def company_page(right: str, write: str | None = None) -> Callable[[View], View]:
    """A page on a company's host about its own subscription: signed in, right held, standing on the shared tables.

    The state of the subscription closes none of them: whoever is read-only must be able to look, choose and pay.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.member is None:
                return sign_in_redirect(request)
            check_right(request.member, write if write and request.method not in SAFE else right)
            with shared_context():
                return view(request, *args, **kwargs)

        return gated  # type: ignore[return-value]  # the wrapper has the view's own signature

    return decorate


def operator_page(view: View) -> View:
    """A page of the operator; in production a member of staff sets up the second factor before anything else."""

    @wraps(view)
    def gated(request: Any, *args: Any, **kwargs: Any) -> Any:
        if settings.PRODUCTION and request.user.totp_confirmed_at is None:
            return HttpResponseRedirect(reverse("totp"))
        return view(request, *args, **kwargs)

    return require_operator(gated)  # type: ignore[return-value]  # as above


def show(request: Request, template: str, context: dict[str, Any], *, fragment: str = "", status: int = 200) -> Any:
    """The page, or for htmx its partial `fragment` when it has one."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    return render(request, name, context, status=status)


def back(name: str, *args: Any, **query: Any) -> HttpResponse:
    """303-style answer after a change: go to the named page."""
    text = f"?{urlencode(query)}" if query else ""
    return HttpResponseRedirect(reverse(name, args=args) + text)


def page_of(request: Request, rows: Any, size: int = PAGE_SIZE) -> Page[Any]:
    """The asked page of a list; a number out of range gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
