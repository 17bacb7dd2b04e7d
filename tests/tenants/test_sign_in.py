"""Signing in: the right person at the right company, and nobody else."""

import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from tenants.models import Membership, Session, User
from tenants.secretbox import unseal
from tenants.services import links, sign_in
from tests.prepare_database import PASSWORD


def found(pattern: str, text: str) -> str:
    hit = re.search(pattern, text)
    assert hit, pattern
    return hit[1]


def sign_in_as(account: str, *, host: str = "hongda.localhost", password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client(HTTP_HOST=host)
    return client, client.post("/signin/", {"account": account, "password": password})


def test_alice_signs_in_at_her_company(hongda):
    client, answer = sign_in_as("alice@hongda.example")

    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_wrong_password_keeps_the_account_name(hongda):
    _, answer = sign_in_as("alice@hongda.example", password="falsch-12345")

    assert answer.status_code == 422
    assert 'value="alice@hongda.example"' in answer.content.decode()
    assert "账号或密码不对" in answer.content.decode()


def test_charlie_is_refused_at_alices_company_in_the_same_words(hongda):
    _, stranger = sign_in_as("charlie@hengxin.example")
    _, nobody = sign_in_as("nobody@nowhere.example")

    assert stranger.status_code == nobody.status_code == 422
    assert "账号或密码不对" in stranger.content.decode()


def test_five_failures_lock_the_account(hongda):
    for _ in range(5):
        sign_in_as("alice@hongda.example", password="falsch-12345")

    _, answer = sign_in_as("alice@hongda.example")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900  # a quarter of an hour


def test_page_without_session_leads_to_sign_in(hongda):
    answer = Client(HTTP_HOST="hongda.localhost").get("/company/members/?x=1")

    assert answer.status_code == 302
    assert answer["Location"] == "/signin/?next=%2Fcompany%2Fmembers%2F%3Fx%3D1"


def test_session_of_one_company_is_nobody_at_another(hongda, hengxin, page_of):
    client = page_of("alice")

    answer = client.get("/", HTTP_HOST="hengxin.localhost")

    assert answer.status_code == 302


def test_bare_domain_hands_over_to_the_only_company(hongda):
    client, answer = sign_in_as("alice@hongda.example", host="localhost")

    assert answer["Location"].startswith("http://hongda.localhost")
    there = Client(HTTP_HOST="hongda.localhost")
    path = answer["Location"].partition("localhost:8000")[2]
    assert there.get(path).status_code == 302
    assert there.get("/").status_code == 200


def test_hand_off_works_once_and_only_at_its_company(hongda, hengxin, alice):
    token = links.make_hand_off(user_id=alice.user_id, tenant_id=hongda.id)

    with pytest.raises(links.LinkSpent):
        links.take_hand_off(text=token, tenant_id=hengxin.id, at=timezone.now())
    assert links.take_hand_off(text=token, tenant_id=hongda.id, at=timezone.now()) == alice.user_id
    with pytest.raises(links.LinkSpent):
        links.take_hand_off(text=token, tenant_id=hongda.id, at=timezone.now())


def test_second_factor_is_asked_and_its_code_works_once(hongda, alice):
    secret = sign_in.start_totp(user_id=alice.user_id)
    moment = timezone.now()
    totp = pyotp.TOTP(secret)
    sign_in.confirm_totp(user_id=alice.user_id, code=totp.at(moment - timedelta(seconds=30)), at=moment)

    client, answer = sign_in_as("alice@hongda.example")
    assert answer["Location"] == "/signin/code/"
    assert client.get("/").status_code == 302
    code = pyotp.TOTP(unseal(User.objects.get(pk=alice.user_id).totp_secret)).now()
    assert client.post("/signin/code/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200

    other, _ = sign_in_as("alice@hongda.example")
    assert other.post("/signin/code/", {"code": code}).status_code == 422  # the same code again


def test_reset_link_sets_the_password_once_and_ends_all_sessions(hongda, page_of):
    signed_in = page_of("alice")
    client = Client(HTTP_HOST="localhost")
    client.post("/signin/forgot/", {"account": "alice@hongda.example"})
    path = found(r"http://localhost:\d+(/reset/\S+)", str(mail.outbox[0].body))

    client.post(path, {"password": "Neu-2026-falan"})

    assert signed_in.get("/").status_code == 302
    assert sign_in_as("alice@hongda.example", password="Neu-2026-falan")[1].status_code == 302
    assert client.post(path, {"password": "Nochmal-2026"}).status_code == 400


def test_unknown_account_gets_the_same_answer_and_no_mail(hongda):
    answer = Client(HTTP_HOST="localhost").post("/signin/forgot/", {"account": "nobody@nowhere.example"})

    assert answer.status_code == 200
    assert not mail.outbox


def test_invitation_makes_a_member_with_the_role(hongda, page_of):
    alice = page_of("alice")

    page = alice.post("/company/members/", {"contact": "dora@hongda.example", "role": "storekeeper"})
    link = found(r"(/invite/[^/\s\"<]+/)", page.content.decode())
    dora = Client(HTTP_HOST="hongda.localhost")
    dora.post(link, {"name": "董芳", "password": "Cangku-2026"})

    assert dora.get("/").status_code == 200
    assert Membership.objects.get(user__email="dora@hongda.example").role == "storekeeper"
    assert Client(HTTP_HOST="hongda.localhost").get(link).status_code == 400  # spent


def test_empty_invitation_is_refused_with_a_word(hongda, page_of):
    answer = page_of("alice").post("/company/members/", {"contact": "", "role": "worker"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_bob_may_not_see_the_members(hongda, page_of):
    assert page_of("bob").get("/company/members/").status_code == 403


def test_the_last_owner_stays(hongda, page_of, alice):
    answer = page_of("alice").post(f"/company/members/{alice.membership_id}/status/", {"active": ""})

    assert answer.status_code == 409


def test_disabled_member_is_out_at_once(hongda, page_of, bob):
    bobs_page = page_of("bob")
    page_of("alice").post(f"/company/members/{bob.membership_id}/status/", {"active": ""})

    assert bobs_page.get("/").status_code == 302


def test_device_is_signed_out_from_another(hongda, page_of):
    phone, desk = page_of("alice"), page_of("alice")
    key = phone.cookies["qz_session"].value

    desk.post("/company/security/sessions/", {"session": key})

    assert phone.get("/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


def test_token_is_shown_once_and_reads_only_where_it_belongs(hongda, hengxin, page_of):
    page = page_of("alice").post("/company/security/tokens/", {"name": "ERP", "read_only": "on"})
    key = found(r"<code>([\w-]{40,})</code>", page.content.decode())

    client = Client(HTTP_AUTHORIZATION=f"Token {key}")

    assert client.get("/api/v1/masterdata/units/", HTTP_HOST="hongda.localhost").status_code in (200, 404)
    assert client.get("/api/v1/masterdata/units/", HTTP_HOST="hengxin.localhost").status_code == 404


def test_unknown_host_tells_nothing(db):
    answer = Client(HTTP_HOST="nobody.localhost").get("/signin/")

    assert answer.status_code == 404
    assert answer.content == b""
