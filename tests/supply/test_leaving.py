"""A company leaves: what it sent stays its partners' record, its contacts are erased."""

from django.db import connection
from rest_framework.test import APIClient

from apps.supply.models import GuestContact
from apps.supply.services.leaving import leave_exchange
from kernel.clock import now
from tenants.context import Company, tenant_context
from tests.supply.api.test_guests import as_guest, buyer, link_for, sent
from tests.supply.conftest import Pair
from tests.supply.given import call, deliver, sent_order

__all__ = ["buyer"]


def test_links_end_contacts_go_documents_stay(pair: Pair):
    order = sent_order(pair.buyer, *pair.both, delivery_to={"receiver": "王五", "mobile": "13900000000"})
    with tenant_context(pair.hengxin), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange.person_value")
        before = cursor.fetchone()[0]

    with tenant_context(pair.hongda):
        leave_exchange(now())
    deliver(pair.hengxin)

    with tenant_context(pair.hengxin), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange.person_value")
        after = cursor.fetchone()[0]
    assert (before, after) == (2, 0)
    assert call(pair.seller, "get", f"links/{pair.link}/")["state"] == "closed"
    assert call(pair.seller, "get", f"chains/{order['id']}/")["verified"] is True
    refused = call(pair.seller, "post", f"orders/{order['id']}/respond/", {"version": 1, "code": "RE"}, 409)
    assert refused["code"] == "link_not_active"


def test_guests_of_the_company_find_nothing_any_more(buyer: APIClient, hongda: Company):
    token = link_for(buyer, sent(buyer)["id"])["token"]

    with tenant_context(hongda):
        leave_exchange(now())
        contacts = GuestContact.objects.count()

    assert contacts == 0
    assert as_guest(token, "get", status=404)["code"] == "guest_link_ended"
