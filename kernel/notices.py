"""通知: what a member is told when work ends elsewhere, put into words when it is read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.errors import NotFound
from kernel.models import Notification
from tenants.rights import Member


def notify(
    *,
    user_id: int,
    kind: str,
    message: str,
    at: datetime,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    is_bad: bool = False,
) -> Notification:
    """Tell one member. `message` is a literal marked with `gettext_noop`, filled with `params` (`%(title)s`)."""
    return Notification.objects.create(
        user_id=user_id,
        kind=kind,
        message=message,
        params=dict(params or {}),
        url=url,
        is_bad=is_bad,
        created_at=at,
    )


def text_of(notice: Notification) -> str:
    """The sentence in the language of this request."""
    try:
        return _(notice.message) % notice.params
    except (KeyError, ValueError, TypeError):  # an older sentence whose words have changed since
        return notice.message


def of_member(member: Member) -> QuerySet[Notification]:
    """Newest first."""
    return Notification.objects.filter(user_id=member.user_id).order_by("-id")


def unread_count(member: Member) -> int:
    return Notification.objects.filter(user_id=member.user_id, read_at=None).count()


def mark_read(*, member: Member, at: datetime, notice_id: int | None = None) -> str:
    """Mark one (or all) of the member's notices read; returns where that one leads. Raises NotFound."""
    mine = Notification.objects.filter(user_id=member.user_id)
    if notice_id is None:
        mine.filter(read_at=None).update(read_at=at)
        return ""
    notice = mine.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(_("找不到这条通知。"))
    mine.filter(pk=notice_id, read_at=None).update(read_at=at)
    return notice.url
