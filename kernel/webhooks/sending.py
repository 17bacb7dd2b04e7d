"""Posting what waits: signed, to the checked address alone, without redirects; back-off until it is answered 2xx.

Header `Qingzhun-Signature: t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the webhook's secret.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import F

from kernel.clock import machine_now
from kernel.errors import DomainError
from kernel.models import Webhook, WebhookDelivery
from kernel.webhooks.addresses import Target, resolve
from kernel.webhooks.sealing import signing_secret

log = logging.getLogger(__name__)
State = WebhookDelivery.State
TIMEOUT = httpx.Timeout(10.0, connect=5.0)
MOST_ATTEMPTS = 12  # 10 s doubling up to 6 h: some 20 hours in all
MAX_BACK_OFF = timedelta(hours=6)
PAUSE_AFTER = 50  # failures in a row
CLAIMED_FOR = timedelta(minutes=2)


def signature(secret: str, timestamp: int, body: str) -> str:
    """The header's value."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def send_waiting(*, clock: Callable[[], datetime] = machine_now, limit: int = 100) -> tuple[int, int]:
    """Post what is due in this company, oldest first; returns (done, failed). Signatures need the machine's clock."""
    done = failed = 0
    for _turn in range(limit):
        delivery = _claim(clock())
        if delivery is None:
            break
        if _send(delivery, clock()):
            done += 1
        else:
            failed += 1
    return done, failed


@transaction.atomic
def _claim(now: datetime) -> WebhookDelivery | None:
    """Take one delivery for two minutes: nobody holds a lock while a stranger's server thinks."""
    due = WebhookDelivery.objects.filter(
        state__in=[State.WAITING, State.FAILED], next_try_at__lte=now, webhook__is_active=True
    )
    delivery = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("webhook")
        .order_by("next_try_at", "id")
        .first()
    )
    if delivery is not None:
        delivery.attempts += 1
        delivery.next_try_at = now + CLAIMED_FOR
        delivery.save(update_fields=["attempts", "next_try_at"])
    return delivery


def _send(delivery: WebhookDelivery, now: datetime) -> bool:
    status, error = None, ""
    try:
        status = post(delivery.webhook, delivery.event, delivery.pk, delivery.body, now)
        error = "" if 200 <= status < 300 else f"HTTP {status}"
    except DomainError as refusal:
        error = refusal.message
    except (httpx.HTTPError, OSError, ValueError) as failure:
        error = f"{type(failure).__name__}: {failure}"
    _note(delivery, status, error, now)
    return not error


def post(webhook: Webhook, event: str, delivery_id: int, body: str, now: datetime) -> int:
    """One POST; returns the status. Raises BadWebhook, httpx.HTTPError."""
    target = resolve(webhook.url)
    headers = {
        "Host": _host_header(target),
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Qingzhun-Webhook/1",
        "Qingzhun-Event": event,
        "Qingzhun-Delivery": str(delivery_id),
        "Qingzhun-Signature": signature(signing_secret(webhook), int(now.timestamp()), body),
    }
    address = f"[{target.address}]" if ":" in target.address else target.address
    url = f"{target.scheme}://{address}:{target.port}{target.path}"
    # The checked address is what we connect to; the certificate is still verified for the name that was asked for.
    extensions = {"sni_hostname": target.host} if target.scheme == "https" else {}
    with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
        request = client.build_request("POST", url, content=body.encode(), headers=headers, extensions=extensions)
        request.extensions["timeout"] = TIMEOUT.as_dict()
        answer = client.send(request, stream=True)
        answer.close()
    return answer.status_code


def _host_header(target: Target) -> str:
    usual = 443 if target.scheme == "https" else 80
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == usual else f"{host}:{target.port}"


def _note(delivery: WebhookDelivery, status: int | None, error: str, now: datetime) -> None:
    delivery.last_status, delivery.last_error = status, error[:500]
    if not error:
        delivery.state, delivery.done_at = State.DONE, now
        Webhook.objects.filter(pk=delivery.webhook_id).update(failures=0)
    else:
        over = delivery.attempts >= MOST_ATTEMPTS
        delivery.state = State.GIVEN_UP if over else State.FAILED
        delivery.next_try_at = now + min(timedelta(seconds=10 * 2 ** min(delivery.attempts - 1, 16)), MAX_BACK_OFF)
        _count_failure(delivery.webhook_id, error)
    delivery.save()


def _count_failure(webhook_id: int, error: str) -> None:
    Webhook.objects.filter(pk=webhook_id).update(failures=F("failures") + 1)
    paused = Webhook.objects.filter(pk=webhook_id, failures__gte=PAUSE_AFTER, is_active=True)
    paused.update(is_active=False, paused_reason=error[:200])
