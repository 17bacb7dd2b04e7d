"""Bought and sold in a month of the demo company, as its books know it; the invoices of what was shipped.

With a store the figures are its facts, priced by the orders; without one they are ordinary figures, scaled.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.finance.domain.amounts import ZERO, format_amount, round_half_up
from apps.finance.domain.standard_rules import STOCK_MOVED
from apps.finance.models import BusinessFact
from apps.finance.services.facts import FactInput, receive_fact
from apps.inventory import public as inventory
from kernel.demo import StoryMonth
from tenants.entitlements import has_module
from tenants.rights import Member

VAT = Decimal("0.13")
INVOICED = "SalesInvoiced"
SHIPPED, RECEIVED = ("SALE", "SALE_RETURN"), ("PURCHASE_RECEIPT",)
# An ordinary month without a store: customer or supplier -> net amount.
SALES = {"C001": "65100", "C002": "70100", "C003": "167800"}
PURCHASES = {"S001": "149500", "S003": "19400"}


def scaled(month: StoryMonth, ordinary: str) -> Decimal:
    """An ordinary month's amount -> this one's, to the fen."""
    return round_half_up(Decimal(ordinary) * month.percent / 100)


def tax(net: Decimal) -> Decimal:
    """VAT on a net amount."""
    return round_half_up(net * VAT)


def sold(month: StoryMonth) -> dict[str, Decimal]:
    """{customer: invoiced in the month, tax included}."""
    if not has_module("inventory"):
        return {customer: net + tax(net) for customer, net in _ordinary(month, SALES)}
    found = (
        (row.data["customer"], Decimal(line["total"])) for row in _facts(month, INVOICED) for line in row.data["lines"]
    )
    return _summed(found)


def bought(month: StoryMonth) -> dict[str, Decimal]:
    """{supplier: received in the month, net}."""
    if not has_module("inventory"):
        return dict(_ordinary(month, PURCHASES))
    rows = _facts(month, STOCK_MOVED, reasons=RECEIVED)
    return _summed((row.data["supplier"], Decimal(line["amount"])) for row in rows for line in row.data["lines"])


def _ordinary(month: StoryMonth, amounts: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    return [(code, scaled(month, amount)) for code, amount in amounts.items()]


def _summed(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for code, amount in pairs:
        sums[code] = sums.get(code, ZERO) + amount
    return sums


def _facts(month: StoryMonth, fact: str, *, reasons: tuple[str, ...] = ()) -> list[BusinessFact]:
    rows = BusinessFact.objects.filter(fact=fact, occurred_on__range=(month.first, month.last))
    return list((rows.filter(data__reason__in=reasons) if reasons else rows).order_by("occurred_on", "id"))


def invoice_sales(month: StoryMonth, *, until: date, actor: Member, at: datetime) -> None:
    """Tell the rules of an invoice for each shipment and return so far, at the prices of its order."""
    for row in _facts(month, STOCK_MOVED, reasons=SHIPPED):
        if row.occurred_on <= until:
            data = {"number": row.data["number"], "customer": row.data["customer"], "lines": _invoiced(row)}
            given = FactInput(
                fact=INVOICED, source=f"fapiao:{row.source}", occurred_on=row.occurred_on, data=data,
                document=row.document,
            )  # fmt: skip
            receive_fact(given=given, actor=actor, at=at)


def _invoiced(row: BusinessFact) -> list[dict[str, Any]]:
    order = inventory.get_sales_order(str(row.data["order"]).partition(":")[2])
    prices = {line.item: line.unit_price for line in order.lines}
    invoiced = []
    for line in row.data["lines"]:
        # What left stock is negative there; on the invoice a return is.
        total = round_half_up(-Decimal(line["quantity"]) * prices[line["item"]])
        net = round_half_up(total / (1 + VAT))
        invoiced.append(
            {
                "item": line["item"], "net": format_amount(net), "tax": format_amount(total - net),
                "total": format_amount(total),
            }
        )  # fmt: skip
    return invoiced
