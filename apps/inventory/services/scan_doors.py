"""Documents of the floors above that a scanner meets: they register here, so that stock need not know what they are.

A work order whose material is picked, a delivery whose box is at the gate: the floor above reads the code, posts by the
public door of inventory in the scan's own transaction, and keeps its own books of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tenants.entitlements import has_module
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class ScanLine:
    """Goods a document still wants, or brings: `quantity` in `unit` (a unit's code); `item` empty where it is no item
    of ours.
    """

    item: str
    name: str
    quantity: Decimal
    unit: str
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class ScanDocument:
    """What a floor above knows of a scanned text.

    `kind`: what was scanned, `code` how it is called, `message` what the clerk does next, `link` a page of the floor
    above with `link_text` on its button. `number`: the document that the next scans are for, its own or an order of
    inventory; empty = none.
    """

    kind: str
    code: str
    message: str
    number: str = ""
    lines: tuple[ScanLine, ...] = ()
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, kw_only=True)
class ScanTake:
    """Goods that were scanned for document `number`: `quantity` in stock units; places and `item` are codes."""

    number: str
    item: str
    quantity: Decimal
    lot: str
    serial: str
    warehouse: str
    location: str
    actor: Member
    at: datetime
    today: date


@dataclass(frozen=True, kw_only=True)
class ScanTaken:
    """The stock document that was posted, and what the document above still wants."""

    document_id: int
    lines: tuple[ScanLine, ...]


@dataclass(frozen=True, kw_only=True)
class ScanDoor:
    """One kind of document. `kind`: as the `source` of its stock documents says; `tasks`: those it counts in.

    `read(text, actor)`: the document, None for any other text or who may not see it. `take(wish)`: issue goods for it.
    `take_back(document_id, actor, at)`: bring back what that stock document took; answers the number of the stock
    document that did. They raise DomainError.
    """

    kind: str
    module: str
    tasks: frozenset[str]
    read: Callable[[str, Member], ScanDocument | None]
    take: Callable[[ScanTake], ScanTaken] | None = None
    take_back: Callable[[int, Member, datetime], str] | None = None


_doors: dict[str, ScanDoor] = {}


def add_scan_door(door: ScanDoor) -> None:
    """Register a kind of document; the same kind again replaces it."""
    _doors[door.kind] = door


def read(text: str, *, task: str, actor: Member) -> tuple[ScanDoor, ScanDocument] | None:
    """The document that `text` names in this task, of the modules the company has paid for."""
    for kind in sorted(_doors):
        door = _doors[kind]
        if task in door.tasks and has_module(door.module):
            found = door.read(text, actor)
            if found is not None:
                return door, found
    return None


def door_of(source_kind: str) -> ScanDoor | None:
    """The door that posted stock documents of this source."""
    door = _doors.get(source_kind)
    return door if door is not None and has_module(door.module) else None
