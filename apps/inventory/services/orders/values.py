"""What the writers of orders hand over: checked in shape by form, serializer or import, not in meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """One line. None = not said: a new line takes its default, a changed one keeps what it has.

    `item`, `unit`, `warehouse` are codes; `unit_price` CNY a unit; `tax_rate` a share; `line` names a line that stands.
    """

    item: str | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    due_on: date | None = None
    promised_on: date | None = None
    warehouse: str | None = None
    make_to_order: bool | None = None
    line: int | None = None
    closed: bool | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class OrderInput:
    """A draft order. `number` empty = by the number rule; `source_…` names the document it was made from."""

    partner: str
    ordered_on: date
    lines: Sequence[LineInput]
    number: str = ""
    price_includes_tax: bool = True
    reserve: bool = False
    note: str = ""
    source_kind: str = ""
    source_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class MoveInput:
    """What ships, arrives or comes back of one order line; `quantity` in the line's unit, None = all that is open."""

    line: int
    quantity: Decimal | None = None
    lot: str = ""
    serials: tuple[str, ...] = ()
    made_on: date | None = None
    expires_on: date | None = None
    location: str = ""


@dataclass(frozen=True, kw_only=True)
class Posting:
    """Who moves the goods, where and when. `warehouse` empty = the lines' own; `when_closed` as for any document."""

    moved_on: date
    actor: Member
    at: datetime
    warehouse: str = ""
    when_closed: str = "refuse"
    note: str = ""
