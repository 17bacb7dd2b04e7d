"""Idempotency-Key: what goes wrong around the first use must not shut the second out."""

from typing import Any

from apps.masterdata.api.partners import PartnerList
from kernel.models import IdempotencyKey
from tenants.context import tenant_context

PARTNERS = "/api/v1/masterdata/partners/"
LABELS = "/api/v1/inventory/labels/"


def test_a_command_that_broke_may_be_tried_again_at_once(api_of, monkeypatch):
    alice, body = api_of("alice"), {"code": "C970", "name": "甲"}
    alice.handler.raise_request_exception = alice.raise_request_exception = False
    whole = PartnerList.post

    def broken(_view: PartnerList, _request: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(PartnerList, "post", broken)
    first = alice.post(PARTNERS, body, format="json", headers={"Idempotency-Key": "k-1"})
    monkeypatch.setattr(PartnerList, "post", whole)
    second = alice.post(PARTNERS, body, format="json", headers={"Idempotency-Key": "k-1"})
    third = alice.post(PARTNERS, body, format="json", headers={"Idempotency-Key": "k-1"})

    assert [answer.status_code for answer in (first, second, third)] == [500, 201, 201]
    assert "Idempotent-Replayed" not in second and third["Idempotent-Replayed"] == "true"


def test_a_key_that_is_too_long_is_a_wrong_shape(api_of, hongda):
    body = {"code": "C970", "name": "甲"}

    answer = api_of("alice").post(PARTNERS, body, format="json", headers={"Idempotency-Key": "k" * 201})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    with tenant_context(hongda):
        assert not IdempotencyKey.objects.exists()


def test_a_refusal_by_the_business_does_not_speak_of_somebody_elses_change(api_of):
    alice = api_of("alice")
    partner = {"code": "C970", "name": "甲"}
    alice.post(PARTNERS, partner, format="json", headers={"Idempotency-Key": "k-2"})

    again = alice.post(PARTNERS, {**partner, "name": "乙"}, format="json", headers={"Idempotency-Key": "k-2"}).json()

    assert (again["status"], again["code"]) == (409, "idempotency_conflict")
    assert again["title"] == "操作没有完成"


def test_an_answer_that_is_a_file_is_given_again(api_of):
    alice, body = api_of("alice"), {"kind": "item", "ids": ["M6-BOLT"], "format": "zpl"}
    alice.post("/api/v1/masterdata/items/", {"code": "M6-BOLT", "name": "六角螺栓", "stock_unit": "pcs"}, format="json")

    first = alice.post(LABELS, body, format="json", headers={"Idempotency-Key": "k-3"})
    again = alice.post(LABELS, body, format="json", headers={"Idempotency-Key": "k-3"})
    other = alice.post(LABELS, {**body, "copies": 2}, format="json", headers={"Idempotency-Key": "k-3"})

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert first.content == again.content and b"M6-BOLT" in first.content
    assert again["Idempotent-Replayed"] == "true"
    assert all(first[name] == again[name] for name in ("Content-Type", "Content-Disposition"))
