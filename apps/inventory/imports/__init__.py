"""Files that become receipts, orders and item settings; registered in `apps.inventory.registration`."""

from apps.inventory.imports.orders import PURCHASE_ORDERS, SALES_ORDERS
from apps.inventory.imports.receipts import RECEIPTS
from apps.inventory.imports.settings import ITEM_SETTINGS

KINDS = (RECEIPTS, SALES_ORDERS, PURCHASE_ORDERS, ITEM_SETTINGS)

__all__ = ["KINDS"]
