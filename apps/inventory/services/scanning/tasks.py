"""What a scan of goods does in each task: ask for what is missing, else post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.domain.orders import Done
from apps.inventory.models import StockDocument, StockMove
from apps.inventory.records import IssueLine, ReceiptLine, TransferLine
from apps.inventory.selectors.scanning import stock_of
from apps.inventory.services import scan_doors
from apps.inventory.services.orders import moving
from apps.inventory.services.orders.refusals import plain
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from apps.inventory.services.orders.states import lines_of
from apps.inventory.services.orders.values import MoveInput, Posting
from apps.inventory.services.scanning.reading import Understood
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.inventory.services.stock.transferring import transfer
from apps.inventory.services.wording import unit_word
from apps.masterdata import public as masterdata
from kernel.errors import DomainError, Invalid
from tenants.rights import Member

ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One scan of goods and all that is known around it."""

    task: str
    found: Understood
    quantity: Decimal | None
    context: dict[str, str]
    key: str
    actor: Member
    at: datetime
    today: date

    @property
    def item(self) -> Any:
        return self.found.item

    @property
    def lot(self) -> str:
        return self.found.lot or self.context["lot"]

    @property
    def serials(self) -> tuple[str, ...]:
        return (self.found.serial,) if self.found.serial else ()

    @property
    def amount(self) -> Decimal | None:
        """How many: typed, printed in the code, or one for a serial number."""
        if self.quantity is not None:
            return self.quantity
        return ONE if self.found.serial else self.found.quantity


@dataclass(frozen=True)
class Outcome:
    """What comes next, in a word for the program and a sentence for the clerk; `posted` {document, id, move}.

    `lines`: what the document still wants, or the box holds; `link` {url, text}.
    """

    next: str
    message: str
    posted: dict[str, Any] | None = None
    quantity: Decimal | None = None
    stock: list[dict[str, str]] = field(default_factory=list)
    lines: list[dict[str, str]] = field(default_factory=list)
    link: dict[str, str] | None = None


@dataclass(frozen=True)
class Made:
    """The stock document of a scan; `left`: what a document of a floor above still wants, None without one."""

    document: StockDocument
    left: Sequence[scan_doors.ScanLine] | None = None


class NotInDocument(DomainError):
    """The order that is worked on has no open line of this item."""

    code = "not_in_document"


def run(step: Step) -> Outcome:
    """Do the task's part of this scan. Raises what posting raises."""
    if step.item is None:
        return Outcome("scan", _("箱码 %(code)s 没有对应的送货，请逐件扫描。") % {"code": step.found.code})
    if step.task == "look_up":
        return _look_up(step)
    missing = _missing(step)
    if missing is not None:
        return missing
    return _posted(step, _POST[step.task](step))


def of_document(document: scan_doors.ScanDocument) -> Outcome:
    """A document of a floor above was scanned: what it wants, and what to do with it."""
    link = {"url": document.link, "text": document.link_text} if document.link else None
    return Outcome("scan", document.message, lines=_lines(document.lines), link=link)


def _lines(lines: Sequence[scan_doors.ScanLine]) -> list[dict[str, str]]:
    return [
        {"item": line.item, "name": line.name, "quantity": plain(line.quantity), "unit": line.unit, "lot": line.lot}
        for line in lines
    ]


def _look_up(step: Step) -> Outcome:
    rows = stock_of(step.item.id, lot=step.lot or step.found.serial)
    total = sum((row.quantity for row in rows), Decimal(0))
    words = _("%(item)s 现存 %(quantity)s %(unit)s") % {
        "item": step.item.label, "quantity": plain(total), "unit": unit_word(step.item.stock_unit),
    }  # fmt: skip
    return Outcome("scan", words, quantity=total, stock=[row.shown for row in rows])


def _missing(step: Step) -> Outcome | None:
    """What must be asked before anything can be posted; None = nothing."""
    takes_in = step.task == "receive"
    if step.item.tracking == "serial" and not step.found.serial:
        return Outcome("serial", _("请扫序列号。"))
    if step.item.tracking == "lot" and takes_in and not step.lot:
        return Outcome("lot", _("请输入批号。"))
    if not step.context["warehouse"] and not step.context["document"]:
        return Outcome("warehouse", _("请先选仓库，或扫库位。"))
    if step.task in ("move", "put_away") and not _has_target(step):
        put = step.task == "put_away"
        return Outcome("target", _("请扫要放到的库位。") if put else _("请选移到哪个仓库，或扫目标库位。"))
    if step.amount is None:
        return Outcome("quantity", _("%(item)s：请输入数量。") % {"item": step.item.label})
    if step.amount <= 0:
        sentence = _("数量要大于零。")
        raise Invalid(sentence, fields={"quantity": [sentence]})
    return None


def _has_target(step: Step) -> bool:
    """Is it known where the goods go? In 上架 the one scanned location is that."""
    named = step.context["to_warehouse"] or step.context["to_location"]
    return bool(named or (step.task == "put_away" and step.context["location"]))


def _receive(step: Step) -> Made:
    if step.context["document"]:
        return Made(_against(PURCHASES, step, _order_of(PURCHASES, step)))
    line = ReceiptLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        made_on=step.found.made_on, expires_on=step.found.expires_on, location=step.context["location"],
    )  # fmt: skip
    return Made(receive(head=_head(step, "other_in"), warehouse=step.context["warehouse"], lines=[line]))


def _issue(step: Step) -> Made:
    if step.context["document"]:
        return _for_document(step)
    line = IssueLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        location=step.context["location"],
    )  # fmt: skip
    reason = "sale" if step.task == "ship" else "other_out"
    return Made(issue(head=_head(step, reason), warehouse=step.context["warehouse"], lines=[line]))


def _for_document(step: Step) -> Made:
    """Goods for a sales order, or for a document of a floor above: a work order's material."""
    number = step.context["document"]
    if SALES.order.objects.filter(number=number).exists():
        return Made(_against(SALES, step, _order_of(SALES, step)))
    found = scan_doors.read(number, task=step.task, actor=step.actor)
    if found is None or found[0].take is None:
        raise _unknown_document(step)
    taken = found[0].take(
        scan_doors.ScanTake(
            number=found[1].number, item=step.item.code, quantity=_in_stock_units(step), lot=step.lot,
            serial=step.found.serial, warehouse=step.context["warehouse"], location=step.context["location"],
            actor=step.actor, at=step.at, today=step.today,
        )
    )  # fmt: skip
    return Made(StockDocument.objects.get(pk=taken.document_id), taken.lines)


def _move(step: Step) -> Made:
    here, context = step.context["location"], step.context
    target = context["to_warehouse"] or context["warehouse"], context["to_location"]
    if step.task == "put_away" and not any((context["to_warehouse"], context["to_location"])):
        here, target = "", (context["warehouse"], here)
    line = TransferLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        location=here, to_location=target[1],
    )  # fmt: skip
    head = _head(step, "transfer")
    return Made(transfer(head=head, from_warehouse=context["warehouse"], to_warehouse=target[0], lines=[line]))


def _head(step: Step, reason: str) -> Head:
    return Head(moved_on=step.today, reason=reason, actor=step.actor, at=step.at)


def _order_of(side: Side, step: Step) -> Any:
    order = side.order.objects.filter(number=step.context["document"]).first()
    if order is None:
        raise _unknown_document(step)
    return order


def _unknown_document(step: Step) -> Invalid:
    return Invalid(_("没有订单 %(number)s。") % {"number": step.context["document"][:60]}, "unknown_document")


def _against(side: Side, step: Step, order: Any) -> StockDocument:
    """Ship or receive the first open line of the order that has this item."""
    row = _line_for(order, step)
    quantity = _in_unit(step, row)
    move = MoveInput(
        line=row.line, quantity=quantity, lot=step.lot, serials=step.serials, made_on=step.found.made_on,
        expires_on=step.found.expires_on, location=step.context["location"],
    )  # fmt: skip
    how = Posting(warehouse=step.context["warehouse"], moved_on=step.today, actor=step.actor, at=step.at)
    return moving.deliver(side=side, order_id=order.pk, lines=[move], how=how)


def _line_for(order: Any, step: Step) -> Any:
    rows = [row for row in lines_of(order) if row.item_id == step.item.id and not row.closed]
    if not rows:
        sentence = _("订单 %(number)s 没有 %(item)s。") % {"number": order.number, "item": step.item.label}
        raise NotInDocument(sentence, fields={"code": [sentence]})
    return next((row for row in rows if Done(row.quantity, row.done).open > 0), rows[-1])


def _in_unit(step: Step, row: Any) -> Decimal:
    """The scanned quantity in the order line's unit, exact or refused."""
    unit = step.found.unit or step.item.stock_unit
    quantity = _many(step)
    return quantity if unit == row.unit else masterdata.convert(step.item.id, quantity, unit, row.unit)


def _many(step: Step) -> Decimal:
    assert step.amount is not None  # noqa: S101  # `_missing` has asked for it
    return step.amount


def _in_stock_units(step: Step) -> Decimal:
    """The scanned quantity in the item's stock unit, exact or refused."""
    unit = step.found.unit
    quantity = _many(step)
    return masterdata.convert(step.item.id, quantity, unit) if unit and unit != step.item.stock_unit else quantity


def _posted(step: Step, made: Made) -> Outcome:
    first = StockMove.objects.filter(document=made.document).order_by("id").first()
    words = _("%(number)s：%(item)s %(quantity)s %(unit)s 已记账。") % {
        "number": made.document.number, "item": step.item.label, "quantity": plain(_many(step)),
        "unit": unit_word(step.found.unit or step.item.stock_unit),
    }  # fmt: skip
    posted = {"document": made.document.number, "id": made.document.pk, "move": first.pk if first else None}
    lines = _lines(made.left or ())
    return Outcome("scan", words + _rest(step, made), posted=posted, quantity=step.amount, lines=lines)


def _rest(step: Step, made: Made) -> str:
    """What the document that was picked for still wants."""
    if made.left is None:
        return ""
    if not made.left:
        return _("%(number)s 已全部领齐。") % {"number": step.context["document"]}
    open_here = sum((line.quantity for line in made.left if line.item == step.item.code), Decimal(0))
    return _("这种料还要领 %(open)s %(unit)s，共有 %(count)s 种料未领齐。") % {
        "open": plain(open_here), "unit": unit_word(step.item.stock_unit),
        "count": len({line.item for line in made.left}),
    }  # fmt: skip


def shown(quantity: Decimal | None) -> str | None:
    """A quantity for JSON."""
    return None if quantity is None else plain(quantity)


_POST = {
    "receive": _receive,
    "issue": _issue,
    "ship": _issue,
    "pick": _issue,
    "move": _move,
    "put_away": _move,
}
