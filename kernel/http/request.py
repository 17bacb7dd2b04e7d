"""The request as views see it: company, member and htmx are attached by middleware."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, QueryDict

from tenants.context import Company
from tenants.rights import Member

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """Type only: what the middleware puts on every request of a company's host."""

    company: Company
    member: Member
    htmx: "HtmxDetails"
    is_token: bool


def wants_fragment(request: Request) -> bool:
    """True for an htmx swap; a page restored by Back gets the full page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, or None while it is only looked at: what an unbound form wants."""
    return request.POST if request.method == "POST" else None
