"""What people and programs send by mistake or on purpose: a clear sentence, nothing lost, nothing told.

Elsewhere: 10,000 rows with three bad ones in tests/kernel/test_imports.py, formula cells of imports and exports there
and in test_exports.py, addresses at sign-up in tests/billing.
"""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from kernel.models import Attachment
from tenants.context import tenant_context
from tests.finance.api.company import Books
from tests.kernel.sheets import upload

NAMES = (
    "🔩 螺栓",
    "𠮷野家具",
    "é́́́́ Zalgo",
    "ab\u200bcd",
    "خزانة",
    "'; DROP TABLE items; --",
    "<script>alert(1)</script>",
)
SIXTY_MEGABYTES = b"0" * (60 * 1024 * 1024)
SIGNUP = {
    "company": "新业五金", "owner_name": "周新", "owner_email": "zhou@xinye.example", "password": "Xinye-2026-falan",
    "modules": ["finance"], "accept_terms": True,
}  # fmt: skip
BAD_SLUGS = ("admin", "www", "t-abc", "-abc", "Abc", "a b", "a--b", "ab", "空格", "a" * 80, "x.y", "../etc")


# -- Sign-up -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", BAD_SLUGS)
def test_an_odd_or_reserved_address_is_refused_by_page_and_program(slug, db):
    page = Client(HTTP_HOST="localhost").post("/signup/", {**SIGNUP, "slug": slug})
    program = APIClient(HTTP_HOST="localhost").post("/api/v1/signup/", {**SIGNUP, "slug": slug}, format="json")

    assert page.status_code == 422
    assert "新业五金" in page.content.decode() and 'role="alert"' in page.content.decode()
    assert program.status_code == 400
    assert program.json()["message"]


def test_a_taken_address_answers_as_a_free_one(db):
    client = APIClient(HTTP_HOST="localhost")

    answers = [
        client.post("/api/v1/signup/", {**SIGNUP, "slug": slug}, format="json") for slug in ("hongda", "xinye-wj")
    ]

    assert [answer.status_code for answer in answers] == [202, 202]  # nobody learns who is a customer
    assert set(answers[0].json()) == set(answers[1].json())


# -- Vouchers ----------------------------------------------------------------------------------------------------
LINES = [
    {"summary": "采购钢材", "account": "1403", "debit": "100.00"},
    {"summary": "采购钢材", "account": "1002", "credit": "99.99"},
]
RIGHT = [LINES[0], {**LINES[1], "credit": "100.00"}]


@pytest.fixture
def books(api_of) -> Books:
    return Books(api_of("alice")).started()


def test_an_unbalanced_voucher_cannot_be_posted(books):
    made = books.post("vouchers/", {"date": "2026-01-15", "word": "记", "lines": LINES})

    assert made.status_code in (400, 409)
    assert "0.01" in made.json()["message"]  # 100.00 - 99.99


def test_a_date_outside_the_books_is_refused_with_a_sentence(books):
    for day in ("2025-12-31", "1900-01-01", "9999-12-31", "2026-02-30", "gestern"):
        answer = books.post("vouchers/", {"date": day, "word": "记", "lines": RIGHT})

        assert answer.status_code in (400, 409), day
        assert answer.json()["message"]


@pytest.mark.parametrize(
    "amount", ["1e400", "NaN", "-0", "１００", "100.001", "99999999999999999999", "", None, [], {}]
)
def test_odd_amounts_never_break_the_server(books, amount):
    lines = [{**LINES[0], "debit": amount}, {**LINES[1], "credit": amount}]

    answer = books.post("vouchers/", {"date": "2026-01-15", "word": "记", "lines": lines})

    assert answer.status_code in (400, 409)
    assert answer.json()["message"]


def test_a_date_in_a_closed_period_is_refused(books):
    books.made("periods/2026-01/close/")

    answer = books.post("vouchers/", {"date": "2026-01-15", "word": "记", "lines": RIGHT})

    assert answer.status_code == 409
    assert "2026" in answer.json()["message"]


def test_two_people_and_one_draft(books, api_of):
    draft = books.draft("2026-01-15", *RIGHT)
    bobs = Books(api_of("bob"))
    path = f"vouchers/{draft['id']}/"

    first = bobs.patch(path, {"version": draft["version"], "attachment_count": 3})
    second = books.patch(path, {"version": draft["version"], "attachment_count": 5})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "stale_version"
    assert second.json()["current"] == first.json()["version"]
    assert books.get(path)["attachment_count"] == 3  # what was saved first stands


# -- Names -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_kept_as_it_was_typed_and_shown_harmless(name, api_of, page_of):
    made = api_of("alice").post("/api/v1/masterdata/partners/", {"code": "C900", "name": name}, format="json")
    page = page_of("alice").get("/masterdata/partners/").content.decode()

    assert made.status_code == 201 and made.json()["name"] == name
    assert "<script>alert" not in page


@pytest.mark.parametrize("name", ["长" * 300, "", "   ", "a\x00b", 17, None, ["x"], {"a": 1}])
def test_a_name_that_cannot_be_kept_is_refused(name, api_of):
    answer = api_of("alice").post("/api/v1/masterdata/partners/", {"code": "C901", "name": name}, format="json")

    assert answer.status_code in (201, 400)
    assert answer.status_code == 201 or answer.json()["fields"]


def test_a_control_character_in_a_name_is_refused_by_a_sentence_that_says_so(api_of):
    answer = api_of("alice").post("/api/v1/masterdata/partners/", {"code": "C902", "name": "a\x00b"}, format="json")

    assert answer.json()["fields"] == {"name": ["文字里有不能保存的控制字符，请删除后重试。"]}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"name": ' + b"[" * 500 + b"]" * 500]
)
def test_a_body_that_is_no_object_is_a_400(body, api_of):
    answer = api_of("alice").generic("POST", "/api/v1/masterdata/partners/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["message"]


# -- Hosts, files, addresses -------------------------------------------------------------------------------------
def test_a_token_at_a_foreign_or_unknown_host_is_a_404(api_of):
    alice = api_of("alice")

    foreign = alice.get("/api/v1/masterdata/partners/", HTTP_HOST="hengxin.localhost")
    unknown = alice.get("/api/v1/masterdata/partners/", HTTP_HOST="nobody.localhost")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert "恒信" not in foreign.content.decode()


@pytest.mark.parametrize("path", ["/files/", "/imports/masterdata.partners/", "/api/v1/files/"])
def test_sixty_megabytes_are_refused_before_they_are_stored(path, page_of, api_of, hongda):
    client = api_of("alice") if path.startswith("/api/") else page_of("alice")

    answer = client.generic("POST", path, SIXTY_MEGABYTES, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 413
    assert "50 MB" in answer.content.decode()
    with tenant_context(hongda):
        assert not Attachment.objects.exists()


def test_a_file_that_is_not_what_it_says_is_refused(page_of):
    answer = page_of("alice").post("/files/", {"file": upload("发票.pdf", b"MZ\x90\x00 a program")})

    assert answer.status_code == 400
    assert "pdf" in answer.content.decode()


ODD_ADDRESSES = (
    "/%00",
    "/%ff%fe",
    "/company/audit/?since=0000-00-00",
    "/company/audit/?page=-1",
    "/search/?q=%00",
    "/search/?q=" + "9" * 5000,
    "/signin/?next=//evil.example",
    "/masterdata/partners/?page=999999999999999999999",
    "/company/members/99999999999999999999/",
    "/notifications/99999999999999999999/",
    "/files/99999999999999999999/",
)


@pytest.mark.parametrize("path", ODD_ADDRESSES)
def test_odd_addresses_never_break_the_server(path, page_of):
    answer = page_of("alice").get(path)

    assert answer.status_code < 500
    assert "evil.example" not in answer.get("Location", "")


def test_two_people_edit_one_draft_in_the_browser_and_the_second_sees_both_versions(books, api_of, page_of):
    draft = books.draft("2026-01-15", *RIGHT)
    Books(api_of("bob")).patch(f"vouchers/{draft['id']}/", {"version": draft["version"], "attachment_count": 3})
    form = {
        "word": "记", "date": "2026-01-15", "attachment_count": "5", "kind": "normal", "version": str(draft["version"]),
        "lines-0-summary": "我的摘要", "lines-0-account": "1403", "lines-0-debit": "100.00",
        "lines-1-summary": "我的摘要", "lines-1-account": "1002", "lines-1-credit": "100.00",
    }  # fmt: skip

    answer = page_of("alice").post(f"/finance/vouchers/{draft['id']}/edit/", form)

    page = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert "已被他人修改" in page and "我的摘要" in page  # what was typed stays
    assert "采购钢材" in page  # and what the other person saved stands beside it


@pytest.mark.parametrize("body", [b'{"code": "C1"', b"[" * 200_000, b'{"code": "C1", "name": "\\ud800"}'])
def test_a_body_that_cannot_be_read_is_refused_in_a_sentence(body, api_of):
    answer = api_of("alice").generic("POST", "/api/v1/masterdata/partners/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["message"].endswith("请检查后重试。") or answer.json()["message"].endswith("请修改后重试。")


@pytest.mark.parametrize("path", ["/company/members/", "/signin/"])
def test_a_form_sent_without_any_field_is_422_with_an_alert(path, page_of):
    client = page_of("alice") if path.startswith("/company/") else Client(HTTP_HOST="hongda.localhost")

    answer = client.post(path, {})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
