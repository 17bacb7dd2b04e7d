"""One-time links: hand-off between hosts, password reset, invitation."""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tenants.errors import DomainError
from tenants.models import HandOff, PasswordReset, Session, User
from tenants.secretbox import digest, new_token

HAND_OFF_SECONDS = 30
RESET_LIVES = timedelta(minutes=30)
_SALT = "qz.hand-off"


class LinkSpent(DomainError):
    """The link is too old, was used, or was never ours."""

    code = "link_spent"
    http_status = 400


def make_hand_off(*, user_id: int, tenant_id: int | None) -> str:
    """A signed text that signs `user_id` in at the company's host; valid once, for 30 seconds."""
    return signing.dumps({"u": user_id, "t": tenant_id, "n": new_token()}, salt=_SALT)


def take_hand_off(*, text: str, tenant_id: int | None, at: datetime) -> int:
    """The user id of a hand-off made for this host. Raises LinkSpent."""
    try:
        data: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=HAND_OFF_SECONDS)
    except signing.BadSignature:
        raise LinkSpent(_("链接已失效，请重新登录。")) from None
    if data["t"] != tenant_id:
        raise LinkSpent(_("链接已失效，请重新登录。"))
    try:
        with transaction.atomic():
            HandOff.objects.create(nonce_hash=digest(data["n"]), used_at=at)
    except IntegrityError:
        raise LinkSpent(_("链接已失效，请重新登录。")) from None
    return int(data["u"])


def start_reset(*, user: User, at: datetime) -> str:
    """The token of a password reset link, good for half an hour and one use."""
    token = new_token()
    PasswordReset.objects.create(user=user, token_hash=digest(token), expires_at=at + RESET_LIVES)
    return token


def live_reset(token: str, at: datetime) -> PasswordReset | None:
    return (
        PasswordReset.objects.select_related("user")
        .filter(token_hash=digest(token), used_at=None, expires_at__gt=at)
        .first()
    )


@transaction.atomic
def finish_reset(*, token: str, password: str, at: datetime) -> User:
    """Set the password, spend the link, end all sign-ins. Raises LinkSpent."""
    row = PasswordReset.objects.select_for_update().filter(token_hash=digest(token)).first()
    if row is None or row.used_at is not None or row.expires_at <= at:
        raise LinkSpent(_("链接已失效，请重新申请。"))
    row.used_at = at
    row.save(update_fields=["used_at"])
    user = row.user
    user.set_password(password)
    user.save(update_fields=["password"])
    Session.objects.filter(user=user).delete()
    return user
