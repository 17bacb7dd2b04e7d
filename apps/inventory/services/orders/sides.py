"""What tells a sales order from a purchase order."""

from dataclasses import dataclass
from typing import Any

from apps.inventory.models.orders import (
    PurchaseFulfilment,
    PurchaseOrder,
    PurchaseOrderLine,
    SalesFulfilment,
    SalesOrder,
    SalesOrderLine,
)


@dataclass(frozen=True)
class Side:
    """`kind` names the side in numbers, sources of documents and the audit log."""

    kind: str
    order: Any
    line: Any
    fulfilment: Any
    sells: bool
    over_code: str


SALES = Side("sales_order", SalesOrder, SalesOrderLine, SalesFulfilment, True, "over_shipment")
PURCHASES = Side("purchase_order", PurchaseOrder, PurchaseOrderLine, PurchaseFulfilment, False, "over_receipt")
BY_KIND = {side.kind: side for side in (SALES, PURCHASES)}


def side_of(order: SalesOrder | PurchaseOrder) -> Side:
    """The side an order stands on."""
    return SALES if isinstance(order, SalesOrder) else PURCHASES
