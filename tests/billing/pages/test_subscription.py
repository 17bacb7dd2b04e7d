"""应用与订阅: what is offered, what it costs before the click, and that the click charges exactly that."""

import re
from typing import Any

import pytest

from apps.billing.domain.changes import Step
from apps.billing.models import Invoice, Subscription, SubscriptionChange
from apps.billing.offers import OFFERS
from apps.billing.services import changes
from kernel import registry

APPS = "/company/apps/"
DIALOG, PREVIEW, CONFIRM = APPS + "change/", APPS + "change/preview/", APPS + "change/confirm/"


def text(response: Any) -> str:
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found.group(1)


@pytest.fixture
def built() -> None:
    """All four modules have their pages."""
    assert all(offer.is_built for offer in OFFERS)


def test_four_modules_with_names_and_the_running_bill(page_of, active, built):
    page = text(page_of("alice").get(APPS))

    for brand, verb in (("轻财务", "管理"), ("快仓库", "开通"), ("准排产", "开通"), ("小协同", "开通")):
        assert f">{brand}</h2>" in page
        assert f'aria-label="{verb}{brand}"' in page
    assert 'aria-labelledby="bill-h"' in page and ">本期账单</h2>" in page
    assert "调整席位" in page and "¥99.00" in page


def test_a_module_without_pages_shows_its_price_and_waits(page_of, active, monkeypatch):
    known = registry.groups()
    monkeypatch.setattr(registry, "groups", lambda: [one for one in known if one.module != "supply"])

    page = text(page_of("alice").get(APPS))

    assert "即将推出" in page and "¥89" in page
    assert "开通小协同" not in page


def test_the_preview_counts_the_days_and_changes_nothing(page_of, active, built, htmx):
    alice = page_of("alice")

    dialog = text(alice.get(DIALOG, {"do": "add", "item": "supply"}, **htmx))

    assert 'aria-labelledby="change-h"' in dialog and "开通小协同" in dialog and "确认开通" in dialog
    assert 'aria-label="费用预览"' in dialog
    assert "¥29.67" in dialog  # 89.00 x 10 days left of 30 = 29.666…
    assert "按 10/30 天折算" in dialog and "¥188.00" in dialog  # 99 + 89 from December on
    assert not SubscriptionChange.objects.of(active.tenant_id).exists()


def test_the_charge_is_what_the_preview_said(page_of, active, built, htmx):
    alice = page_of("alice")
    dialog = text(alice.get(DIALOG, {"do": "seats", "seats": 5}, **htmx))
    price = text(alice.get(PREVIEW, {"do": "seats", "seats": 5}, **htmx))

    answer = alice.post(
        CONFIRM, {"do": "seats", "seats": 5, "quote": hidden(price, "quote"), "key": hidden(dialog, "key")}
    )

    invoice = Invoice.objects.of(active.tenant_id).order_by("-id").first()
    assert "¥13.33" in price  # 2 seats x 20.00 x 10 / 30
    assert answer.status_code == 302 and answer["Location"] == APPS
    assert invoice and f"{invoice.total:.2f}" == "13.33"


def test_the_same_press_twice_makes_one_change(page_of, active, htmx):
    alice = page_of("alice")
    price = text(alice.get(PREVIEW, {"do": "seats", "seats": 4}, **htmx))
    body = {"do": "seats", "seats": 4, "quote": hidden(price, "quote"), "key": "press-1"}

    alice.post(CONFIRM, body)
    alice.post(CONFIRM, body)

    assert SubscriptionChange.objects.of(active.tenant_id).count() == 1


def test_a_moved_quote_shows_the_new_price_and_charges_nothing(page_of, active, htmx):
    alice = page_of("alice")
    price = text(alice.get(PREVIEW, {"do": "seats", "seats": 4}, **htmx))
    old = hidden(price, "quote")
    step = (Step(do="set_quantity", item="seat", quantity=2),)
    now = changes.preview(tenant_id=active.tenant_id, steps=step, at=active.created_at.replace(day=21))
    changes.change(
        tenant_id=active.tenant_id, steps=step, quote=now.quote, key="rival", at=active.created_at.replace(day=21),
        actor=None,
    )  # fmt: skip

    answer = alice.post(CONFIRM, {"do": "seats", "seats": 6, "quote": old, "key": "mine"}, **htmx)

    assert answer.status_code == 409
    assert 'role="alert"' in text(answer) and hidden(text(answer), "quote") != old
    assert SubscriptionChange.objects.of(active.tenant_id).count() == 1


@pytest.mark.parametrize("seats", ["", "2", "viele", "99999"])
def test_an_impossible_number_of_seats_is_422_with_the_input_kept(page_of, active, htmx, seats):
    answer = page_of("alice").post(CONFIRM, {"do": "seats", "seats": seats, "quote": "x", "key": "k"}, **htmx)

    assert answer.status_code == 422
    assert f'value="{seats}"' in text(answer) and 'aria-invalid="true"' in text(answer)


def test_unknown_changes_are_not_found(page_of, active):
    assert page_of("alice").get(DIALOG, {"do": "steal"}).status_code == 404
    assert page_of("alice").get(DIALOG).status_code == 404


def test_removing_at_the_end_and_taking_it_back(page_of, active, htmx):
    alice = page_of("alice")
    dialog = text(alice.get(DIALOG, {"do": "remove_at_period_end", "item": "finance"}, **htmx))
    assert "管理轻财务" in dialog and "确认调整" in dialog
    alice.post(CONFIRM, {"do": "remove_at_period_end", "item": "finance", "quote": hidden(dialog, "quote"), "key": "a"})

    page = text(alice.get(APPS))
    keep = text(alice.get(DIALOG, {"do": "keep", "item": "finance"}, **htmx))
    alice.post(CONFIRM, {"do": "keep", "item": "finance", "quote": hidden(keep, "quote"), "key": "b"})

    assert "用到 11-30" in page
    assert Subscription.objects.of(active.tenant_id).get().scheduled == {}


def test_the_accountant_looks_but_may_not_manage(page_of, active, built):
    bob = page_of("bob")

    page = text(bob.get(APPS))

    assert "开通小协同" not in page and "调整席位" not in page and "李敏" in page
    assert bob.get(DIALOG, {"do": "add", "item": "supply"}).status_code == 403
    assert bob.post(CONFIRM, {"do": "seats", "seats": 5}).status_code == 403
    assert bob.post(APPS + "cancel/").status_code == 403


def test_terms_need_their_tick(page_of, trial):
    alice = page_of("alice")

    refused, accepted = alice.post(APPS + "terms/"), alice.post(APPS + "terms/", {"accept": "on"})

    assert refused.status_code == 422 and "请先勾选同意" in text(refused)
    assert accepted.status_code == 302
    assert Subscription.objects.of(trial.tenant_id).get().terms_accepted_at is not None


def test_a_trial_costs_nothing_today_and_says_so(page_of, trial, htmx):
    price = text(page_of("alice").get(PREVIEW, {"do": "seats", "seats": 5}, **htmx))

    assert "¥0.00" in price and "¥139.00" in price  # 99 + 2 x 20 a month afterwards
    assert "试用期内不收费" in price


def test_cancel_and_resume(page_of, active):
    alice = page_of("alice")

    alice.post(APPS + "cancel/")
    canceled = text(alice.get(APPS))
    alice.post(APPS + "resume/")

    assert "已退订，可以用到 2026-11-30" in canceled
    assert Subscription.objects.of(active.tenant_id).get().state == "active"


def test_pages_need_a_session(client, hongda):
    for url in (APPS, "/company/usage/", "/company/invoices/", "/company/invoices/details/"):
        answer = client.get(url, HTTP_HOST="hongda.localhost")
        assert answer.status_code == 302 and answer["Location"].startswith("/signin/?next=")


def test_few_queries(page_of, active, django_assert_max_num_queries):
    alice = page_of("alice")
    alice.get(APPS)

    with django_assert_max_num_queries(15):
        alice.get(APPS)
