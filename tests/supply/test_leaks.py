"""Leaks that must be impossible (§17): another schema, a foreign chain, a private field, a task gone astray."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from apps.supply.exchange.guest_role import guest_context, hash_of_token
from apps.supply.models import DocVersion, GuestToken, Look, Party, PartyKey
from apps.supply.services import delivering
from kernel.clock import now
from tenants.context import Company, leave_company, shared_context, tenant_context
from tenants.db.roles import roles_are_shared
from tests.supply.api.test_guests import as_guest, buyer, link_for, page, sent
from tests.supply.conftest import Pair
from tests.supply.given import call, deliver, sent_order

__all__ = ["buyer"]

TABLES = (
    "party", "party_role", "party_key", "link", "doc_version", "receipt", "consent", "guest_contact", "guest_token",
    "guest_pin", "guest_claim", "package_code", "person_value", "access",
)  # fmt: skip


def denied(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM exchange.{table}")
        return int(cursor.fetchone()[0])


def test_leak_l01_the_other_companys_schema_and_keys(pair: Pair):
    sent_order(pair.buyer, *pair.both)
    with tenant_context(pair.hongda):
        if not roles_are_shared():
            denied(f'SELECT * FROM "{pair.hengxin.schema_name}".supply_sharedorder')
        denied("SELECT * FROM exchange.party_role")
        denied("SELECT * FROM exchange.guest_pin")
        denied("SELECT exchange.role_of(gen_random_uuid())")
        denied("SELECT exchange.roles_waiting()")
        keys = set(PartyKey.objects.values_list("party", flat=True))
        parties = {party.name for party in Party.objects.all()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT exchange.me()")
            mine = cursor.fetchone()[0]

    assert keys == {mine} and parties == {"宏达五金制品", "恒信机械"}


def test_leak_l02_a_version_one_is_no_party_to(pair: Pair, api_of: Any):
    order = sent_order(pair.buyer, *pair.both)
    with tenant_context(pair.hengxin):
        version = DocVersion.objects.get(chain=order["id"])
        fields = {name: getattr(version, name) for name in ("link", "chain", "payload", "body_hash", "signature")}
        forged = DocVersion(
            id=uuid4(), seq=2, kind="order_response", sender=version.sender, recipient=version.recipient, idem="x",
            sent_at=now(), prev_hash=version.body_hash, key=version.key, **fields,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)
        denied("UPDATE exchange.doc_version SET payload = '{}'")
        denied("DELETE FROM exchange.doc_version")
        denied("TRUNCATE exchange.doc_version")
        denied("UPDATE exchange.link SET state = 'active'")
    stranger = Company(id=9, slug="x", name="x", schema_name="qz_template")
    with tenant_context(stranger):
        assert count("doc_version") == 0  # a role that works for no party sees nothing
    with shared_context():
        denied("SELECT count(*) FROM exchange.doc_version")
    with guest_context(hash_of_token("nix")):
        seen = {table: count(table) for table in ("doc_version", "link", "party")}

    assert set(seen.values()) == {0}
    call(pair.seller, "get", f"chains/{uuid4()}/", status=404)


def test_leak_l07_a_guest_token_on_another_chain_or_verb(buyer, hongda: Company):
    mine, other = sent(buyer), sent(buyer)
    token = link_for(buyer, mine["id"], verbs=["view"])["token"]

    assert [row["id"] for row in as_guest(token, "get")["orders"]] == [mine["id"]]
    assert as_guest(token, "get", f"orders/{other['id']}/", status=404)["code"] == "guest_link_ended"
    assert page("get", f"/g/{token}/{other['id']}/").status_code == 404
    with guest_context(hash_of_token(token)):
        assert set(DocVersion.objects.values_list("chain", flat=True)) == {DocVersion.objects.get().chain}
        denied("SELECT exchange.register(gen_random_uuid(), '', '', '', gen_random_uuid(), '')")
        version = DocVersion.objects.get()
        answer = DocVersion(
            id=uuid4(), link=version.link, chain=version.chain, seq=2, kind="order_response", sender=version.recipient,
            recipient=version.sender, idem="y", sent_at=now(), payload="{}", prev_hash=version.body_hash,
            body_hash="0" * 64, signature="0" * 128, key="0" * 64,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            answer.save(force_insert=True)  # the verb is not the token's: the database says so, too
        denied("SELECT * FROM exchange.guest_token")


CANARY = "金丝雀-7f3a"


def test_leak_l08_no_private_field_in_what_the_other_side_fetches(pair: Pair, buyer, hongda: Company):
    line = {"item": "M6-BOLT", "quantity": "5", "unit_price": "1", "internal_note": CANARY}
    body = {"partner": "S-HX", "lines": [line], "internal_note": CANARY}
    order = call(pair.buyer, "post", "orders/", body, 201)
    with tenant_context(pair.hongda), connection.cursor() as cursor:
        cursor.execute("UPDATE masterdata_item SET internal_note = %s, drawing_no = %s", [CANARY, CANARY])
        cursor.execute("UPDATE masterdata_partner SET internal_note = %s, category = %s", [CANARY, CANARY])
    deliver(*pair.both)
    again = call(pair.buyer, "post", f"orders/{order['id']}/change/", {
        "version": 1, "lines": [{"line": 2, "action": 1, "item": "FL-DN50", "quantity": "1", "unit_price": "2"}],
    })  # fmt: skip
    deliver(*pair.both)
    theirs = [
        call(pair.seller, "get", path)
        for path in ("orders/", f"orders/{order['id']}/", f"chains/{order['id']}/", "inbox/", "links/", "item-maps/")
    ]
    by_link = call(pair.buyer, "post", "orders/", {**body, "partner": "S-LIN"}, 201)
    made = link_for(buyer, by_link["id"])
    shown = [as_guest(made["token"], "get"), page("get", made["url"]).content.decode()]

    assert CANARY in json.dumps(again, ensure_ascii=False)
    for answer in [*theirs, *shown]:
        assert CANARY not in json.dumps(answer, ensure_ascii=False)


def test_leak_l10_every_look_is_on_record(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "get", f"orders/{order['id']}/")

    rows = call(pair.buyer, "get", f"access-log/?chain={order['id']}")["results"]

    assert [(row["who"], row["seq"], row["via"]) for row in rows] == [("partner", 1, "api")]
    with tenant_context(pair.hengxin):
        assert not Look.objects.exists()  # one's own looks are for the other side to read
        denied("UPDATE exchange.access SET seq = 9")


def test_leak_l10_files_and_proofs_leave_a_trace_too(pair: Pair):
    order = sent_order(pair.buyer, *pair.both)
    call(pair.seller, "get", f"chains/{order['id']}/")
    pair.seller.get("/api/v1/supply/orders/?format=csv").getvalue()
    leave_company()

    rows = call(pair.buyer, "get", f"access-log/?chain={order['id']}")["results"]

    assert [row["what"] for row in rows] == ["export", "view"]


def test_leak_l11_a_task_or_cache_under_the_wrong_company(pair: Pair):
    with shared_context(), pytest.raises(RuntimeError):
        delivering.deliver_waiting(at=now())
    with tenant_context(pair.hongda):
        cache.set("orders", "of hongda")
    with tenant_context(pair.hengxin):
        assert cache.get("orders") is None
    leave_company()


def test_leak_l12_a_revoked_link_opens_nothing_from_the_next_request_on(buyer):
    order = sent(buyer)
    made = link_for(buyer, order["id"])
    assert page("get", made["url"]).status_code == 200

    call(buyer, "post", f"guest-links/{made['id']}/revoke/")

    assert page("get", made["url"]).status_code == 404
    as_guest(made["token"], "get", f"orders/{order['id']}/", status=404)
    with guest_context(hash_of_token(made["token"])):
        assert not DocVersion.objects.exists()


def test_every_table_of_the_exchange_forces_row_security(db):
    with shared_context(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity, pg_get_userbyid(relowner) FROM pg_class "
            "WHERE relnamespace = 'exchange'::regnamespace AND relkind = 'r' AND relname <> 'migration'"
        )
        rows = {name: (forced, owner) for name, forced, owner in cursor.fetchall()}

    assert rows == {table: (True, "qz_exchange") for table in TABLES}


def test_a_token_is_stored_as_its_hash_alone(buyer, hongda: Company):
    made = link_for(buyer, sent(buyer)["id"])

    with tenant_context(hongda):
        row = GuestToken.objects.get()

    assert row.hash == hash_of_token(made["token"]) and made["token"] not in str(vars(row))
