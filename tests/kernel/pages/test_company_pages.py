"""成员与权限, 操作日志, 数据导出, 待处理消息, 外部通知, 设置: what people read and may do there."""

import re
from datetime import timedelta

import pytest

from kernel import audit, menu
from kernel.clock import now
from kernel.exports import XLSX
from kernel.models import AuditEntry, Delivery, Fact, Webhook
from tenants.context import Company, shared_context, tenant_context
from tenants.models import ApiToken, Invitation, Tenant
from tenants.rights import all_rights, label_of
from tenants.services import members
from tests.kernel.sheets import body, table

PAGES = ("/", "/company/members/", "/company/security/", "/company/settings/", "/company/audit/", "/company/export/",
         "/company/settings/facts/", "/company/settings/webhooks/", "/notifications/", "/jobs/")  # fmt: skip
MOST_QUERIES = 15


@pytest.mark.parametrize("path", PAGES)
def test_a_page_costs_few_queries(path, page_of, django_assert_max_num_queries):
    alice = page_of("alice")
    alice.get(path)  # the first request of the day notes when the member was last seen

    with django_assert_max_num_queries(MOST_QUERIES):
        answer = alice.get(path)

    assert answer.status_code == 200


def test_members_page_names_what_the_acceptance_looks_for(page_of):
    page = page_of("alice").get("/company/members/").content.decode()

    for words in ("<h1>成员与权限", "席位 2 / 3", "成员列表", "邀请成员", "邮箱或手机号", "发送邀请"):
        assert words in page
    assert 'aria-labelledby="invite-h"' in page


def test_an_invitation_without_a_name_is_refused_in_place(page_of):
    answer = page_of("alice").post("/company/members/", {"contact": "", "role": "accountant"})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_an_invitation_taken_back_lets_nobody_in(page_of, hongda):
    alice = page_of("alice")
    page = alice.post("/company/members/", {"contact": "zhao@hongda.example", "role": "cashier"}).content.decode()
    link = page.partition('id="invite-link" href="')[2].partition('"')[0]
    row = Invitation.objects.get(contact="zhao@hongda.example")

    path = "/" + link.partition("//")[2].partition("/")[2]
    before = alice.get(path).status_code
    taken_back = alice.post(f"/company/invitations/{row.pk}/revoke/")

    assert (before, taken_back.status_code) == (200, 302)
    assert alice.get(path).status_code == 400
    assert "zhao@hongda.example" not in alice.get("/company/members/").content.decode()
    assert alice.post(f"/company/invitations/{row.pk}/revoke/").status_code == 404
    with tenant_context(hongda):
        assert AuditEntry.objects.filter(action="invitation.revoke", label="zhao@hongda.example").exists()


def test_another_companys_invitation_cannot_be_taken_back(page_of, hengxin, charlie):
    row = Invitation.objects.create(
        tenant_id=hengxin.id, contact="x@hengxin.example", role="cashier", token_hash="x",
        invited_by_id=charlie.user_id, expires_at=now() + timedelta(days=1),
    )  # fmt: skip

    assert page_of("alice").post(f"/company/invitations/{row.pk}/revoke/").status_code == 404


def test_every_right_has_words(db):
    silent = [right for right in all_rights() if label_of(right) == right]
    silent += [right for right in all_rights() if label_of(right.partition(".")[0]) == right.partition(".")[0]]

    assert silent == []


def test_the_audit_log_is_filtered_and_leaves_as_excel(page_of, alice, bob, hongda):
    with tenant_context(hongda):
        audit.record(actor=alice, action="item.change", object="item:1", label="M6-BOLT",
                     changes={"name": ["螺栓", "螺母"]})  # fmt: skip
        audit.record(actor=bob, action="voucher.post", object="voucher:17", label="记-12")
    client = page_of("alice")

    every = client.get("/company/audit/").content.decode()
    bobs = client.get(f"/company/audit/?person={bob.user_id}").content.decode()
    by_words = client.get("/company/audit/?q=记账", HTTP_HX_REQUEST="true").content.decode()
    excel = client.get("/company/audit/?q=螺母&format=xlsx")

    assert "物料 · 修改" in every and "凭证 · 记账" in every
    assert "记-12" in bobs and "M6-BOLT" not in bobs
    assert "记-12" in by_words and "<h1" not in by_words and "M6-BOLT" not in by_words
    assert 'hx-swap-oob="true" href="?q=%E8%AE%B0%E8%B4%A6&amp;format=xlsx"' in by_words  # Excel is that of the filter
    assert excel["Content-Type"] == XLSX
    assert [row[2] for row in table(body(excel))[1:]] == ["物料 · 修改"]


def test_the_audit_log_bears_any_filter(page_of):
    client = page_of("alice")

    odd = ("person=x", "since=2026-99-99", "kind=none", "page=999999", "person=" + "9" * 30, "q=" + "💥" * 300)
    answers = [client.get(f"/company/audit/?{query}").status_code for query in odd]

    assert answers == [200] * len(odd)
    assert client.get("/company/audit/?format=exe").status_code == 400


def test_a_worker_without_the_right_sees_no_log(page_of):
    assert page_of("bob").get("/company/audit/").status_code == 403
    assert page_of("bob").get("/company/settings/webhooks/").status_code == 403
    assert "操作日志" not in page_of("bob").get("/").content.decode()


def test_a_stuck_fact_shows_its_reason_and_is_tried_again(page_of, hongda):
    with tenant_context(hongda):
        fact = Fact.objects.create(name="test.happened", payload={}, occurred_at=now())
        stuck = Delivery.objects.create(
            fact=fact, reaction="apps.finance.reactions.none", state="failed", attempts=6,
            last_error="ValueError: 科目 1405 已停用", next_try_at=now() + timedelta(hours=6),
        )  # fmt: skip
    client = page_of("alice")

    page = client.get("/company/settings/facts/").content.decode()
    answer = client.post(f"/company/settings/facts/{stuck.pk}/retry/")

    assert "科目 1405 已停用" in page and "财务" in page
    assert answer.status_code == 302
    assert "科目 1405 已停用" not in client.get("/company/settings/facts/").content.decode()
    assert client.post(f"/company/settings/facts/{stuck.pk}/retry/").status_code == 404


def test_a_webhook_is_made_on_the_page_and_its_secret_is_shown_once(page_of, hongda, settings):
    settings.QZ_WEBHOOK_ALLOW_PRIVATE = True
    client = page_of("alice")

    wanted = {"url": "https://127.0.0.1/hook", "everything": "on"}
    made = client.post("/company/settings/webhooks/", wanted).content.decode()
    again = client.get("/company/settings/webhooks/").content.decode()
    refused = client.post("/company/settings/webhooks/", {"url": "https://127.0.0.1/hook"})

    assert "whsec_" in made and "whsec_" not in again and "https://127.0.0.1/hook" in again
    assert refused.status_code == 422
    with tenant_context(hongda):
        row = Webhook.objects.get()
    for verb in ("pause", "enable", "remove"):
        assert client.post(f"/company/settings/webhooks/{row.pk}/{verb}/").status_code == 302
    assert client.post(f"/company/settings/webhooks/{row.pk}/remove/").status_code == 404


def test_settings_rename_the_company(page_of):
    client = page_of("alice")

    empty = client.post("/company/settings/", {"name": ""})
    client.post("/company/settings/", {"name": "宏达五金制品有限公司"})

    assert empty.status_code == 422
    assert "宏达五金制品有限公司" in client.get("/").content.decode()
    assert page_of("bob").post("/company/settings/", {"name": "王波五金"}).status_code == 403


def test_sample_data_of_a_real_company_cannot_be_cleared(page_of):
    assert page_of("alice").get("/company/settings/clear/").status_code == 403
    assert "一键清空" not in page_of("alice").get("/").content.decode()


def test_a_demo_company_offers_to_be_cleared(page_of, hongda):
    with shared_context():
        Tenant.objects.filter(pk=hongda.id).update(is_demo=True)

    client = page_of("alice")

    assert "一键清空" in client.get("/").content.decode()
    assert client.post("/company/settings/clear/", {"name": "错的名称"}).status_code == 422
    assert page_of("bob").get("/company/settings/clear/").status_code == 403


def test_home_greets_and_shows_figures_and_first_steps(page_of):
    page = page_of("alice").get("/").content.decode()

    region = page.partition('aria-label="经营指标"')[2].partition("</section>")[0]
    assert any(f"{word}，李敏" in page for word in ("早上好", "上午好", "中午好", "下午好", "晚上好"))
    assert region.count("<a ") >= 3
    assert "待办" in page and "开始使用" in page and "/ 5" in page


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_the_phone_has_five_places_and_marks_the_current_one(name, page_of):
    page = page_of(name).get("/").content.decode()

    bottom = page.partition('aria-label="底部导航"')[2].partition("</nav>")[0]
    assert bottom.count("<a ") + bottom.count("<button") == 5
    assert bottom.count('aria-current="page"') == 1
    assert "更多" in bottom and "data-q-drawer" in bottom


@pytest.mark.parametrize(("path", "label"), [("/production/", "生产看板"), ("/production/work-orders/", "工单")])
def test_the_menu_marks_the_nearest_page_alone(path, label, page_of):
    page = page_of("alice").get(path).content.decode()

    side = page.partition('aria-label="主导航"')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="page">.*?<span>(.*?)</span>', side, re.DOTALL) == [label]


def test_the_bottom_bar_names_only_pages_that_exist(alice, hongda, page_of):
    client = page_of("alice")

    links = [place["url"] for place in menu.bottom(hongda, alice, "/") if not place["menu"]]

    assert {client.get(url).status_code for url in links} == {200}


def test_a_suspended_company_still_takes_its_data_away(page_of, hongda: Company):
    with shared_context():
        Tenant.objects.filter(pk=hongda.id).update(access="export_only", access_message="已暂停，请付清账单。")
    client = page_of("alice")

    assert client.get("/company/audit/").status_code == 402
    assert client.get("/company/export/").status_code == 200


def test_those_who_answer_for_security_see_and_end_everybodys_tokens(page_of, hongda, hengxin, alice, bob, charlie):
    with shared_context():
        rows = [
            members.make_token(user_id=person.user_id, membership_id=person.membership_id, name=name, at=now())[0]
            for person, name in ((bob, "扫码枪"), (charlie, "别家的"))
        ]

    page = page_of("alice").get("/company/security/").content.decode()
    ended = page_of("alice").post(f"/company/security/all-tokens/{rows[0].pk}/revoke/")
    foreign = page_of("alice").post(f"/company/security/all-tokens/{rows[1].pk}/revoke/")

    assert "同事的 API 令牌" in page and "扫码枪" in page and "别家的" not in page
    assert rows[0].prefix in page and rows[0].prefix.startswith("qz_")
    assert (ended.status_code, foreign.status_code) == (302, 404)
    assert [ApiToken.objects.get(pk=row.pk).revoked_at is None for row in rows] == [False, True]
    assert "同事的 API 令牌" not in page_of("bob").get("/company/security/").content.decode()
    assert page_of("bob").post(f"/company/security/all-tokens/{rows[1].pk}/revoke/").status_code == 403


@pytest.mark.parametrize("host", ["localhost", "hongda.localhost"])
def test_the_licences_name_whose_work_is_inside(client, db, host):
    page = client.get("/licences/", HTTP_HOST=host).content.decode()

    for name in (
        "bootstrap 5.3.9 · MIT",
        "htmx.org 4.0.1",
        "@tabler/icons",
        "django",
        "weasyprint",
        "Permission is hereby",
    ):
        assert name in page
