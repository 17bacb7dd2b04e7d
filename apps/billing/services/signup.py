"""注册: the form, the code by mail, the company. A known name or mailbox gets the same answer as an unknown one."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain.access import MODULES
from apps.billing.domain.calendar import local_day
from apps.billing.models import Signup, Subscription
from apps.billing.selectors.catalogue import price_book
from apps.billing.services import companies, subscriptions
from kernel.clock import machine_now
from kernel.errors import Invalid, NotFound, SlowDown
from tenants.models import Membership, Tenant
from tenants.services.provisioning import check_slug, provision_company

CODE_LIVES = timedelta(hours=2)
MAX_TRIES = 6
PER_MAILBOX, PER_ADDRESS, WINDOW = 5, 60, timedelta(hours=1)
SUFFIX = 4  # random letters behind the wished slug, so that no answer tells which names are taken


@dataclass(frozen=True, kw_only=True)
class SignupForm:
    """What a visitor fills in; `modules` may be any, the trial is free."""

    company: str
    slug: str
    owner_name: str
    owner_email: str
    password: str
    phone: str = ""
    modules: Sequence[str] = ()
    interval: str = "month"
    alignment: str = "calendar"


class WrongCode(Invalid):
    """The code is not the one that was mailed, or it is too old."""

    code = "wrong_code"


def begin(*, form: SignupForm, ip: str | None) -> tuple[Signup, str]:
    """Remember the wish and mail a code: (sign-up, code). Raises Invalid for a bad form, SlowDown."""
    _check(form)
    _limit(form.owner_email, ip)
    code = f"{secrets.randbelow(10**6):06d}"
    moment = machine_now()
    row = Signup.objects.create(
        public_id=secrets.token_urlsafe(24),
        company=form.company,
        slug=_address(form.slug),
        owner_name=form.owner_name,
        owner_email=form.owner_email.strip(),
        phone=form.phone,
        password_hash=make_password(form.password),
        modules=list(form.modules),
        interval=form.interval,
        alignment=form.alignment,
        code_hash=_digest(code),
        ip=ip,
        created_at=moment,
        expires_at=moment + CODE_LIVES,
    )
    subject = _("您的验证码是 %(code)s") % {"code": code}
    body = _("验证码 %(code)s，2 小时内有效。如果不是您本人操作，请忽略这封邮件。") % {"code": code}
    send_mail(subject, body, None, [row.owner_email])
    return row, code


def _check(form: SignupForm) -> None:
    unknown = sorted(set(form.modules) - set(MODULES))
    if unknown:
        raise Invalid(
            _("没有这个模块：%(names)s。") % {"names": "、".join(unknown)}, fields={"modules": [_("没有这个模块。")]}
        )
    # Only the shape is checked: whether the plain name is taken would tell who our customers are (C1).
    wished = form.slug
    if Tenant.objects.filter(slug=wished).exists():
        return
    check_slug(wished)


def _limit(email: str, ip: str | None) -> None:
    since = machine_now() - WINDOW
    lately = Signup.objects.filter(created_at__gt=since)
    if lately.filter(owner_email__iexact=email.strip()).count() >= PER_MAILBOX or (
        ip and lately.filter(ip=ip).count() >= PER_ADDRESS
    ):
        raise SlowDown(_("注册太频繁，请稍后再试。"), extra={"retry_after": int(WINDOW.total_seconds())})


def _address(wished: str) -> str:
    tail = "".join(secrets.choice(string.ascii_lowercase) for _number in range(SUFFIX))
    return f"{wished[: 40 - SUFFIX - 1].rstrip('-')}-{tail}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def confirm(*, public_id: str, code: str, at: datetime) -> Signup:
    """The code is right: make the company now. Asking again answers the same. Raises WrongCode, NotFound, SlowDown."""
    row = _check_code(public_id, code)
    if row.status in (Signup.Status.PROVISIONING, Signup.Status.FAILED):
        provision(signup_id=row.pk, at=at)
        row.refresh_from_db()
    return row


@transaction.atomic
def _count_try(public_id: str) -> Signup:
    row = Signup.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("找不到这次注册。"))
    row.tries += 1
    row.save(update_fields=["tries"])
    return row


def _check_code(public_id: str, code: str) -> Signup:
    row = _count_try(public_id)  # committed by itself: a wrong code must count even though it is refused
    if row.tries > MAX_TRIES and row.status == Signup.Status.AWAITING_EMAIL:
        raise SlowDown(_("验证码输错次数太多，请重新注册。"), extra={"retry_after": 3600})
    right = hmac.compare_digest(row.code_hash, _digest(code.strip()))
    if not right or machine_now() > row.expires_at:
        raise WrongCode(_("验证码不对或已过期。"), fields={"code": [_("验证码不对或已过期。")]})
    if row.status == Signup.Status.AWAITING_EMAIL:
        Signup.objects.filter(pk=row.pk).update(status=Signup.Status.PROVISIONING)
        row.status = Signup.Status.PROVISIONING
    return row


def provision(*, signup_id: int, at: datetime) -> None:
    """Make the company of a confirmed sign-up; whatever was left half done is completed. Not inside a transaction."""
    row = Signup.objects.get(pk=signup_id)
    if row.status == Signup.Status.READY:
        return
    owner, _password = companies.find_or_make_person(
        email=row.owner_email, name=row.owner_name, password_hash=row.password_hash
    )
    tenant = row.tenant or Tenant.objects.filter(slug=row.slug).first()
    if tenant is None:
        made = provision_company(slug=row.slug, name=row.company, owner=owner, created_at=at, exact_slug_checked=True)
        tenant = Tenant.objects.get(pk=made.id)
    if not Subscription.objects.of(tenant).exists():
        subscriptions.begin(
            tenant_id=tenant.pk, modules=row.modules, at=at, trial_days=_trial_days(at), interval=row.interval,
            alignment=row.alignment,
        )  # fmt: skip
    Signup.objects.filter(pk=row.pk).update(status=Signup.Status.READY, tenant=tenant, password_hash="", failure="")


def _trial_days(at: datetime) -> int:
    return price_book().plan_on(local_day(at)).trial_days


@transaction.atomic
def status(*, public_id: str) -> dict[str, Any]:
    """`{status, tenant, url, token}`; the token once, on the first look after the company is ready. Raises NotFound."""
    row = Signup.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("找不到这次注册。"))
    answer: dict[str, Any] = {"signup": row.public_id, "status": row.status, "tenant": None, "url": None, "token": None}
    if row.status != Signup.Status.READY:
        return answer
    tenant = Tenant.objects.get(pk=row.tenant_id)
    answer |= {"tenant": tenant.slug, "url": companies.company_url(tenant.slug)}
    if row.token_shown_at is None:
        owner = Membership.objects.filter(tenant=tenant, role="owner").select_related("user").order_by("id")[0]
        answer["token"] = companies.issue_token(user=owner.user, membership=owner, name="owner")
        row.token_shown_at = machine_now()
        row.save(update_fields=["token_shown_at"])
    return answer


def finish_waiting(*, at: datetime) -> int:
    """Complete confirmed sign-ups that a crash left behind; a failing one keeps its reason."""
    waiting = Signup.objects.filter(status__in=(Signup.Status.PROVISIONING, Signup.Status.FAILED)).order_by("id")
    done = 0
    for signup_id in list(waiting.values_list("id", flat=True)[:50]):
        try:
            provision(signup_id=signup_id, at=at)
            done += 1
        except Exception as error:  # noqa: BLE001  # one sign-up must not stop the others; the reason is kept
            Signup.objects.filter(pk=signup_id).update(status=Signup.Status.FAILED, failure=f"{error}"[:300])
    return done
