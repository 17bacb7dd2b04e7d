"""Webhooks of a company: made, changed, fed with facts, tried again."""

import json
import logging
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel import audit, events
from kernel.clock import machine_now
from kernel.errors import DomainError, Invalid, NotFound
from kernel.models import Fact, Webhook, WebhookDelivery
from kernel.tasks_run import send_webhooks
from kernel.webhooks.addresses import check_form, resolve
from kernel.webhooks.sealing import new_secret
from tenants.context import current_company
from tenants.rights import Member

log = logging.getLogger(__name__)
MOST = 20
EVERYTHING = "*"
TEST_EVENT = "qingzhun.test"
_NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def known_events() -> list[str]:
    """Names of all facts that the modules publish."""
    return sorted({event.name for event in _subclasses(events.Event) if hasattr(event, "name")})


def _subclasses(base: type[events.Event]) -> list[type[events.Event]]:
    return [found for child in base.__subclasses__() for found in (child, *_subclasses(child))]


def create(*, url: str, names: Sequence[str], member: Member, at: datetime) -> tuple[Webhook, str]:
    """A new address for the facts `names` ("*" = all): (address, its secret, to be shown once).

    Raises BadWebhook (form, unknown host, private network), Invalid for an unknown fact, DomainError above 20.
    """
    if Webhook.objects.count() >= MOST:
        raise DomainError(_("外部通知地址最多 %(n)d 个。") % {"n": MOST}, "too_many_webhooks")
    wanted = _checked(names)
    secret, sealed = new_secret()
    resolve(url)  # asks a name server: before the transaction, not in it
    with transaction.atomic():
        webhook = Webhook.objects.create(
            url=url.strip(),
            secret=sealed,
            events=wanted,
            created_at=at,
            created_by_id=member.user_id,
            created_by_name=member.name,
        )
        audit.record(actor=member, action="webhook.create", object=f"webhook:{webhook.pk}", label=webhook.url)
    return webhook, secret


def _checked(names: Sequence[str]) -> list[str]:
    wanted = sorted(set(names))
    known = set(known_events())
    unknown = [name for name in wanted if name != EVERYTHING and (name not in known or not _NAME.fullmatch(name))]
    if unknown or not wanted:
        sentence = _("没有这样的事件：%(names)s。") if unknown else _("请选择至少一个事件。")
        message = sentence % {"names": "、".join(unknown)}
        raise Invalid(message, "unknown_event", fields={"events": [message]})
    return wanted


def change(*, webhook_id: int, member: Member, changes: dict[str, Any]) -> Webhook:
    """Change `url`, `events` or `is_active`; switching on again forgets earlier failures. Raises as `create`."""
    if "url" in changes:
        resolve(changes["url"])
    with transaction.atomic():
        return _change(_locked(webhook_id), member, changes)


def _change(webhook: Webhook, member: Member, changes: dict[str, Any]) -> Webhook:
    before = {name: getattr(webhook, name) for name in ("url", "events", "is_active")}
    if "url" in changes:
        webhook.url = check_form(changes["url"])
    if "events" in changes:
        webhook.events = _checked(changes["events"])
    if "is_active" in changes:
        webhook.is_active = changes["is_active"]
        webhook.failures, webhook.paused_reason = 0, ""
    webhook.save()
    after = {name: getattr(webhook, name) for name in before}
    audit.record(
        actor=member,
        action="webhook.change",
        object=f"webhook:{webhook.pk}",
        label=webhook.url,
        changes=audit.difference(before, after),
    )
    return webhook


@transaction.atomic
def remove(*, webhook_id: int, member: Member) -> None:
    webhook = _locked(webhook_id)
    audit.record(actor=member, action="webhook.remove", object=f"webhook:{webhook.pk}", label=webhook.url)
    webhook.delete()


def _locked(webhook_id: int) -> Webhook:
    webhook = Webhook.objects.select_for_update().filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound(_("找不到这个外部通知地址。"))
    return webhook


def webhook_of(webhook_id: int) -> Webhook:
    """One address. Raises NotFound."""
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound(_("找不到这个外部通知地址。"))
    return webhook


def all_webhooks() -> QuerySet[Webhook]:
    return Webhook.objects.order_by("id")


def deliveries(*, webhook_id: int | None = None) -> QuerySet[WebhookDelivery]:
    """Newest first."""
    found = WebhookDelivery.objects.select_related("webhook").order_by("-id")
    return found if webhook_id is None else found.filter(webhook_id=webhook_id)


# -- Fed from the outbox ---------------------------------------------------------------------------------------
SOMEBODY_LISTENS = "EXISTS (SELECT 1 FROM kernel_webhook WHERE is_active)"


def feed(facts: Sequence[Fact]) -> None:
    """Called for all published facts, in their transaction: the delivery exists exactly when the fact does."""
    with connection.cursor() as cursor:  # written out: every publish of every module asks
        cursor.execute("SELECT id, events FROM kernel_webhook WHERE is_active ORDER BY id")
        webhooks = [(webhook_id, json.loads(names)) for webhook_id, names in cursor.fetchall()]
    wanting = [
        (webhook_id, fact)
        for fact in facts
        for webhook_id, names in webhooks
        if fact.name in names or EVERYTHING in names
    ]
    if not wanting:
        return
    moment = machine_now()
    bodies = {fact.pk: body_of(fact) for fact in facts}
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook_id=webhook_id, fact=fact, event=fact.name, body=bodies[fact.pk], next_try_at=moment,
            created_at=fact.occurred_at,
        )
        for webhook_id, fact in wanting
    )  # fmt: skip
    transaction.on_commit(nudge, robust=True)


def body_of(fact: Fact) -> str:
    """{"id", "event", "occurred_at", "company", "data"} as text: what is signed is what is sent."""
    payload = {
        "id": fact.pk,
        "event": fact.name,
        "occurred_at": fact.occurred_at.isoformat(),
        "company": current_company().slug,
        "data": fact.payload,
    }
    return json.dumps(payload, ensure_ascii=False, sort_keys=True)


def nudge() -> None:
    """Wake the sender; when the queue is down the sweep sends later."""
    try:
        send_webhooks.delay()
    except Exception:  # any failure of the broker: the delivery is stored
        log.warning("webhooks wait for the sweep: the queue is down", exc_info=True)


@transaction.atomic
def try_out(*, webhook_id: int, member: Member, at: datetime) -> WebhookDelivery:
    """Send a harmless test to the address; the answer shows in its deliveries."""
    webhook = _locked(webhook_id)
    body = json.dumps({"event": TEST_EVENT, "occurred_at": at.isoformat(), "company": current_company().slug})
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, event=TEST_EVENT, body=body, next_try_at=machine_now(), created_at=at
    )
    transaction.on_commit(nudge, robust=True)
    return delivery


@transaction.atomic
def retry(*, delivery_id: int, member: Member) -> WebhookDelivery:
    """Put a failed or abandoned delivery at the head of the queue. Raises NotFound."""
    delivery = WebhookDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound(_("找不到这次投递。"))
    if delivery.state != WebhookDelivery.State.DONE:
        delivery.state, delivery.attempts = WebhookDelivery.State.WAITING, 0
        delivery.next_try_at = machine_now()
        delivery.save(update_fields=["state", "attempts", "next_try_at"])
        transaction.on_commit(nudge, robust=True)
    return delivery
