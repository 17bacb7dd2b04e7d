"""Terms of an order: lines with quantities, prices and four dates, and how a proposal changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.supply.domain.canonical import number
from apps.supply.domain.errors import RuleBroken

BUYER, SELLER = "buyer", "seller"
# UN/EDIFACT 1229, as far as orders use it.
ADDED, DELETED, CHANGED, UNTOUCHED, ACCEPTED, REFUSED = 1, 2, 3, 4, 5, 7
IN_CHANGE = frozenset({ADDED, DELETED, CHANGED, UNTOUCHED})
IN_COUNTER = frozenset({ADDED, CHANGED, ACCEPTED, REFUSED})
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Material:
    """What the buyer provides for one piece of a subcontracted line; `loss_rate` is a share."""

    item: str
    quantity_per: Decimal
    loss_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line in the order's own words: the buyer's item code and unit. Prices in the order's currency.

    `first_promised` is what the line is judged by; `seller_item` came back with an answer.
    """

    line: int
    item: str
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal = Decimal(0)
    spec: str = ""
    requested_date: date | None = None
    promised_date: date | None = None
    first_promised: date | None = None
    split_of: int | None = None
    note: str = ""
    materials: tuple[Material, ...] = ()

    @property
    def amount(self) -> Decimal:
        """Quantity x price, half up to the cent."""
        return (self.quantity * self.unit_price).quantize(CENT, ROUND_HALF_UP)

    def gross(self, *, price_includes_tax: bool) -> Decimal:
        """What is paid for the line."""
        if price_includes_tax:
            return self.amount
        return (self.amount * (1 + self.tax_rate)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Terms:
    """Lines by number, in the order of their numbers."""

    lines: tuple[Line, ...] = ()

    def by_number(self) -> dict[int, Line]:
        return {line.line: line for line in self.lines}

    def total(self, *, price_includes_tax: bool) -> Decimal:
        """Sum of the lines' gross amounts."""
        return sum((line.gross(price_includes_tax=price_includes_tax) for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a proposal says of one line; None = as it was. An added line needs what a line needs."""

    line: int
    action: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    requested_date: date | None = None
    promised_date: date | None = None
    split_of: int | None = None
    item: str | None = None
    name: str | None = None
    spec: str | None = None
    unit: str | None = None
    tax_rate: Decimal | None = None
    note: str | None = None


def apply(terms: Terms, changes: Iterable[Change], *, by: str, actions: frozenset[int]) -> Terms:
    """The terms after `changes` of the side `by`. Lines not named stay as they are.

    Raises RuleBroken `unknown_line` (no such line, or one added twice), `unknown_item` (an added line without an
    item), `wrong_side` (the seller moves the buyer's date), `invalid` (an action that has no place here).
    """
    lines = terms.by_number()
    for change in changes:
        if change.action not in actions:
            raise RuleBroken("invalid", change.line)
        if change.action == ADDED:
            lines[change.line] = _added(change, lines, by)
        else:
            _touch(change, lines, by)
    return Terms(tuple(lines[key] for key in sorted(lines)))


def _touch(change: Change, lines: dict[int, Line], by: str) -> None:
    known = lines.get(change.line)
    if known is None:
        raise RuleBroken("unknown_line", change.line)
    if change.action in (DELETED, REFUSED):
        del lines[change.line]
    elif change.action == CHANGED:
        lines[change.line] = _changed(known, change, by)


def _changed(line: Line, change: Change, by: str) -> Line:
    moved = change.requested_date is not None and change.requested_date != line.requested_date
    if moved and by != BUYER:
        raise RuleBroken("wrong_side", line.line)
    promised = change.promised_date
    if promised is None and not moved:
        promised = line.promised_date  # a date moved by the buyer clears what was promised for the old one
    return replace(
        line,
        quantity=_given(change.quantity, line.quantity),
        unit_price=_given(change.unit_price, line.unit_price),
        requested_date=_given(change.requested_date, line.requested_date),
        promised_date=promised,
        note=_given(change.note, line.note),
    )


def _given(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value


def _added(change: Change, lines: Mapping[int, Line], by: str) -> Line:
    if change.line in lines:
        raise RuleBroken("unknown_line", change.line)
    parent = lines.get(change.split_of) if change.split_of is not None else None
    if change.split_of is not None and parent is None:
        raise RuleBroken("unknown_line", change.line)
    if parent is None and (change.item is None or by != BUYER):
        raise RuleBroken("unknown_item" if by == BUYER else "unknown_line", change.line)
    fresh = replace(parent, promised_date=None, first_promised=None) if parent else _fresh(change)
    return replace(
        fresh,
        line=change.line,
        split_of=change.split_of,
        quantity=_given(change.quantity, fresh.quantity),
        unit_price=_given(change.unit_price, fresh.unit_price),
        requested_date=_given(change.requested_date, fresh.requested_date),
        promised_date=change.promised_date,
        note=_given(change.note, fresh.note),
    )


def _fresh(change: Change) -> Line:
    if change.quantity is None or change.unit_price is None or change.unit is None:
        raise RuleBroken("invalid", change.line)
    return Line(
        line=change.line,
        item=change.item or "",
        name=change.name or change.item or "",
        spec=change.spec or "",
        unit=change.unit,
        quantity=change.quantity,
        unit_price=change.unit_price,
        tax_rate=_given(change.tax_rate, Decimal(0)),
    )


def settle(proposed: Terms, before: Terms | None, *, by: str) -> Terms:
    """What is agreed when `proposed` of the side `by` is accepted, `before` being agreed until then.

    An empty promise becomes the requested date; `first_promised` is fixed at the first agreement of a line and
    follows only a date that the buyer itself moved.
    """
    known = before.by_number() if before else {}
    return Terms(tuple(_settled(line, known.get(line.line), by) for line in proposed.lines))


def _settled(line: Line, before: Line | None, by: str) -> Line:
    promised = line.promised_date or line.requested_date
    moved = before is not None and by == BUYER and before.requested_date != line.requested_date
    first = promised if before is None or moved else before.first_promised
    return replace(line, promised_date=promised, first_promised=first)


# -- Reading and writing payloads --------------------------------------------------------------------------------

_PLAIN = ("item", "name", "spec", "unit", "note")
_NUMBERS = ("quantity", "unit_price", "tax_rate")
_DATES = ("requested_date", "promised_date")


def read_line(row: Mapping[str, Any]) -> Line:
    """A line of an order's payload. Raises KeyError, ValueError, ArithmeticError for what no line can be."""
    materials = tuple(
        Material(
            item=str(part["item"]),
            quantity_per=Decimal(part["quantity_per"]),
            loss_rate=Decimal(part["loss_rate"]),
        )
        for part in row.get("materials", ())
    )
    values = _read(row)
    return Line(line=int(row["line"]), materials=materials, **{key: values[key] for key in values})


def read_change(row: Mapping[str, Any]) -> Change:
    """A line of a change's or a counter's payload."""
    return Change(
        line=int(row["line"]),
        action=int(row["action"]),
        split_of=int(row["split_of"]) if row.get("split_of") is not None else None,
        **_read(row),
    )


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: str(row[key]) for key in _PLAIN if row.get(key) is not None}
    found |= {key: Decimal(row[key]) for key in _NUMBERS if row.get(key) is not None}
    found |= {key: date.fromisoformat(row[key]) for key in _DATES if row.get(key) is not None}
    return found


def write_line(line: Line) -> dict[str, Any]:
    """The payload of a line; the promise and the split stand only where there is one."""
    row = {"line": line.line, **_write(line)}
    if line.materials:
        row["materials"] = [
            {"item": part.item, "quantity_per": number(part.quantity_per), "loss_rate": number(part.loss_rate)}
            for part in line.materials
        ]
    return row


def write_change(change: Change) -> dict[str, Any]:
    """The payload of a change: only what it says."""
    row = {"line": change.line, "action": change.action, **_write(change)}
    if change.split_of is not None:
        row["split_of"] = change.split_of
    return row


def _write(part: Line | Change) -> dict[str, Any]:
    row: dict[str, Any] = {key: getattr(part, key) for key in _PLAIN if getattr(part, key)}
    row |= {key: number(getattr(part, key)) for key in _NUMBERS if getattr(part, key) is not None}
    row |= {key: getattr(part, key).isoformat() for key in _DATES if getattr(part, key) is not None}
    return row


@dataclass(frozen=True, kw_only=True)
class Header:
    """What stands above the lines and is never changed by a proposal. `over_tolerance` is a share."""

    number: str
    type: str = "standard"
    currency: str = "CNY"
    price_includes_tax: bool = True
    over_tolerance: Decimal = Decimal(0)
    payment_terms: str = ""
    delivery_to: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


def read_header(payload: Mapping[str, Any]) -> Header:
    return Header(
        number=str(payload["number"]),
        type=str(payload.get("type", "standard")),
        currency=str(payload.get("currency", "CNY")),
        price_includes_tax=bool(payload.get("price_includes_tax", True)),
        over_tolerance=Decimal(payload.get("over_tolerance", "0")),
        payment_terms=str(payload.get("payment_terms", "")),
        delivery_to=payload.get("delivery_to") or {},
        note=str(payload.get("note", "")),
    )


def write_header(header: Header) -> dict[str, Any]:
    return {
        "number": header.number,
        "type": header.type,
        "currency": header.currency,
        "price_includes_tax": header.price_includes_tax,
        "over_tolerance": number(header.over_tolerance),
        "payment_terms": header.payment_terms,
        "delivery_to": dict(header.delivery_to),
        "note": header.note,
    }
