"""Webhooks: signed, to public addresses alone, tried again, told of exactly the facts that were chosen."""

import hashlib
import hmac
import json
import socket
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import transaction

from kernel import stuck
from kernel.clock import machine_now, now
from kernel.events import Event, publish
from kernel.models import Webhook, WebhookDelivery
from kernel.webhooks import addresses, sealing, sending, services

PUBLIC = "93.184.216.34"


@dataclass(frozen=True, kw_only=True)
class BoltsCounted(Event):
    """A fact of these tests."""

    name = "test.bolts_counted"
    count: int


def _resolves_to(monkeypatch, *found):
    entries = [(socket.AF_INET6 if ":" in text else socket.AF_INET, 1, 6, "", (text, 443)) for text in found]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **options: entries)


class _Receiver(BaseHTTPRequestHandler):
    seen: list[tuple[dict[str, str], str]] = []
    status = 200

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).seen.append((dict(self.headers), text))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def receiver(settings):
    """A server of the customer's own on this machine, allowed as in development."""
    settings.QZ_WEBHOOK_ALLOW_PRIVATE = True
    _Receiver.seen, _Receiver.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook?from=qz"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "240.0.0.1", "224.0.0.1",
        "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(monkeypatch, address):
    _resolves_to(monkeypatch, PUBLIC, address)

    with pytest.raises(addresses.BadWebhook):
        addresses.resolve("https://erp.example.com/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example.com/", "ftp://erp.example.com/", "https://", "https://a:b@erp.example.com/", "hook",
        "https://erp.example.com:99999/", "https://erp.example.com/#x", "https://[::1", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_other_forms_are_refused(monkeypatch, url):
    _resolves_to(monkeypatch, PUBLIC)

    with pytest.raises(addresses.BadWebhook):
        addresses.resolve(url)


def test_a_public_host_is_connected_to_at_the_checked_address(monkeypatch):
    _resolves_to(monkeypatch, PUBLIC)

    target = addresses.resolve("https://erp.example.com/hook?a=1")

    assert target == addresses.Target("https", "erp.example.com", 443, "/hook?a=1", PUBLIC)


def test_a_chosen_fact_is_posted_with_a_signature_that_can_be_checked(
    alice_before, receiver, django_capture_on_commit_callbacks
):
    hook, secret = services.create(url=receiver, names=["test.bolts_counted"], member=alice_before, at=now())

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish(BoltsCounted(count=40))

    headers, text = _Receiver.seen[0]
    parts = dict(part.split("=", 1) for part in headers["Qingzhun-Signature"].split(","))
    expected = hmac.new(secret.encode(), f"{parts['t']}.{text}".encode(), hashlib.sha256).hexdigest()
    assert parts["v1"] == expected
    assert abs(int(parts["t"]) - machine_now().timestamp()) < 60
    assert json.loads(text)["data"] == {"count": 40}
    assert (json.loads(text)["event"], json.loads(text)["company"]) == ("test.bolts_counted", "hongda")
    assert WebhookDelivery.objects.get().state == "done"
    assert secret not in hook.secret and Webhook.objects.get().secret == hook.secret  # kept sealed


def test_a_secret_of_another_key_stops_the_post_with_a_sentence(alice_before, receiver):
    hook, _secret = services.create(url=receiver, names=["*"], member=alice_before, at=now())
    Webhook.objects.filter(pk=hook.pk).update(secret="gAAAAABm-sealed-elsewhere")
    services.try_out(webhook_id=hook.pk, member=alice_before, at=now())

    assert sending.send_waiting() == (0, 1)

    assert "签名密钥无法读取" in WebhookDelivery.objects.get().last_error and _Receiver.seen == []


def test_a_secret_from_before_the_sealing_signs_once_more_and_is_sealed(alice_before, receiver):
    hook, _secret = services.create(url=receiver, names=["*"], member=alice_before, at=now())
    Webhook.objects.filter(pk=hook.pk).update(secret="whsec_old")
    services.try_out(webhook_id=hook.pk, member=alice_before, at=now())

    assert sending.send_waiting() == (1, 0)

    assert sealing.signing_secret(Webhook.objects.get()) == "whsec_old"
    assert Webhook.objects.get().secret != "whsec_old"


def test_a_fact_that_was_not_chosen_is_not_told(alice_before, receiver, django_capture_on_commit_callbacks):
    hook, _secret = services.create(url=receiver, names=["test.bolts_counted"], member=alice_before, at=now())
    services.change(webhook_id=hook.pk, member=alice_before, changes={"is_active": False})

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        publish(BoltsCounted(count=40))

    assert (_Receiver.seen, WebhookDelivery.objects.count()) == ([], 0)


def test_a_refused_delivery_waits_longer_each_time_and_can_be_tried_again(alice_before, receiver):
    hook, _secret = services.create(url=receiver, names=["*"], member=alice_before, at=now())
    services.try_out(webhook_id=hook.pk, member=alice_before, at=now())
    _Receiver.status = 503
    start = machine_now()

    waits = []
    for _turn in range(3):
        sending.send_waiting(clock=lambda: start + timedelta(days=1))
        delivery = WebhookDelivery.objects.get()
        waits.append((delivery.next_try_at - start - timedelta(days=1)).total_seconds())
        WebhookDelivery.objects.update(next_try_at=start)

    assert waits == [10, 20, 40]
    assert (delivery.state, delivery.last_status, delivery.last_error) == ("failed", 503, "HTTP 503")
    assert [row.pk for row in stuck.stuck_webhooks()] == [delivery.pk]
    _Receiver.status = 204
    services.retry(delivery_id=delivery.pk, member=alice_before)
    assert sending.send_waiting() == (1, 0)
    assert Webhook.objects.get().failures == 0


def test_a_name_that_turns_private_later_is_not_followed(alice_before, monkeypatch):
    _resolves_to(monkeypatch, PUBLIC)
    hook, _secret = services.create(url="https://erp.example.com/", names=["*"], member=alice_before, at=now())
    services.try_out(webhook_id=hook.pk, member=alice_before, at=now())
    _resolves_to(monkeypatch, "169.254.169.254")

    assert sending.send_waiting() == (0, 1)

    assert "内网" in WebhookDelivery.objects.get().last_error


def test_the_api_shows_the_secret_once_and_needs_the_right(api_of, monkeypatch):
    _resolves_to(monkeypatch, PUBLIC)
    alice, bob = api_of("alice"), api_of("bob")
    asked = {"url": "https://erp.example.com/hook", "events": ["*"]}

    made = alice.post("/api/v1/company/webhooks/", asked, format="json")
    listed = alice.get("/api/v1/company/webhooks/")
    unknown = alice.post("/api/v1/company/webhooks/", {**asked, "events": ["no.such"]}, format="json")

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in listed.json()["results"][0]
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_event")
    assert bob.get("/api/v1/company/webhooks/").status_code == 403
    _resolves_to(monkeypatch, "10.0.0.1")
    assert alice.post("/api/v1/company/webhooks/", asked, format="json").json()["code"] == "bad_webhook"
