"""partners/ and company/: check characters, duplicates, personal data, and the second person for bank accounts."""

import pytest

from kernel.models import AuditEntry, Fact
from tenants.context import tenant_context
from tenants.models import Membership
from tests.masterdata.given import BASE, given, given_partner, refused

PARTNERS = f"{BASE}partners/"
USCC = "91350100M000100Y43"  # GB 32100-2015 annex: an example with a valid check character
ICBC = {"bank": "工商银行苏州分行", "account_no": "1102 0201 0900 0123 456", "cnaps": "102305000013"}


def test_a_partner_comes_back_with_people_addresses_and_accounts(api_of):
    alice = api_of("alice")

    partner = given_partner(
        alice, is_customer=True, is_supplier=True, uscc=USCC.lower(), tax_rate="0.13", credit_limit="50000",
        contacts=[{"name": "张伟", "mobile": "13800000001"}, {"name": "李娜", "is_primary": True}],
        addresses=[{"kind": "delivery", "text": "苏州市吴中区 1 号"}], bank_accounts=[ICBC],
    )  # fmt: skip

    assert (partner["uscc"], partner["tax_rate"], partner["credit_limit"]) == (USCC, "0.13", "50000.00")
    assert [(row["name"], row["is_primary"]) for row in partner["contacts"]] == [("李娜", True), ("张伟", False)]
    assert partner["bank_accounts"][0]["account_no"] == "1102020109000123456"
    assert alice.get(f"{PARTNERS}?role=supplier").json()["count"] == 1
    assert alice.get(f"{PARTNERS}?search=htjx").json()["count"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"code": "c001"}, 409, "duplicate_code"),
        ({"code": "C2", "uscc": USCC}, 409, "duplicate_uscc"),
        ({"code": "C2", "uscc": USCC[:-1] + "4"}, 400, "bad_uscc"),
        ({"code": "C2", "uscc": "91350100M000100Y4I"}, 400, "bad_uscc"),
        ({"code": "C2", "bank_accounts": [{**ICBC, "cnaps": "123"}]}, 400, "bad_cnaps"),
        ({"code": "C2", "gln": "6901234567893"}, 400, "bad_check_digit"),
        ({"code": "C2", "owner": "E9"}, 400, "unknown_employee"),
        ({"code": "C2", "credit_limit": "-1"}, 400, "invalid"),
        (
            {"code": "C2", "contacts": [{"name": "a", "is_primary": True}, {"name": "b", "is_primary": True}]},
            400,
            "invalid",
        ),
    ],
)
def test_refusals_of_a_new_partner(api_of, body, status, code):
    alice = api_of("alice")
    given_partner(alice, uscc=USCC)

    answer = alice.post(PARTNERS, {"name": "新单位", **body}, format="json")

    refused(answer, status, code)
    assert alice.get(PARTNERS).json()["count"] == 1


def test_an_existing_bank_account_is_changed_by_two_people(api_of):
    alice, bob = api_of("alice"), api_of("bob")
    given_partner(alice, bank_accounts=[ICBC])
    wish = {"bank_accounts": [{**ICBC, "account_no": "6222 0000 1111 2222"}]}

    first = refused(alice.patch(f"{PARTNERS}C001/", wish, format="json"), 409, "second_person_needed")
    again = alice.patch(f"{PARTNERS}C001/", wish, format="json")
    unchanged = alice.get(f"{PARTNERS}C001/").json()["bank_accounts"][0]["account_no"]
    confirmed = bob.patch(f"{PARTNERS}C001/", wish, format="json")

    assert first["change"]
    refused(again, 409, "second_person_needed")
    assert unchanged == "1102020109000123456"
    assert confirmed.json()["bank_accounts"][0]["account_no"] == "6222000011112222"


def test_the_second_person_may_confirm_by_number_and_every_step_is_logged(api_of, hongda):
    alice, bob = api_of("alice"), api_of("bob")
    given_partner(alice, bank_accounts=[ICBC])
    change = alice.patch(f"{PARTNERS}C001/", {"bank_accounts": []}, format="json").json()["change"]
    confirm = f"{PARTNERS}C001/bank-changes/{change}/confirm/"

    refused(alice.post(confirm, {}, format="json"), 409, "second_person_needed")
    waiting = bob.get(f"{PARTNERS}C001/bank-changes/").json()
    done = bob.post(confirm, {}, format="json")

    assert (waiting[0]["state"], waiting[0]["asked_by"]) == ("waiting", "李敏")
    assert done.json()["bank_accounts"] == []
    refused(bob.post(confirm, {}, format="json"), 404, "not_found")
    with tenant_context(hongda):
        actions = list(AuditEntry.objects.filter(action__startswith="bank_account").values_list("action", flat=True))
        text = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert sorted(actions) == ["bank_account.ask", "bank_account.confirm"]
    assert "1102020109000123456" not in text


def test_a_new_account_beside_the_old_one_needs_nobody_else(api_of):
    alice = api_of("alice")
    given_partner(alice, bank_accounts=[ICBC])

    both = [ICBC, {"bank": "招商银行", "account_no": "62148800001111"}]
    answer = alice.patch(f"{PARTNERS}C001/", {"bank_accounts": both}, format="json")

    assert [row["bank"] for row in answer.json()["bank_accounts"]] == ["工商银行苏州分行", "招商银行"]


def test_a_contact_is_erased_alone_and_the_floors_above_hear_of_it(api_of, hongda):
    alice = api_of("alice")
    partner = given_partner(alice, contacts=[{"name": "张伟"}, {"name": "李娜"}])
    victim = partner["contacts"][1]["id"]

    assert alice.delete(f"{PARTNERS}C001/contacts/{victim}/").status_code == 204

    assert [row["name"] for row in alice.get(f"{PARTNERS}C001/").json()["contacts"]] == ["张伟"]
    with tenant_context(hongda):
        assert Fact.objects.get(name="masterdata.contact_erased").payload["contact_id"] == victim
        assert "李娜" not in str(list(AuditEntry.objects.values_list("changes", "label")))


def test_blocking_is_told(api_of, hongda):
    alice = api_of("alice")
    partner = given_partner(alice, is_supplier=True)

    alice.patch(f"{PARTNERS}C001/", {"status": "blocked"}, format="json")

    with tenant_context(hongda):
        assert Fact.objects.filter(name="masterdata.partner_blocked", payload__partner_id=partner["id"]).count() == 1


def test_secrets_of_a_partner_are_hidden_and_cannot_be_written(api_of):
    Membership.objects.filter(user__email__startswith="bob@").update(role="sales")
    alice, bob = api_of("alice"), api_of("bob")
    given_partner(alice, bank_accounts=[ICBC], credit_limit="100")

    seen = bob.get(f"{PARTNERS}C001/").json()

    assert "bank_accounts" not in seen and "credit_limit" not in seen
    refused(bob.patch(f"{PARTNERS}C001/", {"bank_accounts": []}, format="json"), 403, "forbidden")
    refused(bob.get(f"{PARTNERS}C001/bank-changes/"), 403, "forbidden")
    assert bob.patch(f"{PARTNERS}C001/", {"short_name": "宏图"}, format="json").status_code == 200


def test_the_company_has_a_record_of_its_own(api_of):
    alice = api_of("alice")
    before = alice.get(f"{BASE}company/").json()

    body = {
        "name": "宏达五金制品有限公司", "uscc": USCC, "gs1_prefix": "6901234", "bank_accounts": [ICBC],
        "addresses": [{"kind": "registered", "text": "苏州市"}],
    }  # fmt: skip
    saved = alice.put(f"{BASE}company/", body, format="json")

    assert before["name"] == "宏达五金制品"
    assert saved.json()["uscc"] == USCC
    assert alice.get(f"{BASE}company/").json()["gs1_prefix"] == "6901234"
    assert alice.get(PARTNERS).json()["count"] == 0  # the company is no partner of its own
    refused(alice.put(f"{BASE}company/", {"uscc": "x"}, format="json"), 400, "bad_uscc")


def test_a_partner_with_an_owner(api_of):
    alice = api_of("alice")
    given(alice, "employees", code="E1", name="张伟")

    assert given_partner(alice, owner="E1")["owner"] == "E1"
    refused(alice.delete(f"{BASE}employees/E1/"), 409, "in_use")
