"""安全与共享: own password, second factor, devices, API tokens."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import audit
from kernel.clock import machine_now
from kernel.errors import DomainError
from kernel.forms.accounts import ChangePasswordForm, CodeForm, TokenForm
from kernel.http.gates import require_member, require_right
from kernel.http.request import Request, posted
from tenants.context import shared_context
from tenants.models import User
from tenants.services import members, sign_in

READS = (".view", ".export", ".audit")


@never_cache
@require_member
@require_GET
def security(request: Request) -> HttpResponse:
    """Devices, tokens, password and second factor of the person who is signed in."""
    return render(request, "company/security.html", _context(request))


def _context(request: Request, **forms: Any) -> dict[str, Any]:
    member = request.member
    with shared_context():
        user = User.objects.get(pk=member.user_id)
        sessions = sign_in.sessions_of(member.user_id)
        tokens = members.tokens_of(member.membership_id) if member.membership_id else []
        others = members.tokens_of_company(request.company.id) if _guards(request) else []
    context = {
        "account": user,
        "sessions": sessions,
        "current_session": request.session.session_key,
        "tokens": tokens,
        "others": [token for token in others if token.membership_id != member.membership_id],
        "guards": _guards(request),
        "password_form": ChangePasswordForm(),
        "token_form": TokenForm(),
        "code_form": CodeForm(),
        "is_operator": member.is_operator,
    }
    return {**context, **forms}


def _guards(request: Request) -> bool:
    """Who answers for the company's security sees everybody's tokens."""
    return request.company is not None and request.member.can("company.security")


@require_member
@sensitive_post_parameters("current", "password")
@require_POST
def change_password(request: Request) -> HttpResponse:
    """修改密码; other devices are signed out."""
    form = ChangePasswordForm(request.POST)
    with shared_context():
        user = User.objects.get(pk=request.member.user_id)
        if form.is_valid() and not user.check_password(form.cleaned_data["current"]):
            form.add_error("current", _("当前密码不对。"))
        if form.is_valid():
            user.set_password(form.cleaned_data["password"])
            user.save(update_fields=["password"])
            sign_in.revoke_other_sessions(user_id=user.pk, keep=request.session.session_key)
    if not form.is_valid():
        return render(request, "company/security.html", _context(request, password_form=form), status=422)
    _record(request, "password.change", _("修改密码"))
    messages.success(request, _("密码已修改，其他设备已退出登录。"))
    return HttpResponseRedirect(reverse("security"))


@require_member
@require_POST
def revoke_session(request: Request) -> HttpResponse:
    """Sign one device out, or all others."""
    with shared_context():
        if request.POST.get("all") == "1":
            sign_in.revoke_other_sessions(user_id=request.member.user_id, keep=request.session.session_key)
        else:
            sign_in.revoke_session(user_id=request.member.user_id, session_key=request.POST.get("session", ""))
    _record(request, "session.revoke", _("退出设备"))
    messages.success(request, _("已退出。"))
    return HttpResponseRedirect(reverse("security"))


@never_cache
@require_member
@require_POST
def make_token(request: Request) -> HttpResponse:
    """新建令牌: the key is shown on this one answer and never again."""
    form = TokenForm(request.POST)
    member = request.member
    if member.membership_id is None or not form.is_valid():
        return render(request, "company/security.html", _context(request, token_form=form), status=422)
    scopes = (
        [right for right in sorted(member.rights) if right.endswith(READS)] if form.cleaned_data["read_only"] else []
    )
    with shared_context():
        row, key = members.make_token(
            user_id=member.user_id,
            membership_id=member.membership_id,
            name=form.cleaned_data["name"],
            scopes=scopes,
            at=machine_now(),
        )
    _record(request, "token.make", row.name)
    return render(request, "company/security.html", _context(request, new_key=key))


@require_member
@require_POST
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    if request.member.membership_id is not None:
        with shared_context():
            members.revoke_token(membership_id=request.member.membership_id, token_id=token_id, at=machine_now())
        _record(request, "token.revoke", str(token_id))
        messages.success(request, _("令牌已作废。"))
    return HttpResponseRedirect(reverse("security"))


@require_right("company.security")
@require_POST
def revoke_any_token(request: Request, token_id: int) -> HttpResponse:
    """作废 a colleague's token."""
    with shared_context():
        row = members.revoke_company_token(tenant_id=request.company.id, token_id=token_id, at=machine_now())
    _record(request, "token.revoke", f"{row.user.name} {row.name}")
    messages.success(request, _("令牌已作废。"))
    return HttpResponseRedirect(reverse("security"))


@never_cache
@require_member
@require_http_methods(["GET", "POST"])
def totp(request: Request) -> HttpResponse:
    """两步验证: scan the code, type what the authenticator shows."""
    member = request.member
    with shared_context():
        user = User.objects.get(pk=member.user_id)
        if not user.totp_secret:
            sign_in.start_totp(user_id=user.pk)
            user.refresh_from_db()
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with shared_context():
                sign_in.confirm_totp(user_id=user.pk, code=form.cleaned_data["code"], at=machine_now())
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            _record(request, "totp.on", _("开启两步验证"))
            messages.success(request, _("两步验证已开启。"))
            return HttpResponseRedirect(reverse("security"))
    address = sign_in.totp_address(user)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2)
    context = {"form": form, "picture": picture, "address": address, "on": user.totp_confirmed_at is not None}
    return render(request, "company/totp.html", context, status=422 if form.is_bound else 200)


@require_member
@require_POST
def stop_totp(request: Request) -> HttpResponse:
    """关闭两步验证, with the password."""
    with shared_context():
        user = User.objects.get(pk=request.member.user_id)
        fits = user.check_password(request.POST.get("password", ""))
        if fits:
            sign_in.stop_totp(user_id=user.pk)
    if fits:
        _record(request, "totp.off", _("关闭两步验证"))
        messages.success(request, _("两步验证已关闭。"))
    else:
        messages.error(request, _("密码不对，两步验证没有关闭。"))
    return HttpResponseRedirect(reverse("security"))


def _record(request: Request, action: str, label: str) -> None:
    # The operator's staff have no company: their changes are recorded by billing's own log.
    if request.company is not None:
        audit.record(actor=request.member, action=action, object=f"user:{request.member.user_id}", label=str(label))
