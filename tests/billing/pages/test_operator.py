"""The operator's pages: who may pass, what the board shows, and the work that is done there."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from apps.billing.models import AuditLog, BankStatementLine, Invoice, JobRun, Subscription

PAGES = ("", "tenants/", "subscriptions/", "invoices/", "bank/", "dunning/", "usage/", "prices/", "jobs/", "audit/")
HEAD = "serial,booked_at,amount,currency,payer_name,payer_account,remark\n"


def text(response: Any) -> str:
    return response.content.decode()


def statement(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("11月.csv", (HEAD + "\n".join(rows) + "\n").encode(), content_type="text/csv")


def bring(operator: Any, *rows: str) -> Any:
    return operator.post("/operator/bank/import/", {"account": "main", "file": statement(*rows)})


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_passes(client, page_of, hongda, path):
    answer = client.get(f"/operator/{path}", HTTP_HOST="localhost")

    assert answer.status_code == 302 and answer["Location"].startswith("/signin/?next=")
    assert page_of("alice").get(f"/operator/{path}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_opens_with_few_queries(
    operator, active, other, path, lang, settings, django_assert_max_num_queries
):
    operator.cookies[settings.LANGUAGE_COOKIE_NAME] = lang

    with django_assert_max_num_queries(15 if path == "" else 18):
        answer = operator.get(f"/operator/{path}")

    assert answer.status_code == 200 and "<c-" not in text(answer)
    if lang == "en":
        for words in ("企业", "账单", "订阅"):
            assert words not in text(answer)


def test_production_asks_for_the_second_factor_first(operator, staff, settings, clock):
    settings.PRODUCTION = True

    answer = operator.get("/operator/tenants/")

    assert answer.status_code == 302 and answer["Location"] == "/operator/security/totp/"


def test_development_says_so_and_goes_on(operator, clock):
    assert "还没有开启两步验证" in text(operator.get("/operator/"))


def test_the_board_counts_what_is_paid(operator, active, other):
    page = text(operator.get("/operator/"))

    for name in ("月经常性收入", "付费企业", "本月回款", "逾期应收"):
        assert name in page
    for heading in ("待核对转账", "失败任务", "收入变动", "用量管道", "催收"):
        assert f">{heading}" in page
    assert 'aria-label="经营指标"' in page and "截至 2026-11-21 10:30" in page
    assert ">198</b>" in page.replace("<small>¥</small>", ">")  # 2 companies x 99.00


def test_the_board_leaves_as_excel_with_a_row_a_month(operator, active, other):
    answer = operator.get("/operator/?format=xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()

    assert rows[0] == ["月份", "月经常性收入", "付费企业", "本月回款"]
    assert len(rows) == 13 and rows[-1] == ["2026-11", 198.0, 2.0, 0.0]  # 2 companies x 99.00
    assert operator.get("/operator/?format=pdf").status_code == 400


def test_a_failed_job_leads_to_its_reason(operator, clock):
    JobRun.objects.create(
        name="finalise", started_at=clock, finished_at=clock, for_moment=clock, counts={"due": 1},
        failed=[{"tenant": "yuanda", "step": "finalise", "reason": "缺少税率"}],
    )  # fmt: skip

    assert "出账：yuanda" in text(operator.get("/operator/")) and "缺少税率" in text(operator.get("/operator/jobs/"))


def test_a_transfer_with_the_number_matches_itself(operator, active):
    number = Invoice.objects.of(active.tenant_id).get().number

    answer = bring(operator, f"S1,2026-11-20 09:00,99.00,CNY,宏达五金制品,6222,{number} 货款")

    assert answer.status_code == 302
    assert Invoice.objects.of(active.tenant_id).get().state == "paid"
    assert number and "已核对" in text(operator.get("/operator/bank/", {"state": "matched"}))


def test_a_person_matches_what_the_remark_does_not_tell(operator, active, htmx):
    invoice = Invoice.objects.of(active.tenant_id).get()
    bring(operator, "S2,2026-11-20 09:00,99.00,CNY,宏达李总,6222,服务费")
    line = BankStatementLine.objects.get()

    dialog = text(operator.get(f"/operator/bank/{line.pk}/", **htmx))
    done = operator.post(f"/operator/bank/{line.pk}/match/", {"tenant": active.tenant_id, "invoice": invoice.pk})
    again = operator.post(f"/operator/bank/{line.pk}/match/", {"tenant": active.tenant_id, "invoice": invoice.pk})

    assert invoice.number in dialog and "金额一致" in dialog
    assert done.status_code == 302 and again.status_code == 422
    assert Invoice.objects.of(active.tenant_id).get().state == "paid"


def test_a_line_is_ignored_with_a_reason_only(operator, active):
    bring(operator, "S3,2026-11-20 09:00,5.00,CNY,张三,6222,误转")
    line = BankStatementLine.objects.get()

    silent = operator.post(f"/operator/bank/{line.pk}/ignore/", {"reason": " "})
    told = operator.post(f"/operator/bank/{line.pk}/return/", {"reason": "误转，已退回"})

    assert silent.status_code == 422 and told.status_code == 302
    assert BankStatementLine.objects.get().state == "returned"


def test_a_file_that_is_no_statement_is_422(operator, clock):
    wrong = SimpleUploadedFile("x.csv", b"a,b\n1,2\n", content_type="text/csv")

    answer = operator.post("/operator/bank/import/", {"account": "main", "file": wrong})

    assert answer.status_code == 422 and "对账单缺少列" in text(answer)


def test_a_trial_is_extended_with_a_reason(operator, trial, clock):
    url = f"/operator/tenants/{trial.tenant.slug}/trial/"
    until = (clock + timedelta(days=20)).date()

    silent = operator.post(url, {"trial-until": until, "trial-reason": ""})
    done = operator.post(url, {"trial-until": until, "trial-reason": "客户要多看几天"})

    assert silent.status_code == 422 and done.status_code == 302
    assert Subscription.objects.of(trial.tenant_id).get().trial_end == until + timedelta(days=1)
    assert AuditLog.objects.filter(action="subscription.trial_extended", reason="客户要多看几天").exists()


def test_dunning_is_paused_and_terms_are_set(operator, active, clock):
    base = f"/operator/tenants/{active.tenant.slug}/"

    operator.post(base + "pause/", {"pause-until": (clock + timedelta(days=9)).date(), "pause-reason": "协商中"})
    operator.post(base + "terms/", {"terms_days": 30})

    page = text(operator.get(base))
    assert "2026-11-30" in page and "协商中" in page and 'value="30"' in page


def test_an_open_invoice_is_voided_with_a_reason(operator, active):
    invoice = Invoice.objects.of(active.tenant_id).get()
    url = f"/operator/invoices/{invoice.pk}/"

    silent, done = operator.post(url + "void/", {}), operator.post(url + "void/", {"reason": "开错了"})

    assert silent.status_code == 422 and done.status_code == 302
    assert Invoice.objects.of(active.tenant_id).get().state == "void"
    assert operator.post(url + "void/", {"reason": "再来"}).status_code == 422


def test_a_job_runs_now(operator, active):
    answer = operator.post("/operator/jobs/dunning/run/")

    assert answer.status_code == 302 and JobRun.objects.get().name == "dunning"
    assert operator.post("/operator/jobs/unknown/run/").status_code == 404


def test_the_search_finds_companies_and_invoices(operator, active):
    number = Invoice.objects.of(active.tenant_id).get().number

    assert "宏达五金制品" in text(operator.get("/operator/search/", {"q": "hongda"}))
    assert number in text(operator.get("/operator/search/", {"q": number}))
