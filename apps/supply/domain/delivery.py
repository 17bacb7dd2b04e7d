"""The fold of a delivery: an ASN, its receipts, what was taken back. Without ASN the receipts stand alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from apps.supply.domain.canonical import number
from apps.supply.domain.despatch import ZERO, outcome
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import UNREADABLE, Version
from apps.supply.domain.terms import BUYER, SELLER

Key = tuple[str, int]  # (chain of the order, line)


@dataclass(frozen=True, kw_only=True)
class AsnLine:
    """Quantity of one order line in one package, in the order's unit."""

    order: str
    line: int
    quantity: Decimal
    unit: str
    lot: str = ""
    package: str = ""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A package: `code` is its SSCC or own code."""

    no: str
    kind: str = ""
    sscc: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Received:
    """One order line of one receipt; `despatched` is what was still to come."""

    order: str
    line: int
    despatched: Decimal
    received: Decimal
    rejected: Decimal
    short: Decimal
    over: Decimal
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A receipt at version `seq`; a reversed one counts for nothing."""

    seq: int
    received_on: date
    complete: bool
    lines: tuple[Received, ...]
    reversed: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The meaning of the chain up to version `seq`."""

    seq: int = 0
    header: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[AsnLine, ...] = ()
    packages: tuple[Parcel, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    cancelled: bool = False
    ineffective: tuple[int, ...] = ()

    @property
    def live(self) -> tuple[Receipt, ...]:
        return tuple(receipt for receipt in self.receipts if not receipt.reversed)

    @property
    def is_received(self) -> bool:
        return any(receipt.complete for receipt in self.live)

    @property
    def state(self) -> str:
        if self.cancelled:
            return "cancelled"
        if self.is_received:
            return "received"
        return "part_received" if self.live else "sent"

    def despatched(self) -> dict[Key, Decimal]:
        """Per order line; nothing once cancelled."""
        found: dict[Key, Decimal] = {}
        for line in () if self.cancelled else self.lines:
            key = (line.order, line.line)
            found[key] = found.get(key, ZERO) + line.quantity
        return found

    def outstanding(self) -> dict[Key, Decimal]:
        """What of the ASN has not come in yet, per order line; never below zero."""
        left = self.despatched()
        for receipt in self.live:
            for row in receipt.lines:
                key = (row.order, row.line)
                left[key] = max(ZERO, left.get(key, ZERO) - row.received)
        return left


def fold_delivery(versions: Iterable[Version]) -> Delivery:
    """The meaning of the versions of one delivery, in any order, however often; ends before the first gap."""
    known = {version.seq: version for version in versions}
    delivery, seq = Delivery(), 1
    while seq in known:
        try:
            delivery = advance_delivery(delivery, known[seq])
        except (RuleBroken, *UNREADABLE):
            delivery = replace(delivery, ineffective=(*delivery.ineffective, seq))
        delivery = replace(delivery, seq=seq)
        seq += 1
    return delivery


def advance_delivery(delivery: Delivery, version: Version) -> Delivery:
    """The delivery after one more version that obeys the rules.

    Raises RuleBroken: wrong_side, already_received, order_closed (it was cancelled), not_found (nothing to reverse).
    """
    if version.kind == "despatch":
        return _despatched(delivery, version)
    if version.kind != "receipt":
        raise RuleBroken("invalid")
    if version.by != BUYER:
        raise RuleBroken("wrong_side")
    if delivery.cancelled:
        raise RuleBroken("order_closed")
    if "reverses" in version.payload:
        return _reversed(delivery, int(version.payload["reverses"]))
    if delivery.is_received:
        raise RuleBroken("already_received")
    return replace(delivery, receipts=(*delivery.receipts, read_receipt(version)))


def _despatched(delivery: Delivery, version: Version) -> Delivery:
    if version.by != SELLER:
        raise RuleBroken("wrong_side")
    if version.payload.get("cancel"):
        if delivery.live:
            raise RuleBroken("already_received")
        if delivery.cancelled or not delivery.lines:
            raise RuleBroken("order_closed")
        return replace(delivery, cancelled=True)
    if version.seq != 1:
        raise RuleBroken("invalid")
    lines = tuple(_asn_line(row) for row in version.payload["lines"])
    packages = tuple(_parcel(row) for row in version.payload.get("packages", ()))
    return replace(delivery, header=version.payload, lines=lines, packages=packages)


def _reversed(delivery: Delivery, seq: int) -> Delivery:
    if all(receipt.seq != seq for receipt in delivery.live):
        raise RuleBroken("not_found")
    receipts = tuple(replace(row, reversed=row.reversed or row.seq == seq) for row in delivery.receipts)
    return replace(delivery, receipts=receipts)


def _asn_line(row: Mapping[str, Any]) -> AsnLine:
    quantity = Decimal(row["quantity"])
    if quantity < 0:
        raise RuleBroken("invalid")
    return AsnLine(
        order=str(row["order"]), line=int(row["line"]), quantity=quantity, unit=str(row["unit"]),
        lot=str(row.get("lot", "")), package=str(row.get("package", "")),
    )  # fmt: skip


def _parcel(row: Mapping[str, Any]) -> Parcel:
    return Parcel(
        no=str(row["no"]), kind=str(row.get("kind", "")), sscc=str(row.get("sscc", "")), code=str(row["code"])
    )


def read_receipt(version: Version) -> Receipt:
    """A receipt out of its payload; its figures must agree with each other."""
    rows = tuple(_received(row, bool(version.payload.get("complete", True))) for row in version.payload["lines"])
    return Receipt(
        seq=version.seq,
        received_on=date.fromisoformat(version.payload["received_on"]),
        complete=bool(version.payload.get("complete", True)),
        lines=rows,
    )


def _received(row: Mapping[str, Any], complete: bool) -> Received:
    got = Received(
        order=str(row["order"]), line=int(row["line"]), despatched=Decimal(row["despatched"]),
        received=Decimal(row["received"]), rejected=Decimal(row["rejected"]), short=Decimal(row["short"]),
        over=Decimal(row["over"]), reason=str(row.get("reason", "")),
    )  # fmt: skip
    due = outcome(despatched=got.despatched, received=got.received, rejected=got.rejected)
    if got.over != due.over or got.short != (due.short if complete else ZERO):
        raise RuleBroken("invalid")
    return got


def write_received(row: Received) -> dict[str, Any]:
    """The payload of a received line."""
    return {
        "order": row.order,
        "line": row.line,
        "despatched": number(row.despatched),
        "received": number(row.received),
        "short": number(row.short),
        "over": number(row.over),
        "rejected": number(row.rejected),
        "accepted": number(row.received - row.rejected),
        "reason": row.reason,
    }


def write_asn_line(line: AsnLine) -> dict[str, Any]:
    """The payload of a despatched line."""
    return {
        "order": line.order,
        "line": line.line,
        "quantity": number(line.quantity),
        "unit": line.unit,
        "lot": line.lot,
        "package": line.package,
    }
