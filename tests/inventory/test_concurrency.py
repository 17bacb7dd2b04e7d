"""P6: many at once, with real connections. Nobody takes what is not there, and nothing is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

from django.db import connections
from django.utils import timezone

from apps.inventory.models import StockMove
from apps.inventory.records import Source
from apps.inventory.services.proof import broken_stock
from apps.inventory.services.reservations import reserve
from kernel.errors import DomainError
from tenants.context import Company, company_of, leave_company, tenant_context
from tenants.models import Tenant
from tests.inventory import shop

WORKERS = 8
DAY = "2026-03-10"


def at_once(company: Company, *jobs: Callable[[], object]) -> Counter[str]:
    """Run each job on a connection of its own, all starting together; counts what became of them."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> str:
        try:
            with tenant_context(company):
                gate.wait()
                job()
        except DomainError as error:
            return error.code
        finally:
            leave_company()
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def hongda() -> Company:
    return company_of(Tenant.objects.get(slug="hongda"))


def test_ten_in_stock_and_sixteen_hands(committed_db: str):
    company = hongda()
    with tenant_context(company):
        shop.make_item("M6-BOLT")
        shop.make_warehouse("W1")
        shop.receive_of("M6-BOLT", "10", on=DAY, amount="10")

    found = at_once(company, *[lambda: shop.issue_of("M6-BOLT", "1", on=DAY)] * 16)

    assert found == {"done": 10, "not_enough_stock": 6}
    with tenant_context(company):
        assert shop.on_hand_of("M6-BOLT") == 0
        assert broken_stock() == []


def test_reservations_do_not_overlap(committed_db: str):
    company = hongda()
    with tenant_context(company):
        shop.make_item("M6-BOLT")
        shop.make_warehouse("W1")
        shop.receive_of("M6-BOLT", "10", on=DAY, amount="10")

    def keep() -> None:
        reserve(
            item="M6-BOLT", warehouse="W1", quantity=Decimal(3), source=Source(kind="sales_order", number="SO1"),
            actor=None, at=timezone.now(),
        )  # fmt: skip

    assert at_once(company, *[keep] * WORKERS) == {"done": 3, "not_enough_available": 5}


def test_receipts_of_a_new_lot_and_item_meet(committed_db: str):
    company = hongda()
    with tenant_context(company):
        shop.make_item("GLUE", tracking="lot", method="fifo")
        shop.make_warehouse("W1")

    found = at_once(company, *[lambda: shop.receive_of("GLUE", "1", on=DAY, amount="1", lot="L1")] * WORKERS)

    assert found == {"done": WORKERS}
    with tenant_context(company):
        assert (shop.on_hand_of("GLUE"), shop.value_of("GLUE")) == (8, 8)
        assert broken_stock() == []


def test_a_close_and_postings_queue(committed_db: str):
    company = hongda()
    with tenant_context(company):
        shop.make_item("M6-BOLT")
        shop.make_warehouse("W1")
        shop.receive_of("M6-BOLT", "100", on="2026-02-10", amount="100")

    found = at_once(
        company,
        lambda: shop.close_of("2026-02"),
        *[lambda: shop.issue_of("M6-BOLT", "1", on="2026-02-11")] * WORKERS,
    )

    assert found["done"] + found["period_closed"] == WORKERS + 1
    with tenant_context(company):
        assert StockMove.objects.count() == found["done"]  # one receipt instead of the close
        assert broken_stock() == []


def test_both_ways_between_two_warehouses(committed_db: str):
    company = hongda()
    with tenant_context(company):
        shop.make_item("M6-BOLT", method="fifo", scope="warehouse")
        for code in ("W1", "W2"):
            shop.make_warehouse(code)
            shop.receive_of("M6-BOLT", "20", on=DAY, amount="20", warehouse=code)

    found = at_once(
        company,
        *[lambda: shop.transfer_of("M6-BOLT", "2", on=DAY, source="W1", target="W2")] * 4,
        *[lambda: shop.transfer_of("M6-BOLT", "3", on=DAY, source="W2", target="W1")] * 4,
    )

    assert found == {"done": 8}
    with tenant_context(company):
        assert shop.on_hand_of("M6-BOLT", "W1") == 24  # 20 - 4 x 2 + 4 x 3
        assert broken_stock() == []
