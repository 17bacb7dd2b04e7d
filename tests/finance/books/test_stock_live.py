"""From the store to the books: receipts and issues of stock, drafted, posted, and tied to the ledger."""

from decimal import Decimal

import pytest

from apps.finance import services
from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, BusinessFact, Voucher
from apps.finance.services import stock_ties
from apps.finance.services.ledger import standing_balances
from apps.inventory import public as inventory
from apps.inventory.services import closing
from kernel import events
from tenants.rights import Member
from tests.finance.books.hands import AT, JAN
from tests.inventory.shop import make_item, make_warehouse

JANUARY = Month(2026, 1)


@pytest.fixture
def store(alice: Member, book: Book) -> str:
    """An empty raw store; supplier S001 and 暂估应付款 stand in the book."""
    services.add_account(account=services.AccountInput(code="220202", name="暂估应付款"), actor=alice, at=AT)
    return make_warehouse("WH-RAW").code


def _moved(alice: Member, store: str) -> None:
    inventory.receive(
        warehouse=store, moved_on=JAN, reason="purchase", partner="S001", actor=alice, at=AT,
        lines=[inventory.ReceiptLine(item="M6-BOLT", quantity=Decimal(100), unit_cost=Decimal("1.75"))],
    )  # fmt: skip
    inventory.issue(
        warehouse=store, moved_on=JAN, reason="material", actor=alice, at=AT,
        lines=[inventory.IssueLine(item="M6-BOLT", quantity=Decimal(40))],
    )  # fmt: skip


def _post_all(alice: Member) -> None:
    for voucher in Voucher.objects.exclude(state="posted").order_by("id"):
        services.review(voucher_id=voucher.pk, actor=alice, at=AT)
        services.post(voucher_id=voucher.pk, actor=alice, at=AT)


def test_forty_bolts_are_issued_and_the_accountant_finds_a_balanced_draft(alice: Member, store: str):
    make_item("M6-BOLT", method="moving_average")
    _moved(alice, store)

    done, failed = events.deliver_waiting()

    assert failed == 0 and done
    drafted = {row.rule_code: row for row in BusinessFact.objects.select_related("rule_version__rule", "voucher")}
    assert drafted["STD-PURCHASE"].voucher is not None and drafted["STD-MATERIAL"].voucher is not None
    assert drafted["STD-PURCHASE"].voucher.total == Decimal("175.00")  # 100 x 1.75
    assert drafted["STD-MATERIAL"].voucher.total == Decimal("70.00")  # 40 x 1.75
    _post_all(alice)
    ties = stock_ties.stock_ties(JANUARY, standing_balances("14"), chosen={})
    assert ties is not None
    assert {tie.account: (tie.stock, tie.difference) for tie in ties}["1403"] == (Decimal("105.00"), 0)  # 175 - 70


def test_monthly_average_is_booked_by_the_close_of_stock(alice: Member, store: str):
    make_item("M6-BOLT", method="monthly_average")
    _moved(alice, store)
    events.deliver_waiting()
    assert set(BusinessFact.objects.values_list("rule_version__rule__code", flat=True)) == {"STD-PURCHASE"}

    closing.close(month="2026-01", actor=alice, at=AT)
    events.deliver_waiting()

    issued = BusinessFact.objects.get(rule_version__rule__code="STD-MATERIAL")
    assert issued.voucher is not None and issued.voucher.total == Decimal("70.00")  # 175 / 100 x 40
    assert issued.voucher.lines.get(account__code="1403").quantity == 40
    assert (issued.document, issued.occurred_on.month) == ("inventory.period:2026-01", 1)


def test_an_unposted_draft_unties_the_stock(alice: Member, store: str):
    make_item("M6-BOLT", method="moving_average")
    _moved(alice, store)
    events.deliver_waiting()

    found = {item.code: item for item in services.checklist(period="2026-01").items}

    assert (found["stock_ties_to_ledger"].status, found["stock_ties_to_ledger"].count) == ("warning", 1)


def test_replay_catches_a_finance_bought_later_up_and_twice_changes_nothing(alice: Member, store: str):
    make_item("M6-BOLT", method="moving_average")
    _moved(alice, store)
    events.deliver_waiting()
    before = Voucher.objects.count()

    events.replay(module="finance")
    events.deliver_waiting()

    assert Voucher.objects.count() == before == 2


def test_without_inventory_nothing_is_asked(alice: Member, book: Book, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("apps.finance.links.has_module", lambda module: module == "finance")

    found = {item.code: item for item in services.checklist(period="2026-01").items}

    assert found["stock_ties_to_ledger"].status == "not_needed"
