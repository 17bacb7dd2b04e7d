"""宏达五金 looks everywhere it can; nothing of 恒信机械 is ever seen, and its ids are nobody's."""

import pytest

from tenants.context import tenant_context
from tests.finance.api.company import Books
from tests.isolation.canary import FIRST_ID, FOUND_BY, WORD, plant, sings
from tests.isolation.crawl import SEARCHES, addresses, visible

MUST_HOLD = {
    "kernel.AuditEntry", "kernel.Attachment", "kernel.Fact", "kernel.ImportJob", "kernel.Job", "kernel.Notification",
    "kernel.SavedView", "kernel.Staff", "kernel.Webhook", "kernel.WebhookDelivery", "masterdata.Item",
    "masterdata.Partner", "masterdata.Warehouse", "finance.LedgerAccount",
}  # fmt: skip
THEIR_PAGES = ("/company/audit/", "/masterdata/partners/", "/finance/vouchers/?from=2026-01&to=2026-01")
LEAST_SHARE = 0.7  # of all tables; the rest hold no text, or rules that a planted row cannot meet


@pytest.fixture
def planted(hongda, hengxin, api_of):
    """Both companies keep books; those of 恒信机械 hold one posted voucher and one draft besides the planted rows."""
    Books(api_of("alice")).started()
    theirs = Books(api_of("charlie")).started()
    lines = [
        {"summary": WORD, "account": "1002", "debit": "8.88"},
        {"summary": WORD, "account": "3001", "credit": "8.88"},
    ]
    theirs.posted("2026-01-05", *lines)
    theirs.draft("2026-01-06", *lines)
    with tenant_context(hengxin):
        return plant()


def test_the_canary_is_in_most_tables(planted):
    held, refused = planted

    assert set(held) >= MUST_HOLD, f"not planted: {sorted(MUST_HOLD - set(held))}"
    assert len(held) >= LEAST_SHARE * (len(held) + len(refused)), f"refused: {refused}"


# What answers without looking whether there is such a record: the answer is the same for nobody's and for one's own.
SAY_THE_SAME = [
    "200 /finance/panels/stock-documents/900001/", "200 /finance/panels/work-orders/900001/",
    "302 /company/security/tokens/900001/revoke/",
]  # fmt: skip


def test_the_canary_sings_to_its_own_company(planted, page_of, api_of):
    charlie, api = page_of("charlie"), api_of("charlie")

    heard = [path for path in THEIR_PAGES if sings(visible(charlie.get(path)))]

    assert heard == list(THEIR_PAGES)
    assert sings(visible(api.get("/api/v1/masterdata/items/")))


def test_alice_meets_it_nowhere(planted, page_of, api_of):
    page, api = page_of("alice"), api_of("alice")
    heard = []

    for path, names_a_record in addresses():
        client = api if path.startswith("/api/") else page
        for query in ("",) if names_a_record else SEARCHES:
            answer = client.get(path + query)
            if sings(visible(answer)) or answer.status_code >= 500:
                heard.append(f"{answer.status_code} {path}{query}")

    assert heard == []


def test_foreign_ids_are_nobodys(planted, page_of, api_of):
    page, api = page_of("alice"), api_of("alice")

    known = []
    for path, names_a_record in addresses():
        if names_a_record and str(FIRST_ID) in path:
            client = api if path.startswith("/api/") else page
            for ask in (client.get, client.post):
                status = ask(path).status_code
                if status not in (400, 404, 405, 409, 422):
                    known.append(f"{status} {path}")

    assert sorted(known) == SAY_THE_SAME


def test_the_palette_and_the_lookups_find_only_ones_own(planted, page_of):
    alice = page_of("alice")

    told = [alice.get(f"/search/?q={word}").content.decode() for word in (FOUND_BY, "kanarui", str(FIRST_ID))]

    assert not any(f"/{FIRST_ID}/" in answer for answer in told)
