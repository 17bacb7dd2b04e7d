"""The demo company: built through the services, whole, once; twelve months in which stock and books agree."""

import json
from decimal import Decimal
from io import StringIO

from django.core.management import call_command

from apps.finance.domain.periods import Period
from apps.finance.models import BusinessFact, Voucher
from apps.finance.services.ledger import account_balance, standing_balances
from apps.finance.services.stock_ties import stock_ties
from apps.inventory import public as inventory
from apps.inventory.models import StockDocument
from apps.production import public as production
from apps.production.models import WorkOrder
from kernel import demo
from kernel.clock import today
from kernel.models import AuditEntry, Delivery
from tenants.context import company_of, tenant_context
from tenants.models import Tenant


def test_demo_company_is_built_once(committed_db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    call_command("demo", stdout=StringIO())
    company = company_of(Tenant.objects.get(slug="demo"))
    with tenant_context(company):
        entries = AuditEntry.objects.count()

    call_command("demo", stdout=StringIO())

    with tenant_context(company):
        assert AuditEntry.objects.count() == entries
        assert AuditEntry.objects.filter(action="period.close").count() == 11  # twelve months, the last one is running
        _every_month_was_lived()
        _stock_and_workshop_agree_with_the_books()
    people = json.loads((tmp_path / "sign_ins.json").read_text())["people"]
    assert {person["role"] for person in people} >= {"老板", "会计", "出纳", "运营"}


def _every_month_was_lived():
    """In each month something was received, issued and made, and its facts became vouchers."""
    for month in demo.months_of(today())[:-1]:
        moved = StockDocument.objects.filter(moved_on__range=(month.first, month.last), state="posted")
        facts = BusinessFact.objects.filter(occurred_on__range=(month.first, month.last))
        assert {"purchase", "material", "production", "sale"} <= set(moved.values_list("reason", flat=True))
        assert WorkOrder.objects.filter(closed_at__date__range=(month.first, month.last)).exists()
        assert inventory.is_closed(month.name)
        assert set(facts.values_list("state", flat=True)) <= {"drafted", "set_aside"}  # set aside: the opening stock
        vouchers = Voucher.objects.filter(date__range=(month.first, month.last))
        assert vouchers.count() > 20 and not vouchers.exclude(state="posted").exists()
    assert StockDocument.objects.filter(reason="sales_return").exists()
    assert StockDocument.objects.filter(reverses__isnull=False).exists()
    assert Delivery.objects.exclude(state="done").count() == 0
    aside = BusinessFact.objects.exclude(state="drafted")  # of the running month too
    assert {(row.state, row.data.get("reason")) for row in aside} == {("set_aside", "OPENING")}


def _stock_and_workshop_agree_with_the_books():
    """To the fen, at the end of every closed month: 1403 and 1405 with the store, 4001 with the work in progress."""
    for month in demo.months_of(today())[:-1]:
        period = Period.of(month.first)
        ties = stock_ties(period, standing_balances("", at=period.index), chosen={}) or []
        in_shop = sum(row.value for row in production.wip_value(month.name))
        assert [tie.account for tie in ties if tie.difference] == []
        assert sum((tie.stock for tie in ties), Decimal(0)) > 100_000
        assert account_balance("4001", at=period.index) == in_shop
