"""Costs of stock become drafts: each entry once, one voucher a posting, one a reason for the close of a month."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from apps.finance import links, reactions, services
from apps.finance.models import Book, BusinessFact, StockAccount, Voucher
from apps.finance.models.accounts import LedgerAccount
from apps.inventory.events import CostPosted
from apps.inventory.public import EntryView, Source
from apps.masterdata import public as masterdata
from apps.production.events import PieceWorkConfirmed
from tenants.rights import Member
from tests.finance.books.hands import AT, JAN

Entries = list[EntryView]


@pytest.fixture
def entry(alice: Member, book: Book) -> Callable[..., EntryView]:
    """`entry(1, "M6-BOLT", "-70.00", quantity="-40")`: a cost entry of document 7."""

    def make(number: int, item: str, amount: str, **more: Any) -> EntryView:
        found = masterdata.ensure_item(code=item, name=item, actor=alice)
        quantity = more.pop("quantity", None)
        values: dict[str, Any] = {
            "id": number, "kind": "first", "dated_on": JAN, "amount": Decimal(amount), "reason": "material",
            "finance_reason": "MATERIAL", "item_id": found.id, "item": found.code, "category_id": None,
            "category": "", "warehouse_id": 1, "warehouse": "WH-RAW", "warehouse_kind": "store", "move_id": number,
            "document_id": 7, "document": "CK2601-07", "partner_id": None, "source": Source(), "cause": 7,
            "posted_at": AT, "quantity": Decimal(quantity) if quantity else None, **more,
        }  # fmt: skip
        return EntryView(**values)

    return make


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> Entries:
    """What inventory answers; the test appends to it."""
    written: Entries = []

    def cost_entries(*, cause: int | None = None, month: str = "", since: int = 0, limit: int = 5000) -> Entries:
        found = [
            row for row in written
            if row.id > since and (row.cause == cause if cause else row.dated_on.isoformat()[:7] == month)
        ]  # fmt: skip
        return found[:limit]

    monkeypatch.setattr(links.inventory, "cost_entries", cost_entries)
    return written


def posting() -> None:
    reactions.draft_stock_cost(CostPosted(document_id=7, dated_on="2026-01-15"))


def lines_of(voucher: Voucher | None) -> list[tuple[str, str, str]]:
    assert voucher is not None
    rows = voucher.lines.select_related("account").order_by("seq")
    return [(row.account.code, str(row.debit), str(row.credit)) for row in rows]


def test_forty_bolts_for_production(entry: Callable[..., EntryView], stock: Entries):
    stock.append(entry(1, "M6-BOLT", "-70.00", quantity="-40"))

    posting()

    fact = BusinessFact.objects.get()
    assert (fact.state, fact.document, fact.rule_code) == ("drafted", "inventory.document:7", "STD-MATERIAL")
    assert lines_of(fact.voucher) == [("400101", "70.00", "0.00"), ("1403", "0.00", "70.00")]
    assert fact.voucher is not None and fact.voucher.date == JAN
    assert fact.voucher.lines.get(account__code="1403").quantity == 40


def test_a_redelivery_is_harmless_and_a_later_entry_is_told_alone(entry: Callable[..., EntryView], stock: Entries):
    stock.append(entry(1, "M6-BOLT", "-70.00"))
    posting()
    posting()
    assert BusinessFact.objects.count() == Voucher.objects.count() == 1
    stock.append(entry(2, "M6-BOLT", "-5.00", kind="delta"))

    posting()

    late = BusinessFact.objects.order_by("id").last()
    assert late is not None and lines_of(late.voucher) == [("400101", "5.00", "0.00"), ("1403", "0.00", "5.00")]


def test_what_is_made_stands_in_1405_and_a_category_may_choose(
    entry: Callable[..., EntryView], stock: Entries, monkeypatch: pytest.MonkeyPatch, alice: Member
):
    StockAccount.objects.create(
        category="包装物", account=LedgerAccount.objects.get(code="1411"), created_at=AT, created_by_id=alice.user_id
    )
    stock += [entry(1, "M6-BOLT", "-70.00"), entry(2, "CARTON", "-3.00", category="包装物")]

    posting()

    assert lines_of(BusinessFact.objects.get().voucher) == [
        ("400101", "73.00", "0.00"), ("1403", "0.00", "70.00"), ("1411", "0.00", "3.00"),  # 70 + 3
    ]  # fmt: skip


def test_corrections_of_other_documents_are_facts_of_their_own(entry: Callable[..., EntryView], stock: Entries):
    stock += [
        entry(1, "M6-BOLT", "100.00", finance_reason="OTHER_IN", document_id=9, document="RK-9"),
        entry(2, "M6-BOLT", "-4.00", kind="delta"),
    ]

    posting()

    rules = {row.document: row.rule_code for row in BusinessFact.objects.all()}
    assert rules == {"inventory.document:9": "STD-OTHER-IN", "inventory.document:7": "STD-MATERIAL"}


def test_goods_that_come_back_are_red(entry: Callable[..., EntryView], stock: Entries):
    stock.append(entry(1, "M6-BOLT", "17.50", finance_reason="MATERIAL_RETURN", quantity="10"))

    posting()

    assert lines_of(BusinessFact.objects.get().voucher) == [("400101", "-17.50", "0.00"), ("1403", "0.00", "-17.50")]


def test_a_transfer_between_stores_needs_no_voucher_one_to_the_subcontractor_does(
    entry: Callable[..., EntryView], stock: Entries
):
    moved = {"finance_reason": "TRANSFER"}
    stock += [entry(1, "M6-BOLT", "-70.00", **moved), entry(2, "M6-BOLT", "70.00", warehouse="WH-2", **moved)]
    posting()
    assert not BusinessFact.objects.exists()
    stock += [
        entry(3, "M6-BOLT", "-30.00", **moved),
        entry(4, "M6-BOLT", "30.00", warehouse_kind="subcontract", **moved),
    ]

    posting()

    assert sorted(lines_of(BusinessFact.objects.get().voucher)) == [
        ("1403", "0.00", "30.00"),
        ("1408", "30.00", "0.00"),
    ]


def test_opening_stock_and_what_was_before_the_book_are_set_aside(entry: Callable[..., EntryView], stock: Entries):
    stock += [
        entry(1, "M6-BOLT", "500.00", finance_reason="OPENING"),
        entry(2, "M6-BOLT", "-70.00", dated_on=date(2025, 12, 30)),
    ]

    posting()

    assert set(BusinessFact.objects.values_list("state", flat=True)) == {"set_aside"}
    assert not Voucher.objects.exists()


def test_the_two_ways_opening_stock_is_set_aside_say_what_to_do(entry: Callable[..., EntryView], stock: Entries):
    opening = {"finance_reason": "OPENING"}
    stock += [
        entry(1, "M6-BOLT", "500.00", dated_on=date(2025, 12, 30), **opening),
        entry(2, "M-STEEL", "9.00", **opening),
    ]

    posting()

    before, within = BusinessFact.objects.order_by("occurred_on")
    assert "发生在账套启用之前" in before.message and "手工填制凭证" in within.message


def test_returns_to_several_suppliers_that_the_close_prices_are_owed_to_each(
    entry: Callable[..., EntryView], stock: Entries, alice: Member
):
    services.add_account(account=services.AccountInput(code="220202", name="暂估应付款"), actor=alice, at=AT)
    back = {"finance_reason": "PURCHASE_RETURN", "kind": "close", "cause": None}
    for number, (code, amount) in enumerate((("S001", "-10.00"), ("S002", "-20.00"), ("S001", "-5.00")), start=1):
        supplier = masterdata.ensure_partner(code=code, name=code, is_supplier=True, actor=alice)
        stock.append(entry(number, "M6-BOLT", amount, quantity="-1", partner_id=supplier.id, **back))

    reactions.draft_stock_cost(CostPosted(document_id=0, dated_on="2026-01-31"))

    fact = BusinessFact.objects.get()
    assert fact.voucher is not None, fact.message
    owed = fact.voucher.lines.filter(account__code="220202").select_related("combo")
    assert sorted((line.combo.key, str(line.credit)) for line in owed) == [
        ("supplier:S001", "-15.00"), ("supplier:S002", "-20.00"),  # 10 + 5; 20
    ]  # fmt: skip


LATE = {"finance_reason": "LATE_COST", "kind": "late", "cause": 7}


@pytest.mark.parametrize(
    ("kind", "reason", "rule", "credited"),
    [
        ("adjustment", "production", "STD-LATE-FINISHED", "400101"),
        ("adjustment", "subcontract", "STD-LATE-SUBCONTRACT", "1408"),
        ("landed", "production", "STD-LATE", "220202"),  # freight is owed to the carrier, whatever it was paid for
    ],
)
def test_a_cost_that_came_after_the_goods_had_gone(
    entry: Callable[..., EntryView], stock: Entries, monkeypatch: pytest.MonkeyPatch, alice: Member,
    kind: str, reason: str, rule: str, credited: str,
):  # fmt: skip
    services.add_account(account=services.AccountInput(code="220202", name="暂估应付款"), actor=alice, at=AT)
    carrier = masterdata.ensure_partner(code="S009", name="顺达货运", is_supplier=True, actor=alice)
    cause = SimpleNamespace(kind=kind, partner_id=carrier.id if kind == "landed" else None)
    monkeypatch.setattr(links.inventory, "get_document", lambda pk: cause)
    stock.append(entry(1, "DN50", "8.00", reason=reason, document_id=5, document="RK-5", **LATE))

    posting()

    fact = BusinessFact.objects.get()
    assert (fact.rule_code, lines_of(fact.voucher)) == (rule, [("5401", "8.00", "0.00"), (credited, "0.00", "8.00")])


def test_the_close_of_a_month_gives_one_voucher_a_reason(entry: Callable[..., EntryView], stock: Entries):
    closed = {"kind": "close", "cause": None}
    stock += [
        entry(1, "M6-BOLT", "-10.00", quantity="-5", **closed),
        entry(2, "M6-BOLT", "-20.00", quantity="-10", document_id=8, dated_on=date(2026, 1, 28), **closed),
        entry(3, "DN50", "-6.00", finance_reason="SALE", **closed),
    ]

    reactions.draft_stock_cost(CostPosted(document_id=0, dated_on="2026-01-31"))

    drafted = {row.rule_code: row for row in BusinessFact.objects.select_related("rule_version__rule", "voucher")}
    assert lines_of(drafted["STD-MATERIAL"].voucher) == [("400101", "30.00", "0.00"), ("1403", "0.00", "30.00")]
    assert drafted["STD-MATERIAL"].occurred_on == date(2026, 1, 28)  # the last of the entries' days
    assert lines_of(drafted["STD-SALE"].voucher) == [("5401", "6.00", "0.00"), ("1403", "0.00", "6.00")]


def test_purchases_are_estimated_until_the_invoice_comes(
    entry: Callable[..., EntryView], stock: Entries, alice: Member
):
    supplier = masterdata.ensure_partner(code="S001", name="永兴钢材", is_supplier=True, actor=alice)
    services.add_account(account=services.AccountInput(code="220202", name="暂估应付款"), actor=alice, at=AT)
    stock.append(entry(1, "M-STEEL", "5000.00", finance_reason="PURCHASE_RECEIPT", partner_id=supplier.id))

    posting()

    fact = BusinessFact.objects.get()
    assert (fact.reason, lines_of(fact.voucher)) == (
        "", [("1403", "5000.00", "0.00"), ("220202", "0.00", "5000.00")],
    )  # fmt: skip


def test_facts_that_came_before_the_book_are_taken_up_at_its_start(entry: Callable[..., EntryView], stock: Entries):
    Book.objects.update(state=Book.State.SETUP)
    stock.append(entry(1, "M6-BOLT", "-70.00"))
    posting()
    assert BusinessFact.objects.get().reason == "book_not_started"
    Book.objects.update(state=Book.State.STARTED)

    reactions.draft_what_came_early(reactions.BookStarted(start_period="2026-01"))

    assert BusinessFact.objects.get().state == "drafted"


def test_piece_wages_of_a_report_are_drafted_once(book: Book, monkeypatch: pytest.MonkeyPatch):
    earned = {"employee": "E001", "report_id": 5, "work_order": "MO2601-03"}
    lines = [SimpleNamespace(**earned, amount=Decimal(amount)) for amount in ("12.50", "7.50")]
    monkeypatch.setattr(links.production, "wage_lines", lambda month: lines)
    event = PieceWorkConfirmed(report_id=5, work_order_id=3, earned_on="2026-01-15")

    reactions.draft_piece_work(event)
    reactions.draft_piece_work(event)

    fact = BusinessFact.objects.get()
    assert (fact.rule_code, fact.document) == ("STD-PIECE-WORK", "production.work_order:3")
    assert lines_of(fact.voucher) == [("400102", "20.00", "0.00"), ("221101", "0.00", "20.00")]  # 12.50 + 7.50
