"""Signing in and out, at the bare domain or at the company's own host; hand-offs between hosts."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.clock import machine_now
from kernel.errors import DomainError
from kernel.forms.accounts import CodeForm, NewPasswordForm, ResetRequestForm, SignInForm
from kernel.http.addresses import bare_address, company_address
from kernel.http.policy import leads_to_companies
from kernel.http.request import Request, posted
from tenants.context import shared_context
from tenants.middleware import client_ip
from tenants.models import User
from tenants.services import links, sign_in

PENDING = "pending_user"


@never_cache
@leads_to_companies
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in_page(request: Request) -> HttpResponse:
    """登录. A refusal keeps the account name; the company's host lets its own members in only."""
    if request.method == "GET" and request.member is not None:
        return HttpResponseRedirect(_next(request) or _home(request))
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with shared_context():
                user = _authenticate(request, form.cleaned_data)
        except DomainError as error:
            return _sign_in_refused(request, form, error)
        return _continue(request, user)
    return render(request, "accounts/signin.html", {"form": form, "next": _next(request)}, status=_status(form))


def _authenticate(request: Request, data: dict[str, str]) -> User:
    user = sign_in.check_credentials(
        account=data["account"], password=data["password"], ip=client_ip(request), at=machine_now()
    )
    company = request.company
    if company is not None and sign_in.membership_at(user, company.id) is None:
        # The same words as for a wrong password: nobody learns who works here.
        raise sign_in.WrongCredentials(_("账号或密码不对，请检查后重试。"))
    return user


def _sign_in_refused(request: Request, form: SignInForm, error: DomainError) -> HttpResponse:
    form.add_error(None, error.message)
    status = error.http_status if error.http_status == 429 else 422
    response = render(request, "accounts/signin.html", {"form": form, "next": _next(request)}, status=status)
    if "retry_after" in error.extra:
        response["Retry-After"] = str(error.extra["retry_after"])
    return response


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


def _continue(request: Request, user: User) -> HttpResponse:
    """Second factor first, where there is one."""
    if user.totp_confirmed_at is not None:
        with shared_context():
            request.session.cycle_key()
            request.session[PENDING] = user.pk
            request.session["pending_next"] = _next(request)
            request.session.save()
        return HttpResponseRedirect(reverse("signin-code"))
    return _enter(request, user, _next(request))


@never_cache
@leads_to_companies
@require_http_methods(["GET", "POST"])
def code_page(request: Request) -> HttpResponse:
    """两步验证: the code of the authenticator."""
    pending = request.session.get(PENDING)
    if pending is None:
        return HttpResponseRedirect(reverse("signin"))
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with shared_context():
                sign_in.check_totp(user_id=pending, code=form.cleaned_data["code"], at=machine_now())
                user = User.objects.get(pk=pending)
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            return _enter(request, user, request.session.get("pending_next", ""))
    return render(request, "accounts/code.html", {"form": form}, status=_status(form))


def _enter(request: Request, user: User, target: str) -> HttpResponse:
    """Open the session here; from the bare domain on to the person's company, the operator's board, or a choice."""
    company = request.company
    with shared_context():
        open_session(request, user)
        if company is None and not user.is_operator:
            companies = sign_in.companies_of(user.pk)
            if len(companies) == 1:
                return _hand_off(user.pk, companies[0].pk, companies[0].slug, target)
            return HttpResponseRedirect(reverse("companies"))
    response = HttpResponseRedirect(target or _home(request))
    _remember_choices(response, user)
    return response


def open_session(request: Request, user: User) -> None:
    """A new session key, bound to the person, this host's company and the device. Call in the shared context."""
    request.session.flush()
    request.session.update(
        {
            "user_id": user.pk,
            "tenant_id": request.company.id if request.company else None,
            "signed_in_at": machine_now().isoformat(),
            "ip": client_ip(request),
            "user_agent": request.headers.get("User-Agent", "")[:200],
        }
    )
    request.session.save()


def _remember_choices(response: HttpResponse, user: User) -> None:
    for cookie, value in ((settings.LANGUAGE_COOKIE_NAME, user.lang), ("qz_theme", user.theme)):
        if value:
            response.set_cookie(
                cookie, value, max_age=31_536_000, secure=settings.QZ_HTTPS, httponly=True, samesite="Lax"
            )


def _hand_off(user_id: int, tenant_id: int, slug: str, target: str = "") -> HttpResponse:
    token = links.make_hand_off(user_id=user_id, tenant_id=tenant_id)
    return HttpResponseRedirect(f"{company_address(slug)}/handoff/?{urlencode({'t': token, 'next': target or '/'})}")


@never_cache
@require_GET
def hand_off(request: Request) -> HttpResponse:
    """Arrive from another host with a signed, one-time text of 30 seconds."""
    company = request.company
    with shared_context():
        user_id = links.take_hand_off(
            text=request.GET.get("t", ""), tenant_id=company.id if company else None, at=machine_now()
        )
        user = User.objects.get(pk=user_id, is_active=True)
        if company is not None and sign_in.membership_at(user, company.id) is None:
            raise links.LinkSpent(_("链接已失效，请重新登录。"))
        open_session(request, user)
    response = HttpResponseRedirect(_next(request) or "/")
    _remember_choices(response, user)
    return response


@never_cache
@leads_to_companies
@require_http_methods(["GET", "POST"])
def companies_page(request: Request) -> HttpResponse:
    """切换企业: the companies of the person; choosing one hands over without signing in again."""
    user_id = request.session.get("user_id")
    if user_id is None:
        return HttpResponseRedirect(reverse("signin"))
    with shared_context():
        companies = sign_in.companies_of(user_id)
    if request.method == "POST":
        chosen = next((c for c in companies if str(c.pk) == request.POST.get("company")), None)
        if chosen is not None:
            return _hand_off(user_id, chosen.pk, chosen.slug)
    current = request.company.id if request.company else None
    return render(request, "accounts/companies.html", {"companies": companies, "current": current})


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """退出: the session row is gone at once."""
    with shared_context():
        request.session.flush()
    return HttpResponseRedirect(reverse("signin"))


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: Request) -> HttpResponse:
    """忘记密码: the same answer whether or not the account exists."""
    form = ResetRequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shared_context():
            user = sign_in.find_user(form.cleaned_data["account"].strip().lower())
            if user is not None and user.is_active:
                _mail_reset(user, links.start_reset(user=user, at=machine_now()))
        return render(request, "accounts/forgot_sent.html")
    return render(request, "accounts/forgot.html", {"form": form}, status=_status(form))


def _mail_reset(user: User, token: str) -> None:
    address = f"{bare_address()}/reset/{token}/"
    text = _("%(name)s：请在 30 分钟内打开下面的链接，重设轻准的密码。如果不是您本人操作，请忽略。\n\n%(address)s")
    send_mail(_("重设轻准密码"), text % {"name": user.name, "address": address}, None, [user.email], fail_silently=True)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def reset(request: Request, token: str) -> HttpResponse:
    """重设密码 by the link of the mail; all other sign-ins end."""
    with shared_context():
        if links.live_reset(token, machine_now()) is None:
            raise links.LinkSpent(_("链接已失效，请重新申请。"))
    form = NewPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with shared_context():
            links.finish_reset(token=token, password=form.cleaned_data["password"], at=machine_now())
        return render(request, "accounts/reset_done.html")
    return render(request, "accounts/reset.html", {"form": form}, status=_status(form))


def _next(request: Request) -> str:
    """Where to go after signing in; only inside this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts: set[str] | None = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=settings.QZ_HTTPS)
    return wanted if safe else ""


def _home(request: Request) -> str:
    return "/" if request.company is not None else "/operator/"
