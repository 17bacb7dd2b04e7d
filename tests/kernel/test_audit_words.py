"""操作日志: what was changed is named in words, not by the column's code."""

import pytest

from apps.finance.services import accounts as ledger_accounts
from apps.finance.services import book
from apps.masterdata.services import item_parts, items, partners
from kernel import audit_words
from kernel.models import AuditEntry
from tenants.context import tenant_context

LOGGED = {
    "item": (
        "code",
        *items.PLAIN_FIELDS,
        *items.SECRET_FIELDS,
        *item_parts.PARTS,
        "tracking",
        "stock_unit",
        "category",
    ),
    "partner": (*partners.LOGGED, "bank_accounts"),
    "account": ledger_accounts._PLAIN,
    "book": (*book._SETTINGS, "reason"),
    "number_rule": ("pattern", "reset", "gapless"),
    "webhook": ("url", "events", "is_active"),
    "member": ("role", "rights", "until"),
    "company": ("name",),
    "warehouse": ("code", "name", "kind", "state", "barcode", "warehouse"),
    "employee": ("code", "name", "department", "mobile", "member", "state"),
}


@pytest.mark.parametrize("noun", sorted(LOGGED))
def test_every_logged_field_has_a_word(noun):
    assert [name for name in LOGGED[noun] if audit_words.field_text(name) == name] == []


def test_a_line_of_a_list_is_named_with_its_number():
    assert (audit_words.field_text("lines.3"), audit_words.field_text("unheard_of")) == ("分录 3", "unheard_of")


def test_the_page_shows_words_for_an_item(page_of, hongda, alice):
    with tenant_context(hongda):
        bolt = items.create_item(
            values={"code": "M6-BOLT", "name": "六角螺栓", "stock_unit": "pcs", "drawing_no": "D-1"}, actor=alice
        )
        items.update_item(item=bolt, values={"drawing_no": "D-2", "stock_unit": "kg", "version": 1}, actor=alice)
        entry = AuditEntry.objects.get(action="item.change")

    page = page_of("alice").get("/company/audit/").content.decode()

    assert entry.changes == {"drawing_no": ["D-1", "D-2"], "stock_unit": ["pcs", "kg"]}
    assert "图号" in page and "库存单位" in page and "drawing_no" not in page
