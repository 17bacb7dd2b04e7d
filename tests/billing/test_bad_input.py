"""What clients of the billing API send by mistake: a 400 with the field, never a 500, and nothing half done."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.billing.models import BankStatementLine, PricePlan

BILLING, OPERATOR = "/api/v1/billing/", "/api/v1/operator/"
READINGS = "platform.device_readings"
HEADER = "serial,booked_at,amount,currency,payer_name,payer_account,remark\n"


def as_sent(client, path, body):
    """The body with its odd characters as escapes, as other languages write them."""
    return client.post(path, json.dumps(body), content_type="application/json")


def upload(operator, text):
    file = SimpleUploadedFile("statement.csv", text.encode())
    return operator.post(
        OPERATOR + "bank/statements/", {"file": file, "account": "main", "profile": "generic"}, format="multipart"
    )


def test_dates_at_the_end_of_the_calendar_are_refused_by_name(company_of_modules, operator):
    owner = company_of_modules("falan", "production")

    for query, field in (("to=9999-12-31", "to"), ("to=0001-01-01", "to"), ("from=gestern", "from")):
        answer = owner.get(f"{BILLING}usage/days/?{query}")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [field]), query
    for query in ("period_start=abc", "period_start=2026-03"):
        answer = operator.get(f"{OPERATOR}invoices/?{query}")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["period_start"]), query
    for path in ("trial/", "dunning/pause/"):
        answer = as_sent(operator, f"{OPERATOR}tenants/falan/{path}", {"until": "9999-12-31", "reason": "x"})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["until"]), path


@pytest.mark.parametrize("until", ["2037-01-01", "2199-12-31"])
def test_a_slip_of_the_year_does_not_free_a_company_for_good(company_of_modules, operator, until):
    company_of_modules("falan", "finance", trial_days=14)

    for path in ("trial/", "dunning/pause/"):
        answer = as_sent(operator, f"{OPERATOR}tenants/falan/{path}", {"until": until, "reason": "x"})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["until"]), path


def test_a_company_without_subscription_has_no_dunning_to_pause(company_of_modules, operator):
    answer = as_sent(operator, f"{OPERATOR}tenants/hongda/dunning/pause/", {"until": "2026-03-31", "reason": "x"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no_subscription")


ODD_EVENTS = (
    {"transaction_id": "\ud800", "meter": READINGS, "value": 1},
    {"transaction_id": "a", "meter": "\ud800", "value": 1},
    {"transaction_id": "b", "meter": READINGS, "value": 1, "properties": {"a": "\ud800"}},
    {"transaction_id": "c", "meter": READINGS, "value": 1, "properties": {"a\x00": "x"}},
    {"transaction_id": "d\x00", "meter": READINGS, "value": 1},
)


def test_characters_that_cannot_be_stored_are_a_400(company_of_modules, operator):
    owner = company_of_modules("falan", "production")

    for event in ODD_EVENTS:
        answer = as_sent(owner, f"{BILLING}usage/events/", event)
        assert answer.status_code == 400, event
    half = {"changes": [{"do": "\ud800", "item": "seat"}]}  # a refusal that quotes it could not be told either
    assert as_sent(owner, f"{BILLING}subscription/changes/preview/", half).status_code == 400


def test_one_odd_event_of_a_batch_leaves_the_others(company_of_modules, operator):
    company_of_modules("falan", "production")
    good = {"tenant": "falan", "transaction_id": "r-1", "meter": READINGS, "value": 1}
    batch = [{**good, "tenant": "falan\x00"}, {**good, "transaction_id": "x\x00"}, good]

    answer = as_sent(operator, f"{OPERATOR}usage/events/batch/", {"events": batch}).json()

    assert (answer["accepted"], answer["rejected"]) == (1, 2)
    assert [row["code"] for row in answer["results"]] == ["unknown_tenant", "transaction_id_invalid"]


def test_a_statement_that_stops_being_csv_is_refused_whole(operator):
    answer = upload(operator, f"{HEADER}S1,2026-03-10,1.00,CNY,a,b,c\nS2,2026-03-10,1.00,CNY,a,b,{'x' * 200_000}\n")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["file"])
    assert "3" in answer.json()["message"]  # the line of the file
    assert not BankStatementLine.objects.exists()


def test_a_statement_of_an_old_mac_is_read_and_odd_years_are_counted_as_errors(operator):
    rows = "S1,2026-03-10,1.00,CNY,a,b,c\nS2,0001-01-01,1.00,CNY,a,b,c\nS3,9999-12-31,1.00,CNY,a,b,c\n"

    counts = upload(operator, (HEADER + rows).replace("\n", "\r")).json()

    assert (counts["rows"], counts["new"], counts["errors"]) == (3, 1, 2)
    assert operator.get(OPERATOR + "bank/lines/").json()["count"] == 1


def test_nothing_is_allocated_in_zeros(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    number = owner.get(BILLING + "invoices/").json()["results"][0]["number"]
    upload(operator, f"{HEADER}S1,2026-03-10,100.00,CNY,a,b,c\n")
    line = operator.get(OPERATOR + "bank/lines/").json()["results"][0]["id"]

    body = {"tenant": "falan", "allocations": [{"invoice": number, "amount": "0.00"}]}
    answer = as_sent(operator, f"{OPERATOR}bank/lines/{line}/match/", body)

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["allocations.0.amount"])


ODD_TIERS = (
    [],
    [{"x": 1}],
    [{"up_to": "abc", "unit_price": "0.10"}],
    [{"up_to": "100", "unit_price": "0.10"}],
    [{"up_to": None, "unit_price": "0.10"}, {"up_to": None, "unit_price": "0.05"}],
    [{"up_to": "200", "unit_price": "1"}, {"up_to": "100", "unit_price": "1"}, {"up_to": None, "unit_price": "1"}],
)


def test_tiers_that_no_bill_could_be_made_of_never_reach_the_catalogue(operator):
    def drawn(tiers):
        prices = [{"meter": "finance.vouchers_posted", "tiers": tiers}]
        return as_sent(operator, f"{OPERATOR}price-plans/", {"effective_from": "2026-05-01", "prices": prices})

    for tiers in ODD_TIERS:
        assert drawn(tiers).status_code == 400, tiers
    assert PricePlan.objects.count() == 1
    good = drawn([{"up_to": "100", "unit_price": "0.2"}, {"up_to": None, "unit_price": "0.1"}])
    meters = {row["meter"]: row for row in good.json()["meters"]}
    assert meters["finance.vouchers_posted"]["tiers"] == [
        {"up_to": "100", "unit_price": "0.2"},
        {"up_to": None, "unit_price": "0.1"},
    ]


def test_a_batch_sent_again_under_its_key_gets_the_first_answer(company_of_modules, operator):
    company_of_modules("falan", "production")
    body = {"events": [{"tenant": "falan", "transaction_id": "r-1", "meter": READINGS, "value": 1}]}

    first, again = [
        operator.post(f"{OPERATOR}usage/events/batch/", body, format="json", headers={"Idempotency-Key": "batch-1"})
        for _turn in range(2)
    ]

    assert first.json()["accepted"] == 1 and again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
