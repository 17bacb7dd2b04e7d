"""Tables of supply in each company's schema, and the exchange's as the company's role sees them."""

from apps.supply.models.copies import Inbox, Outbox, VersionCopy
from apps.supply.models.deliveries import Despatch, DespatchLine, GoodsReceipt, Package, ReceiptLine
from apps.supply.models.exchange import (
    Acknowledgement,
    Bond,
    Consent,
    DocVersion,
    GuestContact,
    GuestToken,
    Look,
    Party,
    PartyKey,
    PersonValue,
)
from apps.supply.models.links import ItemMap, SupplyLink
from apps.supply.models.notices import NoticeChannel, SupplyNotice
from apps.supply.models.orders import OrderItem, SharedOrder

__all__ = [
    "Acknowledgement",
    "Bond",
    "Consent",
    "Despatch",
    "DespatchLine",
    "DocVersion",
    "GoodsReceipt",
    "GuestContact",
    "GuestToken",
    "Inbox",
    "ItemMap",
    "Look",
    "NoticeChannel",
    "OrderItem",
    "Outbox",
    "Package",
    "Party",
    "PartyKey",
    "PersonValue",
    "ReceiptLine",
    "SharedOrder",
    "SupplyLink",
    "SupplyNotice",
    "VersionCopy",
]
