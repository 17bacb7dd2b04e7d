"""Once a day both sides are mailed what stands at the head of every live chain."""

from typing import Any

from django.core import mail
from rest_framework.test import APIClient

from apps.supply.services.heads import mail_heads
from tenants.context import Company, tenant_context
from tests.supply.api.test_guests import buyer, sent
from tests.supply.given import call

__all__ = ["buyer"]


def heads_of(company: Company) -> int:
    with tenant_context(company):
        return mail_heads()


def test_both_sides_are_mailed_the_same_heads(buyer: APIClient, hongda: Company):
    call(buyer, "post", "notice-channels/", {"kind": "mail", "url": "buyer@hongda.example"}, 201)
    assert heads_of(hongda) == 0  # nothing is open yet
    order: dict[str, Any] = sent(buyer)
    done = sent(buyer)
    call(buyer, "post", f"orders/{done['id']}/cancel/", {"version": 1})
    head = call(buyer, "get", f"chains/{order['id']}/")["head"]

    count = heads_of(hongda)

    assert count == 2 and [one.to for one in mail.outbox] == [["buyer@hongda.example"], ["lin@example.cn"]]
    for one in mail.outbox:
        assert f"{order['number']}  {head['seq']}  {head['hash']}" in one.body and done["number"] not in one.body
