"""People join a company, change their role, and leave. The caller records the change in the company's log."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tenants.context import Company
from tenants.errors import DomainError, Forbidden, Invalid, NotFound, PaymentRequired
from tenants.models import ApiToken, Invitation, Membership, Session, Tenant, User
from tenants.rights import ROLES, Member, all_rights, conflicting, effective_rights
from tenants.secretbox import digest, new_token
from tenants.services.links import LinkSpent
from tenants.services.sign_in import find_user

INVITATION_LIVES = timedelta(days=7)
TOKEN_LIVES = timedelta(days=365)


class RoleConflict(DomainError):
    """The role may not hold this right (令98 art. 12)."""

    code = "role_conflict"


class LastOwner(DomainError):
    """A company always has an owner."""

    code = "last_owner"


def members_of(tenant_id: int) -> list[Membership]:
    """Members of a company, active first, then by name."""
    return list(
        Membership.objects.select_related("user").filter(tenant_id=tenant_id).order_by("status", "user__name", "id")
    )


def open_invitations(tenant_id: int, at: datetime) -> list[Invitation]:
    rows = Invitation.objects.filter(tenant_id=tenant_id, accepted_at=None, revoked_at=None, expires_at__gt=at)
    return list(rows.order_by("-created_at", "-id"))


def seats_taken(tenant_id: int) -> int:
    """Seats in use: active members (auditors are free: the law sends them)."""
    rows = Membership.objects.filter(tenant_id=tenant_id, status=Membership.Status.ACTIVE)
    return rows.exclude(role="auditor").count()


@transaction.atomic
def invite(*, company: Company, contact: str, role: str, actor: Member, at: datetime) -> str:
    """Make an invitation and answer the token of its link (shown or sent, never kept).

    Raises Invalid (no contact, unknown role), Forbidden (only an owner invites owners), PaymentRequired `seat_limit`.
    """
    contact = contact.strip().lower()
    if not contact:
        raise Invalid(_("请填写邮箱或手机号。"), fields={"contact": [_("请填写邮箱或手机号。")]})
    _check_role(role, actor)
    if role != "auditor" and seats_taken(company.id) >= company.seats:
        raise PaymentRequired(_("席位已用完，请先增加席位。"), "seat_limit")
    token = new_token()
    Invitation.objects.create(
        tenant_id=company.id,
        contact=contact,
        role=role,
        token_hash=digest(token),
        invited_by_id=actor.user_id,
        expires_at=at + INVITATION_LIVES,
    )
    return token


@transaction.atomic
def revoke_invitation(*, tenant_id: int, invitation_id: int, at: datetime) -> str:
    """Take an open invitation back; answers whom it had invited. Raises NotFound."""
    open_ones = Invitation.objects.select_for_update().filter(tenant_id=tenant_id, accepted_at=None, revoked_at=None)
    row = open_ones.filter(pk=invitation_id).first()
    if row is None:
        raise NotFound(_("找不到这条邀请，可能已被接受或撤回。"))
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    return row.contact


def _check_role(role: str, actor: Member) -> None:
    if role not in ROLES:
        raise Invalid(_("请选择角色。"), fields={"role": [_("请选择角色。")]})
    if role == "owner" and actor.role != "owner":
        raise Forbidden(_("只有老板可以授予老板角色。"))


def live_invitation(token: str, tenant_id: int, at: datetime) -> Invitation | None:
    return Invitation.objects.filter(
        token_hash=digest(token), tenant_id=tenant_id, accepted_at=None, revoked_at=None, expires_at__gt=at
    ).first()


@transaction.atomic
def accept_invitation(*, token: str, tenant_id: int, name: str, password: str, at: datetime) -> User:
    """Become a member: with the password of an existing account of that contact, or as a new person.

    Raises LinkSpent, Invalid (wrong password of the existing account).
    """
    row = Invitation.objects.select_for_update().filter(token_hash=digest(token), tenant_id=tenant_id).first()
    if row is None or row.accepted_at or row.revoked_at or row.expires_at <= at:
        raise LinkSpent(_("邀请已失效，请联系邀请您的人重新发送。"))
    user = find_user(row.contact)
    if user is None:
        user = _new_user(row.contact, name, password)
    elif not user.check_password(password):
        raise Invalid(_("这个账号已存在，请填写它现在的密码。"), fields={"password": [_("密码不对。")]})
    Membership.objects.update_or_create(
        tenant_id=tenant_id, user=user, defaults={"role": row.role, "status": Membership.Status.ACTIVE, "rights": {}}
    )
    row.accepted_at = at
    row.save(update_fields=["accepted_at"])
    return user


def _new_user(contact: str, name: str, password: str) -> User:
    email, phone = (contact, "") if "@" in contact else (f"{contact}@phone.invalid", contact)
    user = User(email=email, phone=phone, name=name or contact)
    user.set_password(password)
    user.save()
    return user


@transaction.atomic
def change_member(
    *,
    tenant_id: int,
    membership_id: int,
    role: str,
    rights: Mapping[str, bool],
    until: date | None,
    actor: Member,
) -> Membership:
    """Set role, single rights and last day. Raises RoleConflict, LastOwner, Forbidden, NotFound, Invalid."""
    row = _lock(tenant_id, membership_id)
    _check_role(role, actor)
    if row.role == "owner" and role != "owner":
        _keep_an_owner(tenant_id, row)
    unknown = set(rights) - set(all_rights())
    if unknown:
        raise Invalid(_("没有这项权限：%(rights)s") % {"rights": "、".join(sorted(unknown))})
    clash = conflicting(role, effective_rights(role, rights))
    if clash:
        raise RoleConflict(
            _("出纳不得兼任稽核、会计档案保管和收入、支出、费用、债权债务账目的登记工作（会计基础工作规范第十二条）。"),
            extra={"rights": sorted(clash)},
        )
    row.role, row.rights, row.until = role, dict(rights), until
    row.save(update_fields=["role", "rights", "until"])
    return row


@transaction.atomic
def set_member_status(*, tenant_id: int, membership_id: int, active: bool, company_seats: int) -> Membership:
    """Let a member in again, or out: sign-ins and tokens end at once. Raises LastOwner, PaymentRequired, NotFound."""
    row = _lock(tenant_id, membership_id)
    if not active:
        if row.role == "owner":
            _keep_an_owner(tenant_id, row)
        Session.objects.filter(user_id=row.user_id, tenant_id=tenant_id).delete()
    elif row.status != Membership.Status.ACTIVE and seats_taken(tenant_id) >= company_seats:
        raise PaymentRequired(_("席位已用完，请先增加席位。"), "seat_limit")
    row.status = Membership.Status.ACTIVE if active else Membership.Status.DISABLED
    row.save(update_fields=["status"])
    return row


def _lock(tenant_id: int, membership_id: int) -> Membership:
    # The company's row first: two owners leaving at once must queue.
    Tenant.objects.select_for_update().get(pk=tenant_id)
    row = Membership.objects.select_related("user").filter(tenant_id=tenant_id, pk=membership_id).first()
    if row is None:
        raise NotFound(_("没有这位成员。"))
    return row


def _keep_an_owner(tenant_id: int, leaving: Membership) -> None:
    others = Membership.objects.filter(tenant_id=tenant_id, role="owner", status=Membership.Status.ACTIVE)
    if not others.exclude(pk=leaving.pk).exists():
        raise LastOwner(_("企业至少要有一位老板，请先把老板角色交给别人。"))


def make_token(
    *,
    user_id: int,
    membership_id: int | None,
    name: str,
    at: datetime,
    scopes: Iterable[str] = (),
    lives: timedelta = TOKEN_LIVES,
) -> tuple[ApiToken, str]:
    """An API token of a member (or of the operator's staff); the key is answered once and kept hashed.

    `at` is the machine's time: tokens do not follow a test clock.
    """
    key = f"qz_{new_token()}"
    row = ApiToken.objects.create(
        user_id=user_id,
        membership_id=membership_id,
        name=name[:60] or "API",
        key_hash=digest(key),
        prefix=key[:10],
        scopes=sorted(set(scopes)),
        expires_at=at + lives,
    )
    return row, key


def tokens_of(membership_id: int) -> list[ApiToken]:
    """Tokens of a member that were not revoked, newest first."""
    return list(ApiToken.objects.filter(membership_id=membership_id, revoked_at=None).order_by("-created_at", "-id"))


def revoke_token(*, membership_id: int, token_id: int, at: datetime) -> None:
    ApiToken.objects.filter(membership_id=membership_id, pk=token_id, revoked_at=None).update(revoked_at=at)


def tokens_of_company(tenant_id: int) -> list[ApiToken]:
    """Everybody's tokens that were not revoked, by member, newest first."""
    rows = ApiToken.objects.filter(membership__tenant_id=tenant_id, revoked_at=None)
    return list(rows.select_related("user", "membership").order_by("user__name", "user_id", "-created_at", "-id"))


def revoke_company_token(*, tenant_id: int, token_id: int, at: datetime) -> ApiToken:
    """End a token of any member of the company. Raises NotFound, also for another company's."""
    rows = ApiToken.objects.filter(membership__tenant_id=tenant_id, pk=token_id, revoked_at=None)
    row = rows.select_related("user").first()
    if row is None:
        raise NotFound(_("找不到这个令牌。"))
    ApiToken.objects.filter(pk=row.pk).update(revoked_at=at)
    return row
