"""Facts that inventory tells the floors above: ids, numbers and ISO dates; details come from `inventory.public`."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SalesOrderConfirmed(Event):
    """A sales order became a commitment. Its lines: `public.get_sales_line`."""

    name = "inventory.sales_order_confirmed"
    order_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class SalesOrderChanged(Event):
    """Quantities, prices or dates of a confirmed order changed, or it was shipped or closed."""

    name = "inventory.sales_order_changed"
    order_id: int
    number: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SalesOrderCancelled(Event):
    name = "inventory.sales_order_cancelled"
    order_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderConfirmed(Event):
    """A purchase order stands: its lines are expected."""

    name = "inventory.purchase_order_confirmed"
    order_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class PurchaseOrderChanged(Event):
    name = "inventory.purchase_order_changed"
    order_id: int
    number: str
    version: int


@dataclass(frozen=True, kw_only=True)
class GoodsShipped(Event):
    """Goods left to a customer (reason SALE). `source` is `sales_order:SO2606-01`, or empty."""

    name = "inventory.goods_shipped"
    document_id: int
    moved_on: str
    source: str


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(Event):
    """Goods came from a supplier (reason PURCHASE). `source` is `purchase_order:PO2606-01`, or empty."""

    name = "inventory.goods_received"
    document_id: int
    moved_on: str
    source: str


@dataclass(frozen=True, kw_only=True)
class GoodsReturned(Event):
    """Goods came back from a customer or went back to a supplier; the document's reason says which."""

    name = "inventory.goods_returned"
    document_id: int
    moved_on: str
    source: str


@dataclass(frozen=True, kw_only=True)
class StockMoved(Event):
    """A document was posted that moved goods, in `moves` ledger lines: `public.get_document(document_id)`."""

    name = "inventory.stock_moved"
    document_id: int
    kind: str
    reason: str
    moved_on: str
    moves: int


@dataclass(frozen=True, kw_only=True)
class CostPosted(Event):
    """Cost entries were written, by one posting or one close: `public.cost_entries(cause=document_id)`.

    `document_id` 0 = the close of the month of `dated_on`: `public.cost_entries(month=dated_on[:7])` of kind close.
    """

    name = "inventory.cost_posted"
    document_id: int
    dated_on: str


@dataclass(frozen=True, kw_only=True)
class StocktakePosted(Event):
    name = "inventory.stocktake_posted"
    stocktake_id: int
    number: str
    counted_on: str


@dataclass(frozen=True, kw_only=True)
class LotStateChanged(Event):
    """A lot was held, blocked or set free."""

    name = "inventory.lot_state_changed"
    lot_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """A month of stock was closed for good; `period` is `2026-05`."""

    name = "inventory.period_closed"
    period: str


@dataclass(frozen=True, kw_only=True)
class ItemShort(Event):
    """An item fell to or below its reorder point in a warehouse."""

    name = "inventory.item_short"
    item_id: int
    warehouse_id: int
    on: str
