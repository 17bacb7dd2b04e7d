"""通知渠道: mail channels, and sending what waits: at most 20 a minute a channel, above 10 one digest."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.supply.models import NoticeChannel, SupplyNotice
from apps.supply.services.refusals import refusal
from apps.supply.services.telling import SENTENCES
from kernel import audit, notices
from kernel.errors import DomainError
from kernel.http.addresses import company_address
from tenants.context import current_company
from tenants.rights import Member

MOST_A_MINUTE, DIGEST_ABOVE, PAUSE_AFTER = 20, 10, 5


class ChannelExists(DomainError):
    """The address hears already."""

    code = "duplicate_channel"


@transaction.atomic
def save_channel(*, address: str, events: list[str], actor: Member) -> NoticeChannel:
    """A mail address that hears of partners' acts. Raises duplicate_channel."""
    try:
        with transaction.atomic():
            row = NoticeChannel.objects.create(address=address, events=events, created_by_id=actor.user_id)
    except IntegrityError as error:
        raise ChannelExists(_("这个地址已经登记。")) from error
    audit.record(actor=actor, action="notice_channel.save", object=f"notice_channel:{row.pk}", label=masked(address))
    return row


@transaction.atomic
def drop_channel(*, channel_id: int, actor: Member) -> None:
    """Raises not_found."""
    row = NoticeChannel.objects.filter(pk=channel_id).first()
    if row is None:
        raise refusal("not_found")
    audit.record(
        actor=actor, action="notice_channel.drop", object=f"notice_channel:{row.pk}", label=masked(row.address)
    )  # fmt: skip
    row.delete()


def masked(address: str) -> str:
    """`l***@example.cn`, as every answer shows it."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def try_channel(*, channel_id: int) -> None:
    """Send a word to see that it arrives. Raises not_found."""
    row = NoticeChannel.objects.filter(pk=channel_id).first()
    if row is None:
        raise refusal("not_found")
    _mail(row.address, _("供应协同通知测试"), _("收到本邮件说明通知渠道可用。"))


def send_waiting(*, at: datetime) -> int:
    """Send what is due in this company; failures back off, five in a row pause the channel and tell its owner."""
    waiting: dict[int, list[SupplyNotice]] = defaultdict(list)
    rows = SupplyNotice.objects.select_related("channel").filter(
        state=SupplyNotice.State.WAITING, next_try_at__lte=at, channel__is_paused=False
    )
    for row in rows.order_by("id")[:1000]:
        waiting[row.channel_id].append(row)
    return sum(_send_channel(batch, at) for batch in waiting.values())


def _send_channel(batch: list[SupplyNotice], at: datetime) -> int:
    channel = batch[0].channel
    recent = SupplyNotice.objects.filter(channel=channel, sent_at__gt=at - timedelta(minutes=1)).count()
    room = max(0, MOST_A_MINUTE - recent)
    groups = [batch] if len(batch) > DIGEST_ABOVE else [[row] for row in batch]
    sent = 0
    for group in groups[:room]:
        if not _send_group(channel, group, at):
            break
        sent += len(group)
    return sent


def _send_group(channel: NoticeChannel, group: list[SupplyNotice], at: datetime) -> bool:
    lines = [f"{_subject(row)}\n{company_address(current_company().slug)}{row.path}" for row in group]
    subject = _subject(group[0]) if len(group) == 1 else _("供应协同有 %(count)s 条新消息") % {"count": len(group)}
    ids = [row.pk for row in group]
    try:
        _mail(channel.address, subject, "\n\n".join(lines))
    except OSError:
        _note_failure(channel, ids, group[0].attempts + 1, at)
        return False
    SupplyNotice.objects.filter(pk__in=ids).update(state=SupplyNotice.State.SENT, sent_at=at)
    NoticeChannel.objects.filter(pk=channel.pk).exclude(failures=0).update(failures=0)
    return True


def _subject(row: SupplyNotice) -> str:
    return _(SENTENCES.get(row.kind, SENTENCES["link_event"])) % {"partner": row.partner, "number": row.number}


def _mail(address: str, subject: str, text: str) -> None:
    send_mail(subject=subject.replace("\n", " "), message=text, from_email=None, recipient_list=[address])


def _note_failure(channel: NoticeChannel, ids: list[int], attempts: int, at: datetime) -> None:
    wait = timedelta(seconds=30 * 2 ** min(attempts, 8))
    SupplyNotice.objects.filter(pk__in=ids).update(attempts=attempts, next_try_at=at + wait)
    failures = channel.failures + 1
    NoticeChannel.objects.filter(pk=channel.pk).update(failures=failures, is_paused=failures >= PAUSE_AFTER)
    if failures == PAUSE_AFTER:
        notices.notify(
            user_id=channel.created_by_id, kind="supply.channel_paused", is_bad=True, at=at,
            message=gettext_noop("通知渠道 %(address)s 连续发送失败，已暂停"), url="/supply/partners/",
            params={"address": masked(channel.address)},
        )  # fmt: skip
