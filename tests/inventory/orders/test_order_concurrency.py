"""Two clerks on one order line: what was ordered leaves once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier

from django.db import connections
from django.utils import timezone

from apps.inventory.models import SalesOrderLine
from apps.inventory.services.orders import drafts, moving, states
from apps.inventory.services.orders.sides import SALES
from apps.inventory.services.orders.values import LineInput, MoveInput, OrderInput, Posting
from apps.masterdata import public as masterdata
from kernel.errors import DomainError
from tenants.context import Company, company_of, leave_company, tenant_context
from tenants.models import Tenant
from tests.inventory import shop

DAY = date(2026, 3, 10)


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


def test_ten_ordered_and_six_clerks_with_three_each(committed_db: str):
    company = company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(company):
        shop.make_item("M6-BOLT")
        shop.make_warehouse("W1")
        shop.receive_of("M6-BOLT", "100", on=DAY.isoformat(), amount="100")
        masterdata.ensure_partner(code="C001", name="华东机械", is_customer=True, actor=shop.OWNER)
        line = LineInput(item="M6-BOLT", quantity=Decimal(10), unit_price=Decimal(2), warehouse="W1")
        values = OrderInput(partner="C001", ordered_on=DAY, lines=[line])
        order = drafts.create(side=SALES, values=values, actor=shop.OWNER, at=timezone.now())
        states.confirm(side=SALES, order_id=order.pk, version=None, actor=shop.OWNER, at=timezone.now())

    def ship() -> object:
        how = Posting(warehouse="W1", moved_on=DAY, actor=shop.OWNER, at=timezone.now())
        move = MoveInput(line=1, quantity=Decimal(3))
        return moving.deliver(side=SALES, order_id=order.pk, lines=[move], how=how)

    found = at_once(company, *[ship] * 6)

    assert found == {"done": 3, "over_shipment": 3}  # 3 x 3 = 9 of 10
    with tenant_context(company):
        assert SalesOrderLine.objects.get(order_id=order.pk).done == 9
        assert shop.on_hand_of("M6-BOLT") == 91  # 100 - 9
