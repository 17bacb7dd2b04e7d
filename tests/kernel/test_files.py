"""Attachments: checked by content, within the quota, for members of this company alone, as downloads."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from kernel import attachments, filetypes
from kernel.clock import now
from kernel.http import uploads
from kernel.models import Attachment
from tenants.context import load_company, tenant_context
from tenants.models import Tenant
from tests.kernel.sheets import body, upload, workbook

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
PDF = b"%PDF-1.7\n1 0 obj\n"


def _archive(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<xml/>")
    return buffer.getvalue()


CONTENTS = {
    "pdf": PDF, "png": PNG, "jpg": b"\xff\xd8\xff\xe0" + b"0" * 16, "webp": b"RIFF0000WEBPVP8 ",
    "xlsx": workbook([["a"]]), "xls": filetypes.OLE + b"0" * 16, "csv": "编码\nDN50".encode("gb18030"),
    "txt": "法兰盘".encode(), "xml": b'<?xml version="1.0"?><EInvoice/>', "zip": _archive("a.xml"),
    "ofd": _archive("OFD.xml"),
}  # fmt: skip


@pytest.mark.parametrize("ending", sorted(CONTENTS))
def test_each_kind_is_known_by_its_content_and_no_other(ending):
    taken = {other for other in CONTENTS if filetypes.matches(other, io.BytesIO(CONTENTS[ending]))}

    assert ending in taken
    assert taken <= {ending, "zip", "csv", "txt"}  # a workbook is a zip too, XML is text too


@pytest.mark.parametrize("name", ["合同.pdf", "图.png", "表.xlsx", "表.csv", "说明.txt", "票.xml"])
def test_a_program_under_another_name_is_refused(in_hongda, name):
    program = SimpleUploadedFile(name, b"MZ\x90\x00\x03\x00\x00\x00\x04\x00")

    with pytest.raises(attachments.FileRefused) as refusal:
        attachments.store(program, member=None, stored_at=now())

    assert refusal.value.code == "file_content_refused"


def test_other_endings_and_empty_files_are_refused(in_hongda):
    for name, content, code in (
        ("a.exe", b"MZ", "file_type_refused"),
        ("a", b"x", "file_type_refused"),
        ("a.pdf", b"", "file_empty"),
    ):
        with pytest.raises(attachments.FileRefused) as refusal:
            attachments.store(SimpleUploadedFile(name, content), member=None, stored_at=now())

        assert refusal.value.code == code


def test_the_path_is_random_and_below_the_companys_schema(in_hongda):
    kept = attachments.store(upload("../../合同.pdf", PDF), member=None, stored_at=now())

    assert kept.name == "合同.pdf"
    assert kept.path.startswith(f"{in_hongda.schema_name}/")
    assert "合同" not in kept.path
    assert attachments.open_file(kept).read() == PDF


def test_the_quota_is_kept(in_hongda, monkeypatch):
    monkeypatch.setattr(attachments, "used_bytes", lambda: 2048 * 1024 * 1024 - 10)

    with pytest.raises(attachments.StorageFull) as refusal:
        attachments.store(upload("合同.pdf", PDF), member=None, stored_at=now())

    assert (refusal.value.http_status, refusal.value.code) == (402, "storage_quota_exceeded")


def test_upload_and_download_over_the_api(api_of):
    alice, charlie = api_of("alice"), api_of("charlie")

    made = alice.post("/api/v1/files/", {"file": upload("合同.pdf", PDF)}, format="multipart")
    found = alice.get(made.json()["url"])
    elsewhere = charlie.get(made.json()["url"])

    assert (made.status_code, found.status_code, elsewhere.status_code) == (201, 200, 404)
    assert body(found) == PDF
    assert found["Content-Disposition"].startswith("attachment;")
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "private" in found["Cache-Control"]


def test_a_file_that_needs_a_right_is_a_404_without_it(api_of, page_of, hongda):
    alice = api_of("alice")
    made = alice.post("/api/v1/files/", {"file": upload("合同.pdf", PDF)}, format="multipart").json()
    with tenant_context(hongda):
        Attachment.objects.filter(pk=made["id"]).update(right="company.members")

    assert alice.get(f"/files/{made['id']}/").status_code == 200
    assert page_of("bob").get(f"/files/{made['id']}/").status_code == 404
    assert page_of("charlie").get(f"/files/{made['id']}/").status_code == 404


def test_a_draft_is_given_to_one_document_and_then_stays(alice, in_hongda):
    kept = attachments.store(upload("发票.pdf", PDF), member=alice, stored_at=now())

    attachments.attach(attachment_id=kept.pk, owner="voucher:17", member=alice, right="finance.view")

    assert [file.pk for file in attachments.of_owner("voucher:17")] == [kept.pk]
    for act in (
        lambda: attachments.attach(attachment_id=kept.pk, owner="voucher:18", member=alice),
        lambda: attachments.remove_draft(attachment_id=kept.pk, member=alice),
    ):
        with pytest.raises(attachments.NotADraft):
            act()


def test_sixty_megabytes_are_refused_before_they_are_read(api_of, page_of, monkeypatch):
    monkeypatch.setattr(uploads, "READ_AWAY", 0)  # the test's client has no body to read away
    length = 60 * 1024 * 1024

    for client, path in ((api_of("alice"), "/api/v1/files/"), (page_of("alice"), "/files/")):
        answer = client.generic(
            "POST", path, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=length
        )

        assert answer.status_code == 413
        assert "50 MB" in answer.content.decode()


def test_two_uploads_at_once_do_not_share_the_last_megabyte(committed_db):
    Tenant.objects.filter(slug="hongda").update(storage_quota_mb=1)
    hongda = load_company(Tenant.objects.get(slug="hongda").pk)
    start = Barrier(2)

    def bring(number: int) -> str:
        try:
            with tenant_context(hongda):
                start.wait()
                attachments.store(upload(f"图纸{number}.png", PNG + b"0" * 700_000), member=None, stored_at=now())
        except attachments.StorageFull as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(bring, range(2)))

    assert outcomes == ["kept", "storage_quota_exceeded"]  # 2 x 0.7 MB into 1 MB
    with tenant_context(hongda):
        assert Attachment.objects.count() == 1
