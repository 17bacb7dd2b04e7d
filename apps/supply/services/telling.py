"""通知: word of a partner's act for the member who made the link and for the mail channels of the company."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from apps.supply.models import NoticeChannel, SupplyLink, SupplyNotice
from kernel import notices

# One line an act: kind of act, number, short name of the partner.
SENTENCES = {
    "order": gettext_noop("%(partner)s 发来订单 %(number)s"),
    "order_change": gettext_noop("%(partner)s 提议变更订单 %(number)s"),
    "order_response": gettext_noop("%(partner)s 答复了订单 %(number)s"),
    "order_cancel": gettext_noop("%(partner)s 要求取消订单 %(number)s"),
    "despatch": gettext_noop("%(partner)s 发货 %(number)s"),
    "receipt": gettext_noop("%(partner)s 反馈收货 %(number)s"),
    "link_event": gettext_noop("%(partner)s 更新了协同关系"),
}


def tell(link: SupplyLink, kind: str, number: str, path: str, at: datetime) -> None:
    """Queue the word of one act; no price, quantity or bank data is in it."""
    partner = link.partner.short_name or link.partner.name
    notices.notify(
        user_id=link.created_by_id,
        kind=f"supply.{kind}",
        message=SENTENCES.get(kind, SENTENCES["link_event"]),
        params={"partner": partner, "number": number},
        url=path,
        at=at,
    )
    SupplyNotice.objects.bulk_create(
        SupplyNotice(
            channel=channel, kind=kind, number=number[:64], partner=partner, path=path, created_at=at, next_try_at=at
        )
        for channel in listening(kind)
    )


def listening(kind: str) -> list[NoticeChannel]:
    """The channels that hear of this kind of act."""
    channels: QuerySet[NoticeChannel] = NoticeChannel.objects.filter(is_paused=False).order_by("id")
    return [channel for channel in channels if not channel.events or kind in channel.events]
