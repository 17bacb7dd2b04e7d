"""校验码: six digits to the contact's mail before the first act; 12 hours for the browser that knew them."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import connection
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from apps.supply.exchange.guest_role import guest_context
from apps.supply.guests.desk import Desk, Token
from apps.supply.models import GuestContact
from kernel.errors import DomainError, Forbidden, SlowDown

HOLDS = timedelta(hours=12)
SALT = "supply.guest.pin"


class CodeRequired(Forbidden):
    code = "code_required"


class CodeWrong(Forbidden):
    code = "code_wrong"


class CodeLocked(SlowDown):
    code = "code_locked"


class NoMail(DomainError):
    """The contact has no mail address that a code could go to."""

    code = "no_contact"


def _hash(token: Token, pin: str) -> str:
    return hashlib.sha256(f"{token.id}:{pin}".encode()).hexdigest()


def _ask(statement: str, digest: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, [digest])
        row = cursor.fetchone()
    return str(row[0]) if row else "none"


def _locked() -> CodeLocked:
    return CodeLocked(_("校验码输错次数过多，请一小时后再试。"), extra={"retry_after": 3600})


def new_code(desk: Desk) -> tuple[str, str, str]:
    """Inside the desk: (address, masked address, code) to be mailed after the commit. 1 a minute, 5 a day a link.

    Raises NoMail, SlowDown, CodeLocked.
    """
    contact = GuestContact.objects.filter(party=desk.token.party).first()
    if contact is None or not contact.email:
        raise NoMail(_("采购方没有登记您的邮箱，无法发送校验码，请联系采购方。"))
    pin = f"{secrets.randbelow(10**6):06d}"
    answer = _ask("SELECT exchange.pin_new(%s)", _hash(desk.token, pin))
    if answer == "locked":
        raise _locked()
    if answer != "ok":
        wait = 60 if answer == "soon" else 24 * 3600
        raise SlowDown(_("校验码发送太频繁，请稍后再试。"), extra={"retry_after": wait})
    return contact.email, masked(contact.email), pin


def mail_code(address: str, pin: str) -> None:
    """Send the code, in plain words."""
    send_mail(
        subject=_("校验码 %(pin)s") % {"pin": pin},
        message=_("您的校验码是 %(pin)s，10 分钟内有效。如非本人操作，请忽略本邮件。") % {"pin": pin},
        from_email=None,
        recipient_list=[address],
    )


def masked(address: str) -> str:
    """`l***@example.cn`."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def target_of(desk: Desk) -> str:
    """Where the codes of this link go, masked, as it stands in the evidence; empty where none is asked for."""
    if desk.token.check == "none":
        return ""
    address = GuestContact.objects.filter(party=desk.token.party).values_list("email", flat=True).first()
    return masked(address) if address else ""


def check_code(token: Token, pin: str, cookie: str) -> None:
    """Before an act, in a transaction of its own: a wrong try counts although the act is refused.

    Raises CodeRequired, CodeWrong, CodeLocked.
    """
    if token.check == "none" or cookie_holds(token, cookie):
        return
    if not pin:
        raise CodeRequired(_("首次操作需要校验码，请先获取并输入校验码。"))
    with guest_context(token.hash):
        answer = _ask("SELECT exchange.pin_check(%s)", _hash(token, pin.strip()))
    if answer == "locked":
        raise _locked()
    if answer != "ok":
        raise CodeWrong(_("校验码不正确或已过期，请重新获取。"))


def cookie_name(token: Token) -> str:
    return f"qz_guest_{token.hash[:12]}"


def new_cookie(token: Token) -> str:
    """What the browser that knew the code carries for 12 hours."""
    return signing.dumps({"token": str(token.id)}, salt=SALT)


def remember(response: HttpResponseBase, token: Token) -> None:
    """The browser that knew the code need not know it again for 12 hours."""
    if token.check == "code":
        response.set_cookie(
            cookie_name(token), new_cookie(token), max_age=int(HOLDS.total_seconds()), httponly=True, samesite="Lax",
            secure=settings.QZ_HTTPS,
        )  # fmt: skip


def cookie_holds(token: Token, cookie: str) -> bool:
    try:
        known: Any = signing.loads(cookie, salt=SALT, max_age=HOLDS) if cookie else {}
    except signing.BadSignature:
        return False
    return bool(known.get("token") == str(token.id))
