"""Facts that supply tells: ids only. `order_id`, `despatch_id` and the like are the chains' UUIDs as text.

Both firms' companies publish: the sender when it sends, the recipient when the version is applied.
"""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LinkActivated(Event):
    """Documents may flow on this link."""

    name = "supply.link_activated"
    link_id: str


@dataclass(frozen=True, kw_only=True)
class LinkClosed(Event):
    """Nothing flows any more; old documents stay readable."""

    name = "supply.link_closed"
    link_id: str


@dataclass(frozen=True, kw_only=True)
class OrderSent(Event):
    """A buyer's order was sent, or came in: `role` is ours, buyer or seller."""

    name = "supply.order_sent"
    order_id: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OrderAgreed(Event):
    """Terms are agreed, for the first time or anew; `seq` is the version that agreed."""

    name = "supply.order_agreed"
    order_id: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """The order was cancelled or refused."""

    name = "supply.order_cancelled"
    order_id: str


@dataclass(frozen=True, kw_only=True)
class DespatchSent(Event):
    """Goods are on their way."""

    name = "supply.despatch_sent"
    despatch_id: str


@dataclass(frozen=True, kw_only=True)
class DespatchCancelled(Event):
    """What was on its way is not coming."""

    name = "supply.despatch_cancelled"
    despatch_id: str


@dataclass(frozen=True, kw_only=True)
class ReceiptPublished(Event):
    """The buyer said what it received; told again when it takes this receipt back. `receipt_id` is the version's."""

    name = "supply.receipt_published"
    receipt_id: str
