"""Signing in: slow for guessers, equal for known and unknown accounts, with a second factor where there is one."""

from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tenants.errors import DomainError, SlowDown
from tenants.models import Membership, Session, SignInFailure, Tenant, User
from tenants.secretbox import seal, unseal

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 50
TOTP_STEP_SECONDS = 30
_NOBODYS_PASSWORD = make_password("a password that nobody has")


class WrongCredentials(DomainError):
    """Account or password is wrong; which one is not told."""

    code = "wrong_credentials"
    http_status = 400


class WrongCode(DomainError):
    """The code of the second factor is wrong or was used."""

    code = "wrong_code"
    http_status = 400


def check_credentials(*, account: str, password: str, ip: str, at: datetime) -> User:
    """The person behind `account` (e-mail or mobile) and `password`.

    Raises WrongCredentials; SlowDown after five failures of one account or fifty of one address in 15 minutes.
    """
    key = account.strip().lower()[:254]
    _refuse_guessers(key, ip, at)
    user = find_user(key)
    # The hash is computed for an unknown account too: the answer takes as long.
    fits = check_password(password, user.password if user else _NOBODYS_PASSWORD)
    if user is None or not fits or not user.is_active:
        SignInFailure.objects.create(account=key, ip=ip, at=at)
        raise WrongCredentials(_("账号或密码不对，请检查后重试。"))
    return user


def find_user(account: str) -> User | None:
    """By e-mail without regard to case, or by mobile number."""
    wanted = Q(email__iexact=account) | (Q(phone=account) & ~Q(phone=""))
    return User.objects.filter(wanted).order_by("id").first()


def _refuse_guessers(account: str, ip: str, at: datetime) -> None:
    recent = SignInFailure.objects.filter(at__gt=at - WINDOW)
    if recent.filter(account=account).count() >= FAILURES_PER_ACCOUNT or (
        recent.filter(ip=ip).count() >= FAILURES_PER_ADDRESS
    ):
        minutes = int(WINDOW.total_seconds() // 60)
        raise SlowDown(
            _("尝试次数过多，请 %(minutes)s 分钟后再试，或重设密码。") % {"minutes": minutes},
            extra={"retry_after": int(WINDOW.total_seconds())},
        )


def membership_at(user: User, tenant_id: int) -> Membership | None:
    """The live membership of `user` in a company, or None."""
    return Membership.objects.filter(user=user, tenant_id=tenant_id, status=Membership.Status.ACTIVE).first()


def companies_of(user_id: int) -> list[Tenant]:
    """Companies the person may enter, by name."""
    return list(
        Tenant.objects.filter(
            memberships__user_id=user_id, memberships__status=Membership.Status.ACTIVE, state=Tenant.State.ACTIVE
        ).order_by("name", "id")
    )


@transaction.atomic
def check_totp(*, user_id: int, code: str, at: datetime) -> None:
    """Accept a code once. Raises WrongCode."""
    user = User.objects.select_for_update().get(pk=user_id)
    step = int(at.timestamp()) // TOTP_STEP_SECONDS
    totp = pyotp.TOTP(unseal(user.totp_secret))
    near = (step, step - 1, step + 1)  # a clock that is half a minute off is still let in
    matched = next((s for s in near if compare_digest(totp.at(s * TOTP_STEP_SECONDS), code)), None)
    if matched is None or matched <= user.totp_last_step:
        raise WrongCode(_("动态验证码不对或已用过，请等下一个。"))
    user.totp_last_step = matched
    user.save(update_fields=["totp_last_step"])


def start_totp(*, user_id: int) -> str:
    """A fresh secret for the person's authenticator; counts only once `confirm_totp` has seen a code."""
    secret = pyotp.random_base32()
    User.objects.filter(pk=user_id).update(totp_secret=seal(secret), totp_confirmed_at=None, totp_last_step=0)
    return secret


def totp_address(user: User) -> str:
    """The otpauth:// address that the QR code shows."""
    return pyotp.TOTP(unseal(user.totp_secret)).provisioning_uri(name=user.email, issuer_name="轻准")


def confirm_totp(*, user_id: int, code: str, at: datetime) -> None:
    """Switch the second factor on. Raises WrongCode."""
    check_totp(user_id=user_id, code=code, at=at)
    User.objects.filter(pk=user_id).update(totp_confirmed_at=at)


def stop_totp(*, user_id: int) -> None:
    User.objects.filter(pk=user_id).update(totp_secret="", totp_confirmed_at=None)


def sessions_of(user_id: int) -> list[Session]:
    """Open sign-ins of a person, last used first."""
    return list(
        Session.objects.select_related("tenant").filter(user_id=user_id).order_by("-last_seen_at", "session_key")
    )


def revoke_session(*, user_id: int, session_key: str) -> None:
    """End one sign-in of the person on whatever device."""
    Session.objects.filter(user_id=user_id, session_key=session_key).delete()


def revoke_other_sessions(*, user_id: int, keep: str | None) -> int:
    """End all sign-ins but one; returns how many."""
    return Session.objects.filter(user_id=user_id).exclude(session_key=keep or "").delete()[0]
