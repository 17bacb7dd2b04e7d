"""From host to company, from session or token to member; the company is entered last and left first."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, StreamingHttpResponse
from django.urls import set_urlconf

from tenants.clock import follow_shared_clock, machine_now, today
from tenants.context import Company, company_of, leave_company, stay_in, tenant_context
from tenants.models import ApiToken, Membership, Tenant, User
from tenants.request import EdgeRequest
from tenants.rights import Member, effective_rights

Handler = Callable[[EdgeRequest], HttpResponse | StreamingHttpResponse]
TOUCH_EVERY = timedelta(minutes=5)  # last use of a token or member is kept to this grain, to spare a write a request
TOKEN_PREFIX = "Token "  # noqa: S105  # the scheme of the header, not a secret


class HostMiddleware:
    """Sets `request.company` (None on the operator's site). An unknown host is a 404 that tells nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: EdgeRequest) -> HttpResponse | StreamingHttpResponse:
        leave_company()
        try:
            host = request.get_host().rpartition(":")[0] or request.get_host()
        except DisallowedHost:
            return HttpResponseNotFound()
        host = host.lower().rstrip(".")
        if host in (settings.QZ_BASE_DOMAIN, "127.0.0.1"):
            request.company = None
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        else:
            tenant = Tenant.objects.filter(domains__domain=host, state=Tenant.State.ACTIVE).first()
            if tenant is None:
                return HttpResponseNotFound()
            request.company = company_of(tenant)
            request.urlconf = settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        try:
            with follow_shared_clock():
                return self.get_response(request)
        finally:
            leave_company()
            set_urlconf(None)


class MemberMiddleware:
    """Sets `request.member` and `request.user`, then enters the company for the view and leaves it after."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: EdgeRequest) -> HttpResponse | StreamingHttpResponse:
        company: Company | None = request.company
        request.token_refused = ""
        request.member = _member_by_token(request) or _member_by_session(request)
        if company is None:
            return self.get_response(request)
        with tenant_context(company):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = stay_in(company, iter(response))  # what it streams now, not what it will
        return response


def client_ip(request: HttpRequest) -> str:
    """Address of the client; the proxy's header counts only where a proxy is configured."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return str(forwarded.split(",")[-1].strip())
    return str(request.META.get("REMOTE_ADDR", "") or "0.0.0.0")  # noqa: S104  # «unknown», not a bind address


def _member_by_token(request: EdgeRequest) -> Member | None:
    header = request.headers.get("Authorization", "")
    if not header.startswith(TOKEN_PREFIX):
        return None
    digest = hashlib.sha256(header[len(TOKEN_PREFIX) :].strip().encode()).hexdigest()
    token = (
        ApiToken.objects.select_related("user", "membership")
        .filter(key_hash=digest, revoked_at=None, expires_at__gt=machine_now(), user__is_active=True)
        .first()
    )
    company = request.company
    if token is None or not _token_fits(token, company):
        request.token_refused = "elsewhere" if token is not None else "unknown"
        return None
    request.user, request.is_token = token.user, True
    _touch_token(token)
    if token.membership is None:
        return _operator(token.user, client_ip(request), token.pk)
    return _member(token.membership, token.user, client_ip(request), token)


def _token_fits(token: ApiToken, company: Company | None) -> bool:
    if company is None:
        return token.membership is None and token.user.is_operator
    return (
        token.membership is not None
        and token.membership.tenant_id == company.id
        and _membership_is_live(token.membership)
    )


def _touch_token(token: ApiToken) -> None:
    moment = machine_now()
    if token.last_used_at is None or moment - token.last_used_at > TOUCH_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=moment)


def _member_by_session(request: EdgeRequest) -> Member | None:
    request.is_token = False
    request.user = AnonymousUser()
    user_id = request.session.get("user_id") if request.session.session_key else None
    company = request.company
    if user_id is None or request.session.get("tenant_id") != (company.id if company else None):
        return None
    if company is None:
        user = User.objects.filter(pk=user_id, is_active=True).first()
        request.user = user or AnonymousUser()
        return _operator(user, client_ip(request), None) if user and user.is_operator else None
    membership = Membership.objects.select_related("user").filter(user_id=user_id, tenant_id=company.id).first()
    if membership is None or not membership.user.is_active or not _membership_is_live(membership):
        return None
    request.user = membership.user
    _touch_membership(membership)
    return _member(membership, membership.user, client_ip(request), None)


def _touch_membership(membership: Membership) -> None:
    moment = machine_now()
    if membership.last_seen_at is None or moment - membership.last_seen_at > TOUCH_EVERY:
        Membership.objects.filter(pk=membership.pk).update(last_seen_at=moment)


def _membership_is_live(membership: Membership) -> bool:
    over = membership.until is not None and membership.until < today()
    return membership.status == Membership.Status.ACTIVE and not over


def _member(membership: Membership, user: User, ip: str, token: ApiToken | None) -> Member:
    rights = effective_rights(membership.role, membership.rights)
    if token is not None and token.scopes:
        rights = rights & frozenset(token.scopes)
    return Member(
        user_id=user.pk,
        name=user.name,
        email=user.email,
        role=membership.role,
        rights=rights,
        membership_id=membership.pk,
        until=membership.until,
        ip=ip,
        token_id=token.pk if token else None,
    )


def _operator(user: User, ip: str, token_id: int | None) -> Member:
    return Member(
        user_id=user.pk,
        name=user.name,
        email=user.email,
        role="operator",
        rights=frozenset({"operator.all"}),
        is_operator=True,
        ip=ip,
        token_id=token_id,
    )
