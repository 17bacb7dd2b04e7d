"""成员与权限: who may do what; invitations by link."""

from typing import Any

from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kernel import audit
from kernel.clock import machine_now
from kernel.errors import DomainError, NotFound
from kernel.forms.accounts import AcceptInvitationForm, InviteForm, MemberForm
from kernel.http.addresses import company_address
from kernel.http.gates import require_right
from kernel.http.request import Request, posted
from kernel.views.signin import open_session
from tenants.context import shared_context
from tenants.models import Membership
from tenants.rights import ROLES, all_rights, label_of, rights_of_role
from tenants.services import members, sign_in
from tenants.services.links import LinkSpent
from tenants.services.provisioning import mirror_staff


@require_right("company.members")
@require_http_methods(["GET", "POST"])
def member_list(request: Request) -> HttpResponse:
    """Members, open invitations, seats; POST invites."""
    form = InviteForm(posted(request))
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            link = _invite(request, form.cleaned_data)
            form = InviteForm()
        except DomainError as error:
            form.add_error("contact" if error.http_status == 402 else None, error.message)
    status = 422 if form.is_bound else 200
    context = {**_list_context(request), "form": form, "link": link}
    return render(request, "company/members.html", context, status=status)


def _invite(request: Request, data: dict[str, Any]) -> str:
    with shared_context():
        token = members.invite(
            company=request.company, contact=data["contact"], role=data["role"], actor=request.member, at=machine_now()
        )
    audit.record(
        actor=request.member,
        action="member.invite",
        object="invitation",
        label=data["contact"],
        changes={"role": data["role"]},
    )
    link = f"{company_address(request.company.slug)}/invite/{token}/"
    if "@" in data["contact"]:
        text = _("%(name)s 邀请您加入 %(company)s 的轻准账套，请在 7 天内打开：\n%(link)s")
        values = {"name": request.member.name, "company": request.company.name, "link": link}
        send_mail(_("邀请您使用轻准"), text % values, None, [data["contact"]], fail_silently=True)
    return link


def _list_context(request: Request) -> dict[str, Any]:
    with shared_context():
        rows = members.members_of(request.company.id)
        invitations = members.open_invitations(request.company.id, machine_now())
        taken = members.seats_taken(request.company.id)
    return {
        "members": [{"row": row, "role": ROLES.get(row.role, row.role)} for row in rows],
        "invitations": [{"row": row, "role": ROLES.get(row.role, row.role)} for row in invitations],
        "taken": taken,
        "seats": request.company.seats,
    }


@require_right("company.members")
@require_http_methods(["GET", "POST"])
def member_edit(request: Request, membership_id: int) -> HttpResponse:
    """One member: role, single rights, last day."""
    row = _member_or_404(request, membership_id)
    initial = {"role": row.role, "until": row.until}
    form = MemberForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, row, form.cleaned_data)
        except DomainError as error:
            form.add_error("role", error.message)
        else:
            messages.success(request, _("已保存。"))
            return HttpResponseRedirect(reverse("members"))
    context = {"form": form, "row": row, "modules": _rights_of(row)}
    return render(request, "company/member.html", context, status=422 if form.is_bound else 200)


def _rights_of(row: Membership) -> list[dict[str, Any]]:
    """Single rights by module: [{"title", "rights": [{"name", "label", "on"}]}], in words."""
    held = rights_of_role(row.role)
    modules: dict[str, list[dict[str, Any]]] = {}
    for name in all_rights():
        right = {"name": name, "label": label_of(name), "on": row.rights.get(name, name in held)}
        modules.setdefault(name.partition(".")[0], []).append(right)
    return [{"title": label_of(module), "rights": rights} for module, rights in modules.items()]


def _member_or_404(request: Request, membership_id: int) -> Membership:
    with shared_context():
        rows = members.members_of(request.company.id)
    row = next((row for row in rows if row.pk == membership_id), None)
    if row is None:
        raise NotFound(_("没有这位成员。"))
    return row


def _change(request: Request, row: Membership, data: dict[str, Any]) -> None:
    base = rights_of_role(data["role"])
    chosen = set(request.POST.getlist("rights")) if request.POST.get("rights_shown") else base
    overrides = {right: right in chosen for right in all_rights() if (right in chosen) != (right in base)}
    if data["role"] != row.role:
        overrides = {}  # a new role starts with its own rights
    with shared_context():
        members.change_member(
            tenant_id=request.company.id,
            membership_id=row.pk,
            role=data["role"],
            rights=overrides,
            until=data["until"],
            actor=request.member,
        )
    before = {"role": row.role, "rights": row.rights, "until": row.until}
    after = {"role": data["role"], "rights": overrides, "until": data["until"]}
    audit.record(
        actor=request.member,
        action="member.change",
        object=f"member:{row.pk}",
        label=row.user.name,
        changes=audit.difference(before, after),
    )


@require_right("company.members")
@require_POST
def member_status(request: Request, membership_id: int) -> HttpResponse:
    """停用 or 启用 a member."""
    active = request.POST.get("active") == "1"
    with shared_context():
        row = members.set_member_status(
            tenant_id=request.company.id,
            membership_id=membership_id,
            active=active,
            company_seats=request.company.seats,
        )
        mirror_staff(request.company, row.user, is_active=active)
    audit.record(
        actor=request.member,
        action="member.enable" if active else "member.disable",
        object=f"member:{row.pk}",
        label=row.user.name,
    )
    messages.success(request, _("已启用。") if active else _("已停用，该成员已被退出登录。"))
    return HttpResponseRedirect(reverse("members"))


@require_right("company.members")
@require_POST
def revoke_invitation(request: Request, invitation_id: int) -> HttpResponse:
    """撤回邀请: its link stops working at once."""
    with shared_context():
        contact = members.revoke_invitation(tenant_id=request.company.id, invitation_id=invitation_id, at=machine_now())
    audit.record(actor=request.member, action="invitation.revoke", object="invitation", label=contact)
    messages.success(request, _("邀请已撤回。"))
    return HttpResponseRedirect(reverse("members"))


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: Request, token: str) -> HttpResponse:
    """接受邀请: set name and password, or give the password of the account that exists."""
    with shared_context():
        invitation = members.live_invitation(token, request.company.id, machine_now())
        if invitation is None:
            raise LinkSpent(_("邀请已失效，请联系邀请您的人重新发送。"))
        is_new = sign_in.find_user(invitation.contact) is None
    form = AcceptInvitationForm(posted(request), is_new=is_new)
    if request.method == "POST" and form.is_valid():
        try:
            return _join(request, token, form.cleaned_data)
        except DomainError as error:
            form.add_error("password", error.message)
    context = {"form": form, "invitation": invitation, "role": ROLES.get(invitation.role, "")}
    return render(request, "accounts/accept.html", context, status=422 if form.is_bound else 200)


def _join(request: Request, token: str, data: dict[str, str]) -> HttpResponse:
    with shared_context():
        user = members.accept_invitation(
            token=token,
            tenant_id=request.company.id,
            name=data.get("name", ""),
            password=data["password"],
            at=machine_now(),
        )
        mirror_staff(request.company, user, is_active=True)
        open_session(request, user)
    audit.record(actor=None, action="member.join", object=f"user:{user.pk}", label=user.name)
    return HttpResponseRedirect("/")
