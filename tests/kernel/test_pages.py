"""Wizard, jobs, notices, saved filters and audit export as a member meets them; the API shapes of imports."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import include, path

from config import urls as company_urls
from kernel import audit, audit_log, housekeeping, jobs, notices
from kernel.api.imports import finance_shape, import_urls
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.imports import kinds
from kernel.models import ImportJob, Notification, SavedView
from tenants.context import tenant_context
from tests.kernel import parts
from tests.kernel.sheets import PARTS_HEAD, body, table, upload, workbook

GOOD = [["M6-BOLT", "六角螺栓 M6", 100], ["DN50", "法兰盘 DN50", 8]]
FILE = workbook([PARTS_HEAD, *GOOD, ["DN80", "法兰盘 DN80", "很多"]])
handler404, handler500 = company_urls.handler404, company_urls.handler500
urlpatterns = [
    path("api/v1/test/parts/", include(import_urls("test.parts", shape=finance_shape))),
    path("api/v1/test/single/", include(import_urls("test.single"))),
    *company_urls.urlpatterns,
]


@pytest.fixture(autouse=True)
def _kinds(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    kinds.register(parts.PARTS)
    kinds.register(parts.SINGLE)
    yield
    for kind in (parts.PARTS, parts.SINGLE):
        kinds._kinds.pop(kind.key)


def test_the_api_answers_202_and_then_the_counts(api_of):
    alice = api_of("alice")

    made = alice.post("/api/v1/test/parts/imports/", {"file": upload("物料.xlsx", FILE)}, format="multipart")
    job = alice.get(f"/api/v1/test/parts/imports/{made.json()['id']}/").json()

    assert made.status_code == 202
    assert set(made.json()) == {"id", "state"}
    assert (job["state"], job["rows_total"], job["rows_ok"], job["rows_bad"]) == ("refused", 3, 2, 1)
    assert job["errors"][0]["row"] == 4
    assert len(table(body(alice.get(job["error_file"])))) == 2  # heading + 1 bad row


def test_the_shape_of_master_data_calls_a_refused_file_failed(api_of):
    alice = api_of("alice")
    twice = workbook([PARTS_HEAD, *GOOD, ["DN50", "法兰盘", 9]])

    made = alice.post("/api/v1/test/single/imports/", {"file": upload("物料.xlsx", twice)}, format="multipart").json()
    job = alice.get(f"/api/v1/test/single/imports/{made['id']}/").json()

    assert (job["state"], job["rows"], job["created"], job["failed"]) == ("failed", 3, 0, 1)


def test_the_same_key_and_file_import_once(api_of):
    alice = api_of("alice")
    content = workbook([PARTS_HEAD, *GOOD])

    answers = [
        alice.post(
            "/api/v1/test/parts/imports/", {"file": upload("物料.xlsx", content)}, format="multipart",
            HTTP_IDEMPOTENCY_KEY="import-1",
        )
        for _turn in range(2)
    ]  # fmt: skip

    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotent-Replayed"] == "true"


def test_without_the_right_or_in_another_company_there_is_no_import(api_of):
    made = api_of("alice").post("/api/v1/test/parts/imports/", {"file": upload("物料.xlsx", FILE)}, format="multipart")

    job = f"/api/v1/test/parts/imports/{made.json()['id']}/"
    assert api_of("bob").get(job).status_code == 403
    assert api_of("charlie").get(job).status_code == 404


def test_the_template_holds_headings_and_an_example(api_of):
    rows = table(body(api_of("alice").get("/api/v1/test/parts/imports/template/")))

    assert rows == [PARTS_HEAD, ["M6-BOLT", "六角螺栓 M6", "100"]]


def test_the_wizard_leads_from_the_file_to_the_rows_and_back(page_of, hongda):
    alice = page_of("alice")
    odd = workbook([["料号", "名称", "数量"], *GOOD, ["DN80", "法兰盘 DN80", "很多"]])

    matching = alice.post("/imports/test.parts/", {"file": upload("物料.xlsx", odd)})
    page = alice.get(matching["Location"]).content.decode()
    checking = alice.post(matching["Location"], {"code": "料号", "name": "名称", "quantity": "数量"})
    checked = alice.get(checking["Location"]).content.decode()
    started = alice.post(f"{checking['Location']}start/", {"mode": "skip_bad_rows"})
    done = alice.get(started["Location"]).content.decode()
    alice.post(f"{started['Location']}undo/")

    assert "匹配列" in page and "料号" in page
    assert "2 行可以导入" in checked and "数量不是数字" in checked
    assert "新增 2" in done and "撤销导入" in done
    with tenant_context(hongda):
        assert parts.codes() == set()
        assert ImportJob.objects.get().mapping["code"] == "料号"  # remembered for the next file


def test_the_wizard_says_422_for_a_missing_file_and_an_unmatched_column(page_of):
    alice = page_of("alice")

    nothing = alice.post("/imports/test.parts/", {})
    program = alice.post("/imports/test.parts/", {"file": upload("物料.xlsx", b"MZ\x00\x00")})
    matching = alice.post("/imports/test.parts/", {"file": upload("物料.xlsx", FILE)})["Location"]
    unmatched = alice.post(matching, {"code": "物料编码", "name": "", "quantity": ""})

    assert [answer.status_code for answer in (nothing, program, unmatched)] == [422, 422, 422]
    assert page_of("bob").get("/imports/test.parts/").status_code == 403
    assert alice.get("/imports/no.such/").status_code == 404


def _print(running: jobs.Running) -> jobs.Outcome:
    running.report(2, 3)
    if running.params.get("fails"):
        raise DomainError("打印机没有纸。")
    return jobs.Outcome(message="500 张")


def test_a_job_ends_in_a_notice_and_its_fragment_stops_asking(page_of, alice, hongda):
    jobs.register("test.print", _print)
    with tenant_context(hongda):
        good = jobs.start(kind="test.print", title="打印凭证", member=alice, at=now())
        bad = jobs.start(kind="test.print", title="打印标签", member=alice, at=now(), params={"fails": True})
        texts = [notices.text_of(notice) for notice in notices.of_member(alice)]

    client = page_of("alice")
    fragment = client.get(f"/jobs/{good.pk}/", HTTP_HX_REQUEST="true").content.decode()
    assert "hx-trigger" not in fragment and "500 张" in fragment
    assert "打印机没有纸" in client.get(f"/jobs/{bad.pk}/").content.decode()
    assert texts == ["“打印标签”没有完成：打印机没有纸。", "“打印凭证”已完成。"]
    assert page_of("bob").get(f"/jobs/{good.pk}/").status_code == 404


def test_a_waiting_job_asks_again(page_of, alice, hongda):
    with tenant_context(hongda):
        waiting = jobs.Job.objects.create(
            kind="test.print",
            title="打印",
            actor={},
            created_by_id=alice.user_id,
            created_by_name="李敏",
            created_at=now(),
        )

    page = page_of("alice").get(f"/jobs/{waiting.pk}/", HTTP_HX_REQUEST="true").content.decode()

    assert 'hx-trigger="load delay:1s"' in page


def test_notices_are_counted_read_one_by_one_and_all_at_once(page_of, alice, hongda):
    with tenant_context(hongda):
        for number in range(3):
            notices.notify(
                user_id=alice.user_id, kind="test", message="第 %(n)s 条", params={"n": number}, at=now(), url="/jobs/"
            )
        first = Notification.objects.earliest("id")
    client = page_of("alice")

    assert "通知，3 条未读" in client.get("/notifications/").content.decode()
    opened = client.post(f"/notifications/{first.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, "/jobs/")
    assert "通知，2 条未读" in client.get("/notifications/").content.decode()
    client.post("/notifications/read/")
    assert "条未读" not in client.get("/notifications/").content.decode()
    assert page_of("bob").post(f"/notifications/{first.pk}/").status_code == 404


def test_a_saved_filter_leads_back_to_its_list_and_is_ones_own(page_of, hongda):
    asked = {"list": "/jobs/", "name": "失败的", "querystring": "state=failed"}

    saved = page_of("alice").post("/saved-views/", asked)
    elsewhere = page_of("alice").post("/saved-views/", {**asked, "list": "//evil.example/"})

    assert saved["Location"] == "/jobs/?state=failed"
    assert elsewhere.status_code == 400
    with tenant_context(hongda):
        view = SavedView.objects.get()
    assert page_of("bob").post(f"/saved-views/{view.pk}/remove/").status_code == 404
    assert page_of("alice").post(f"/saved-views/{view.pk}/remove/")["Location"] == "/jobs/"


def test_the_audit_log_is_filtered_by_person_day_and_content_and_leaves_as_excel(alice, bob, in_hongda):
    audit.record(
        actor=alice, action="item.change", object="item:1", label="M6-BOLT", changes={"名称": ["螺栓", "螺母"]}
    )
    audit.record(actor=bob, action="voucher.post", object="voucher:17", label="记-12")

    assert [row.label for row in audit_log.entries(text="螺母")] == ["M6-BOLT"]
    assert [row.label for row in audit_log.entries(actor_id=bob.user_id)] == ["记-12"]
    assert audit_log.entries(since=today(), until=today()).count() == 2
    assert audit_log.entries(action="voucher.").count() == 1
    rows = table(body(audit_log.export(audit_log.entries(text="螺母"))))
    assert rows[1][5] == "名称：螺栓 → 螺母"


def test_housekeeping_runs_on_an_empty_company(in_hongda):
    housekeeping.wake(now=now())

    assert set(housekeeping.purge(now=now()).values()) == {0}
