"""From trial to paid invoice, through the API, with the clock moved month by month."""

from io import BytesIO

from rest_framework.test import APIClient

from apps.billing.services import invariants
from tests.billing.conftest import advance

HEADER = "serial,booked_at,amount,currency,payer_name,payer_account,remark\n"


def add(owner: APIClient, item: str, key: str = "k-1", **step: object):
    changes = [{"do": "add", "item": item, **step}]
    quote = owner.post("/api/v1/billing/subscription/changes/preview/", {"changes": changes}, format="json").json()
    return quote, owner.post(
        "/api/v1/billing/subscription/changes/",
        {"changes": changes, "quote": quote["quote"]},
        format="json",
        headers={"Idempotency-Key": key},
    )


def upload(operator: APIClient, text: str, encoding: str = "utf-8"):
    file = BytesIO((HEADER + text).encode(encoding))
    file.name = "march.csv"
    return operator.post("/api/v1/operator/bank/statements/", {"file": file}, format="multipart").json()


def test_trial_becomes_active_is_invoiced_and_paid_by_transfer(company_of_modules, operator):
    owner = company_of_modules("falan", "finance", trial_days=14)
    assert owner.get("/api/v1/billing/subscription/").json()["state"] == "trialing"
    owner.post("/api/v1/billing/subscription/accept-terms/")

    advance("2026-03-24 00:00")  # 10 March + 14 days: 24 March is the first billable day
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]

    assert owner.get("/api/v1/billing/subscription/").json()["state"] == "active"
    assert invoice["reason"] == "trial_end"
    assert invoice["total"] == "25.55"  # 99.00 x 8 / 31 days
    assert (invoice["net"], invoice["tax"]) == ("24.10", "1.45")  # 25.55 / 1.06
    assert invoice["due_on"] == "2026-04-08"  # 24 March + 15 days

    pay = owner.post(f"/api/v1/billing/invoices/{invoice['id']}/pay/", {"gateway": "bank_transfer"}, format="json")
    assert pay.json()["reference"] == invoice["number"]
    counts = upload(operator, f"S1,2026-03-25 10:00,25.55,CNY,法兰厂,6222,货款 {invoice['number'].lower()} 谢谢\n")

    assert counts["matched"] == 1 and counts["unmatched"] == 0
    paid = owner.get(f"/api/v1/billing/invoices/{invoice['id']}/").json()
    assert (paid["state"], paid["amount_due"], paid["paid"]) == ("paid", "0.00", "25.55")
    assert paid["payments"][0]["external_id"] == "S1"
    assert all(row["ok"] for row in invariants.check_all().values())


def test_month_after_month_is_billed_in_advance_after_the_grace(company_of_modules):
    owner = company_of_modules("falan", "finance", "inventory")

    advance("2026-04-03 23:00")
    drafts = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"]
    advance("2026-06-05 00:00")
    rows = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"]

    assert [(row["state"], row["number"]) for row in drafts] == [("draft", None)]
    assert [row["total"] for row in rows] == ["228.00", "228.00", "228.00"]  # 99.00 + 129.00
    assert [row["issued_on"] for row in rows] == ["2026-06-04", "2026-05-04", "2026-04-04"]  # 1st + 72 h
    assert all(row["ok"] for row in invariants.check_all().values())


def test_preview_is_exactly_what_is_charged(company_of_modules):
    owner = company_of_modules("falan", "finance")

    quote, answer = add(owner, "inventory")

    # 129.00 x 22 / 31 days: 10 to 31 March
    assert quote["due_now"] == "91.55" and quote["lines"][0]["billed_days"] == 22
    assert answer.status_code == 201, answer.json()
    assert answer.json()["due_now"] == "91.55"
    assert answer.json()["invoice"]["total"] == "91.55"
    assert quote["next_period"]["fixed_total"] == "228.00"
    assert owner.get("/api/v1/billing/access/").json()["modules"] == {"finance": "full", "inventory": "full"}


def test_same_key_answers_the_same_and_old_quotes_are_refused(company_of_modules):
    owner = company_of_modules("falan", "finance")
    quote, first = add(owner, "seat", quantity=2)

    body = {"changes": [{"do": "add", "item": "seat", "quantity": 2}], "quote": quote["quote"]}
    address = "/api/v1/billing/subscription/changes/"
    again = owner.post(address, body, format="json", headers={"Idempotency-Key": "k-1"})
    stale = owner.post(address, body, format="json", headers={"Idempotency-Key": "k-2"})
    bare = owner.post(address, {"changes": body["changes"]}, format="json", headers={"Idempotency-Key": "k-3"})

    assert again.status_code == 201 and again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert (stale.status_code, stale.json()["code"]) == (409, "quote_changed")
    assert (bare.status_code, bare.json()["code"]) == (400, "quote_required")


def test_removal_now_waits_as_credit_for_the_next_invoice(company_of_modules):
    owner = company_of_modules("falan", "finance", "inventory")
    advance("2026-03-20 09:00")
    changes = [{"do": "remove_now", "item": "inventory"}]
    address = "/api/v1/billing/subscription/changes/"

    quote = owner.post(f"{address}preview/", {"changes": changes}, format="json").json()
    answer = owner.post(
        address, {"changes": changes, "quote": quote["quote"]}, format="json", headers={"Idempotency-Key": "r"}
    ).json()
    advance("2026-04-04 00:00")
    april = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]

    # charged 129.00 x 22 / 31 = 91.55, used 10 days (10 to 19 March): 41.61; credit 49.94
    assert answer["on_next_invoice"] == "-49.94" and answer["invoice"] is None
    assert april["total"] == "49.06"  # 99.00 - 49.94
    assert owner.get("/api/v1/billing/access/").json()["modules"] == {"finance": "full", "inventory": "export_only"}


def test_unpaid_company_goes_read_only_and_comes_back_in_one_step(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]  # due 25 March

    advance("2026-03-26 00:00")
    late = owner.get("/api/v1/billing/subscription/").json()
    advance("2026-04-09 00:00")
    read_only = owner.get("/api/v1/billing/access/").json()
    refused = owner.post("/api/v1/masterdata/items/", {}, format="json")

    assert (late["state"], late["access"]) == ("past_due", "full")
    assert (read_only["state"], read_only["access"]) == ("read_only", "read_only")
    assert (refused.status_code, refused.json()["code"]) == (402, "subscription_read_only")
    assert owner.get("/api/v1/billing/invoices/").status_code == 200

    upload(operator, f"S1,2026-04-09,{invoice['total']},CNY,x,1,{invoice['number']}\n")

    back = owner.get("/api/v1/billing/access/").json()
    assert (back["state"], back["access"], back["reason"]) == ("active", "full", None)


def test_cancelled_subscription_closes_with_a_final_invoice_of_usage(company_of_modules):
    owner = company_of_modules("falan", "finance")

    answer = owner.post("/api/v1/billing/subscription/cancel/").json()
    advance("2026-04-05 00:00")
    closed = owner.get("/api/v1/billing/access/").json()

    assert (answer["state"], answer["cancel_on"]) == ("canceling", "2026-04-01")
    assert (closed["state"], closed["access"]) == ("closed", "export_only")
    assert owner.get("/api/v1/billing/invoices/?reason=recurring").json()["count"] == 0


def test_expired_trial_reads_until_terms_are_accepted(company_of_modules):
    owner = company_of_modules("falan", "finance", trial_days=14)

    advance("2026-03-25 09:00")
    expired = owner.get("/api/v1/billing/access/").json()
    owner.post("/api/v1/billing/subscription/accept-terms/")
    active = owner.get("/api/v1/billing/subscription/").json()

    assert (expired["state"], expired["access"]) == ("trial_expired", "read_only")
    assert (active["state"], active["anchor_date"]) == ("active", "2026-03-25")


def test_year_is_billed_at_once_and_usage_still_monthly(company_of_modules):
    owner = company_of_modules("falan", "finance")
    changes = [{"do": "change_interval", "to": "year"}]
    address = "/api/v1/billing/subscription/changes/"

    quote = owner.post(f"{address}preview/", {"changes": changes}, format="json").json()
    answer = owner.post(
        address, {"changes": changes, "quote": quote["quote"]}, format="json", headers={"Idempotency-Key": "y"}
    ).json()
    advance("2026-05-20 00:00")

    # the month was charged 70.26 (99.00 x 22 / 31) this morning and is given back whole; the year costs 990.00
    assert answer["net"] == "919.74"
    assert answer["subscription"]["period"] == ["2026-03-10", "2027-03-10"]
    assert owner.get("/api/v1/billing/invoices/?reason=recurring").json()["count"] == 0  # no usage, no line: R-ZERO


def test_bank_queue_gives_a_reason_and_a_person_decides(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]

    counts = upload(
        operator,
        f"S1,2026-03-11,10.00,USD,甲,1,{invoice['number']}\nS2,2026-03-11,100.00,CNY,乙,1,没写编号\n"
        f"S3,2026-03-11,-5.00,CNY,丙,1,手续费\nS2,2026-03-11,100.00,CNY,乙,1,没写编号\nS2,2026-03-11,99.00,CNY,乙,1,另一笔\n"
        "S4,没有日期,1.00,CNY,丁,1,x\n",
        encoding="gb18030",
    )
    queue = operator.get("/api/v1/operator/bank/lines/").json()["results"]
    line = next(row for row in queue if row["serial"] == "S2" and row["state"] == "new")
    body = {"tenant": "falan", "allocations": [{"invoice": invoice["number"], "amount": invoice["total"]}]}
    matched = operator.post(f"/api/v1/operator/bank/lines/{line['id']}/match/", body, format="json")
    again = operator.post(f"/api/v1/operator/bank/lines/{line['id']}/match/", body, format="json")

    names = ("rows", "new", "duplicates", "conflicts", "matched", "unmatched", "outgoing", "errors")
    assert [counts[name] for name in names] == [6, 3, 1, 1, 0, 2, 1, 1]
    assert {row["reason"] for row in queue} == {"currency", "reference", "conflict"}
    assert matched.json()["state"] == "matched"
    assert (again.status_code, again.json()["code"]) == (409, "already_matched")
    assert owner.get("/api/v1/billing/balance/").json()["balance"] == "29.74"  # 100.00 - 70.26
    assert all(row["ok"] for row in invariants.check_all().values())


def test_balance_pays_the_next_invoice(company_of_modules, operator):
    owner = company_of_modules("falan", "finance")
    invoice = owner.get("/api/v1/billing/invoices/").json()["results"][0]
    upload(operator, f"S1,2026-03-11,200.00,CNY,x,1,{invoice['number']}\n")

    advance("2026-04-04 00:00")
    april = owner.get("/api/v1/billing/invoices/?reason=recurring").json()["results"][0]

    # 200.00 - 70.26 = 129.74 of balance; April costs 99.00
    assert (april["state"], april["balance_applied"], april["amount_due"]) == ("paid", "99.00", "0.00")
    assert owner.get("/api/v1/billing/balance/").json()["balance"] == "30.74"
    assert all(row["ok"] for row in invariants.check_all().values())
