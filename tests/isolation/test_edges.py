"""Tokens, sessions, hosts, caches, files, tasks and error pages of two companies."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from kernel import attachments, jobs
from kernel.clock import now
from kernel.models import Job
from kernel.tasks_run import run_job
from kernel.views import home
from tenants.cache import make_key
from tenants.context import tenant_context
from tenants.tasks import send_to_company
from tests.isolation.canary import NEEDLE, company_models, sings
from tests.kernel.sheets import upload

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def test_a_token_of_one_company_is_unknown_at_the_other(api_of):
    alice = api_of("alice")

    answer = alice.get("/api/v1/masterdata/items/", HTTP_HOST="hengxin.localhost")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_session_of_one_company_is_nobody_at_the_other(page_of):
    alice = page_of("alice")

    page = alice.get("/company/members/", HTTP_HOST="hengxin.localhost")
    program = alice.get("/api/v1/masterdata/items/", HTTP_HOST="hengxin.localhost")

    assert (page.status_code, page["Location"][:8]) == (302, "/signin/")
    assert program.status_code in (401, 404)


def test_the_operators_site_knows_no_member_of_a_company(page_of, api_of):
    for client in (page_of("alice"), api_of("alice")):
        assert client.get("/operator/", HTTP_HOST="localhost").status_code in (302, 404)
        assert client.get("/api/v1/operator/tenants/", HTTP_HOST="localhost").status_code in (401, 403, 404)


@pytest.mark.parametrize("host", ["nobody.localhost", "hongda.localhost.evil.example", "t_1.localhost", "evil.example"])
def test_an_unknown_host_tells_nothing(host, db):
    answer = Client(HTTP_HOST=host).get("/signin/")

    assert answer.status_code == 404
    assert answer.content == b""


def test_cache_entries_and_files_carry_the_company(hongda, hengxin):
    for company, word in ((hongda, "ours"), (hengxin, "theirs")):
        with tenant_context(company):
            cache.set("same-key", word)
            kept = attachments.store(upload("图纸.png", PNG), member=None, stored_at=now())

            assert company.schema_name in make_key("same-key", "", 1)
            assert kept.path.startswith(f"{company.schema_name}/")
    with tenant_context(hongda):
        assert cache.get("same-key") == "ours"


def test_a_file_of_the_other_company_cannot_be_opened_by_its_path(hongda, hengxin):
    with tenant_context(hengxin):
        theirs = attachments.store(upload("图纸.png", PNG), member=None, stored_at=now())

    with tenant_context(hongda), pytest.raises(attachments.NotFound):
        attachments.open_file(theirs)


def _counts() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in company_models()}


def test_work_for_one_company_leaves_no_trace_in_the_other(hongda, hengxin, charlie):
    jobs.register("test.quiet", lambda running: jobs.Outcome(message=NEEDLE))
    with tenant_context(hongda):
        before = _counts()
    with tenant_context(hengxin):
        row = Job.objects.create(
            kind="test.quiet", title=NEEDLE, created_by_id=charlie.user_id, created_by_name=charlie.name,
            created_at=now() - timedelta(minutes=1), actor={**_frozen(charlie)},
        )  # fmt: skip

    send_to_company(run_job, hengxin.id, job_id=row.pk)

    with tenant_context(hengxin):
        assert Job.objects.get(pk=row.pk).state == Job.State.DONE
    with tenant_context(hongda):
        assert _counts() == before


def _frozen(member):
    return {"user_id": member.user_id, "name": member.name, "role": member.role, "rights": sorted(member.rights)}


def test_a_task_that_names_no_company_stands_on_the_shared_tables(hengxin):
    send_to_company(run_job, 999_999, job_id=1)  # a company that is gone: a logged no-op

    assert connection.schema_name == "public"


def test_the_page_of_an_error_tells_a_number_and_nothing_else(page_of, monkeypatch):
    def broken(*_args):
        raise RuntimeError(f"secret of 恒信机械: {NEEDLE}")

    monkeypatch.setattr(home.registry, "home_tasks", broken)
    client = page_of("alice")
    client.raise_request_exception = False

    answer = client.get("/")

    assert answer.status_code == 500
    assert not sings(answer.content) and "RuntimeError" not in answer.content.decode()
    assert "编号" in answer.content.decode()


def test_the_api_description_names_no_company(hengxin):
    told = APIClient(HTTP_HOST="hongda.localhost").get("/api/schema/").content.decode()

    assert "hengxin" not in told and "恒信" not in told
