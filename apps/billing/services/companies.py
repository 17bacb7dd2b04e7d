"""A company with its owner, subscription and token in one command: for the operator, the demo and the shell."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.billing.models import Subscription
from apps.billing.services import subscriptions
from kernel.clock import machine_now
from kernel.errors import Invalid
from tenants.models import Membership, Tenant, User
from tenants.rights import Member
from tenants.services.members import make_token
from tenants.services.provisioning import provision_company


@dataclass(frozen=True, kw_only=True)
class CreatedCompany:
    """What the caller is told once. `password` is None when the person had one already."""

    tenant_id: int
    slug: str
    url: str
    token: str
    owner: str
    password: str | None


def create_company(
    *,
    slug: str,
    name: str,
    owner_email: str,
    modules: Iterable[str],
    at: datetime,
    owner_name: str = "",
    trial_days: int = 0,
    seats: int = 0,
    is_demo: bool = False,
    actor: Member | None = None,
) -> CreatedCompany:
    """Make company, owner, subscription and token, or (known slug) just a fresh token of its owner.

    `trial_days` 0 = active with accepted terms. Not inside a transaction: provisioning enters the new schema.
    Raises SlugRefused, Invalid.
    """
    tenant = Tenant.objects.filter(slug=slug, state=Tenant.State.ACTIVE).first()
    password = None
    if tenant is None:
        owner, password = find_or_make_person(email=owner_email, name=owner_name or name)
        tenant_id = provision_company(slug=slug, name=name, owner=owner, created_at=at, is_demo=is_demo).id
        tenant = Tenant.objects.get(pk=tenant_id)
    if not Subscription.objects.of(tenant).exists():
        subscriptions.begin(
            tenant_id=tenant.pk, modules=list(modules), at=at, trial_days=trial_days, seats=seats,
            terms_accepted=trial_days == 0, actor=actor,
        )  # fmt: skip
    membership = Membership.objects.filter(tenant=tenant, role="owner").order_by("id").select_related("user").first()
    if membership is None:
        raise Invalid(_("这家企业没有老板账号。"), "no_owner")
    return CreatedCompany(
        tenant_id=tenant.pk, slug=tenant.slug, url=company_url(tenant.slug), owner=membership.user.email,
        token=issue_token(user=membership.user, membership=membership, name="owner"), password=password,
    )  # fmt: skip


def create_operator(*, email: str, name: str = "") -> tuple[str, str | None]:
    """A member of the operator's staff: (token, password or None when there was one)."""
    user, password = find_or_make_person(email=email, name=name or email.partition("@")[0])
    if not user.is_operator:
        user.is_operator = True
        user.save(update_fields=["is_operator"])
    return issue_token(user=user, membership=None, name="operator"), password


def find_or_make_person(*, email: str, name: str, password_hash: str | None = None) -> tuple[User, str | None]:
    """The person with this address, made with a generated password when unknown (unless a hash is given)."""
    address = email.strip()
    if "@" not in address or len(address) > 254:
        raise Invalid(_("请填写有效的邮箱。"), fields={"owner_email": [_("邮箱格式不对。")]})
    known = User.objects.filter(email__iexact=address).first()
    if known is not None:
        return known, None
    person = User(email=address, name=name[:60])
    password = None
    if password_hash is None:
        password = secrets.token_urlsafe(12)
        person.set_password(password)
    else:
        person.password = password_hash
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # made by a rival a moment ago
        return User.objects.get(email__iexact=address), None
    return person, password


def issue_token(*, user: User, membership: Membership | None, name: str) -> str:
    """A new API token, told once."""
    membership_id = membership.pk if membership else None
    return make_token(user_id=user.pk, membership_id=membership_id, name=name, at=machine_now())[1]


def company_url(slug: str) -> str:
    """Address of the company's host."""
    port = f":{settings.QZ_PUBLIC_PORT}" if settings.QZ_PUBLIC_PORT else ""
    return f"{settings.QZ_SCHEME}://{slug}.{settings.QZ_BASE_DOMAIN}{port}"
