"""What a scan of goods does in each task: ask for what is missing, else post."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.domain.orders import Done
from apps.inventory.models import StockDocument, StockMove
from apps.inventory.records import IssueLine, ReceiptLine, TransferLine
from apps.inventory.selectors.scanning import stock_of
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
    """What comes next, in a word for the program and a sentence for the clerk; `posted` {document, id, move}."""

    next: str
    message: str
    posted: dict[str, Any] | None = None
    quantity: Decimal | None = None
    stock: list[dict[str, str]] = field(default_factory=list)


class NotInDocument(DomainError):
    """The order that is worked on has no open line of this item."""

    code = "not_in_document"


def run(step: Step) -> Outcome:
    """Do the task's part of this scan. Raises what posting raises."""
    if step.item is None:
        return Outcome("scan", _("整箱 %(code)s：请在送货里按箱收货。") % {"code": step.found.code})
    if step.task == "look_up":
        return _look_up(step)
    missing = _missing(step)
    if missing is not None:
        return missing
    document = _POST[step.task](step)
    return _posted(step, document)


def _look_up(step: Step) -> Outcome:
    rows = stock_of(step.item.id, lot=step.lot or step.found.serial)
    total = sum((row.quantity for row in rows), Decimal(0))
    words = _("%(item)s 现存 %(quantity)s %(unit)s") % {
        "item": step.item.label, "quantity": plain(total), "unit": step.item.stock_unit_name,
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
    if step.task in ("move", "put_away") and not step.context["to_warehouse"]:
        return Outcome("target", _("请选移到哪个仓库，或扫目标库位。"))
    if step.amount is None:
        return Outcome("quantity", _("%(item)s：请输入数量。") % {"item": step.item.label})
    if step.amount <= 0:
        sentence = _("数量要大于零。")
        raise Invalid(sentence, fields={"quantity": [sentence]})
    return None


def _receive(step: Step) -> StockDocument:
    if step.context["document"]:
        return _against(PURCHASES, step)
    line = ReceiptLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        made_on=step.found.made_on, expires_on=step.found.expires_on, location=step.context["location"],
    )  # fmt: skip
    return receive(head=_head(step, "other_in"), warehouse=step.context["warehouse"], lines=[line])


def _issue(step: Step) -> StockDocument:
    if step.context["document"]:
        return _against(SALES, step)
    line = IssueLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        location=step.context["location"],
    )  # fmt: skip
    reason = "sale" if step.task == "ship" else "other_out"
    return issue(head=_head(step, reason), warehouse=step.context["warehouse"], lines=[line])


def _move(step: Step) -> StockDocument:
    line = TransferLine(
        item=step.item.code, quantity=_many(step), unit=step.found.unit, lot=step.lot, serials=step.serials,
        location=step.context["location"], to_location=step.context["to_location"],
    )  # fmt: skip
    return transfer(
        head=_head(step, "transfer"), from_warehouse=step.context["warehouse"],
        to_warehouse=step.context["to_warehouse"], lines=[line],
    )  # fmt: skip


def _head(step: Step, reason: str) -> Head:
    return Head(moved_on=step.today, reason=reason, actor=step.actor, at=step.at)


def _against(side: Side, step: Step) -> StockDocument:
    """Ship or receive the first open line of the order that has this item."""
    order = side.order.objects.filter(number=step.context["document"]).first()
    if order is None:
        raise Invalid(_("没有订单 %(number)s。") % {"number": step.context["document"][:60]}, "unknown_document")
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


def _posted(step: Step, document: StockDocument) -> Outcome:
    first = StockMove.objects.filter(document=document).order_by("id").first()
    words = _("%(number)s：%(item)s %(quantity)s %(unit)s 已记账。") % {
        "number": document.number, "item": step.item.label, "quantity": plain(_many(step)),
        "unit": step.found.unit or step.item.stock_unit,
    }  # fmt: skip
    posted = {"document": document.number, "id": document.pk, "move": first.pk if first else None}
    return Outcome("scan", words, posted=posted, quantity=step.amount)


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
