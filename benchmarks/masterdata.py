"""Lists of 20,000 items, saving one, importing 10,000, answering a scan: the promises of master data."""

import io
import itertools
import random
import resource
import time

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.masterdata.models import Item
from benchmarks.common import finish, installation, make_company, measure, result
from kernel.imports import kinds, runner, services
from tenants.context import Company, shared_context, tenant_context
from tenants.models import Membership
from tenants.rights import Member
from tenants.services.members import make_token

IMPORTED, FILES = 10_000, 2  # two files make the 20,000 items that the list shows
WORDS = ("六角螺栓", "法兰盘", "轴承座", "密封圈", "联轴器", "减速机壳体", "不锈钢管", "电镀件")
SEARCHES = ("", "螺栓", "WL-0123", "fl", "法兰盘 DN50", "没有这个", "密封圈 M8")
API = "/api/v1/masterdata"


def main() -> None:
    random.seed(7)  # the same items and questions every time
    with installation():
        company, owner = make_company()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        seconds = [_import(company, owner, number) for number in range(FILES)]
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        client = _client(company, owner)
        numbers = itertools.count(1)
        questions = itertools.cycle(SEARCHES)
        finish(
            [
                result("import of 10,000 items, the slower of two files", max(seconds), 60.0, "s", "promise"),
                result("memory that the imports took", grown, 200.0, "MB", "promise"),
                measure("page of 20,000 items with search", lambda: _list(client, next(questions))).kept(200.0),
                measure("item saved", lambda: _save(client, next(numbers))).kept(100.0),
                measure("scan answered", lambda: _scan(client)).kept(50.0),
            ]
        )


def _import(company: Company, owner: Member, number: int) -> float:
    """Seconds from the stored file to the last row, as a worker does it."""
    upload = SimpleUploadedFile(f"物料{number}.xlsx", _workbook(number * IMPORTED))
    with tenant_context(company):
        job = services.take_in(kind=kinds.get("masterdata.items"), upload=upload, member=owner, now=timezone.now())
        begin = time.perf_counter()
        runner.run(job.pk, now=timezone.now())
        job.refresh_from_db()
        assert (job.state, Item.objects.count()) == ("done", (number + 1) * IMPORTED), job.state
        return time.perf_counter() - begin


def _workbook(start: int) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ["物料编码", "物料名称", "规格型号", "库存单位"])
    for row in range(1, IMPORTED + 1):
        code = start + row
        page.write_row(row, 0, [f"WL-{code:06d}", f"{WORDS[code % len(WORDS)]} {code}", f"M{code % 40 + 4}", "pcs"])
    book.close()
    return file.getvalue()


def _client(company: Company, owner: Member) -> Client:
    with shared_context():
        row = Membership.objects.get(user_id=owner.user_id, tenant_id=company.id)
        _row, key = make_token(user_id=owner.user_id, membership_id=row.pk, name="bench", at=timezone.now())
    return Client(HTTP_HOST=f"{company.slug}.localhost", HTTP_AUTHORIZATION=f"Token {key}")


def _list(client: Client, text: str) -> None:
    page = str(random.randrange(1, 20)) if not text else "1"
    answer = client.get(f"{API}/items/", {"search": text, "page": page})
    assert answer.status_code == 200, answer.content


def _save(client: Client, number: int) -> None:
    body = {
        "code": f"NEW-{number:05d}", "name": f"新物料 {number}", "stock_unit": "pcs",
        "units": [{"unit": "box", "factor": "100"}], "barcodes": [{"value": f"NB-{number:05d}", "unit": "box"}],
    }  # fmt: skip
    answer = client.post(f"{API}/items/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content


def _scan(client: Client) -> None:
    code = random.randrange(1, IMPORTED * FILES)
    answer = client.get(f"{API}/scan/", {"code": f"WL-{code:06d}"})
    assert answer.status_code == 200 and answer.json()["kind"] == "item", answer.content


if __name__ == "__main__":
    main()
