"""What a scanned text means here: goods, a place, a package, an order."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.models import Lot
from apps.inventory.services import scan_doors
from apps.inventory.services.orders.sides import PURCHASES, SALES
from apps.masterdata import public as masterdata
from apps.masterdata.public import ItemInfo
from kernel.errors import Invalid
from tenants.rights import Member

ORDERS = {"receive": PURCHASES, "issue": SALES, "ship": SALES, "pick": SALES}
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class Understood:
    """`kind`: item, lot, serial, location, package, order, or what a floor above calls its `document` (work_order).

    `quantity` in `unit`, when the code says one.
    """

    kind: str
    code: str
    item: ItemInfo | None = None
    lot: str = ""
    serial: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    warehouse: str = ""
    location: str = ""
    order: str = ""
    document: scan_doors.ScanDocument | None = None


class UnknownCode(Invalid):
    """Nobody in the company knows the code; the sentence says what it looked like."""

    code = "unknown_code"


def understand(code: str, *, task: str, actor: Member, today: date) -> Understood:
    """What `code` is. Raises UnknownCode, and why a document of a floor above is not to be worked on."""
    text = code.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise UnknownCode(_("请扫描或输入条码。"), fields={"code": [_("请扫描或输入条码。")]})
    try:
        found = masterdata.scan(text, today=today)
    except Invalid as error:
        raise _unknown(text, error.message) from error
    if found is not None and found.kind != "package" and (found.item_id or found.location_id):
        return _goods_or_place(found)
    return _order(text, task) or _document(text, task, actor) or _lot(text) or _package(found) or _refuse(text)


def looks_like(text: str) -> str:
    """In words what an unknown code resembles."""
    if text.startswith("QZ1|"):
        return _("轻准标签")
    if text.lower().startswith(("http://", "https://")):
        return _("网址")
    if re.match(r"\(\d{2,4}\)|\][A-Za-z]\d|\x1d", text):
        return _("GS1 条码")
    if re.fullmatch(r"\d{18}", text):
        return _("物流箱码（SSCC）")
    if re.fullmatch(r"\d{8}|\d{12,14}", text):
        return _("商品条码（%(digits)s 位）") % {"digits": len(text)}
    return _("数字编码") if text.isdigit() else _("文字编码")


def _goods_or_place(found: Any) -> Understood:
    if found.item_id is None:
        return Understood(kind="location", code=found.code, warehouse=found.warehouse, location=found.location)
    kind = "serial" if found.serial else found.kind
    return Understood(
        kind=kind, code=found.code, item=masterdata.get_item(found.item_id), lot=found.lot, serial=found.serial,
        quantity=found.quantity, unit=found.unit, made_on=found.made_on, expires_on=found.expires_on,
    )  # fmt: skip


def _order(text: str, task: str) -> Understood | None:
    side = ORDERS.get(task)
    if side is None or not side.order.objects.filter(number=text).exists():
        return None
    return Understood(kind="order", code=text, order=text)


def _document(text: str, task: str, actor: Member) -> Understood | None:
    found = scan_doors.read(text, task=task, actor=actor)
    if found is None:
        return None
    door, document = found
    only = document.lines[0] if door.take is None and len(document.lines) == 1 else None  # a box of one kind of goods
    item = masterdata.item_by_code(only.item) if only is not None and only.item else None
    known = Understood(kind=document.kind, code=document.code, order=document.number, document=document)
    if only is None or item is None:
        return known
    return replace(known, item=item, lot=only.lot, quantity=only.quantity, unit=only.unit)


def _lot(text: str) -> Understood | None:
    rows = list(Lot.objects.filter(code=text).order_by("id")[:2])
    if len(rows) != 1:  # two items may have lots of one name: then the item must be scanned first
        return None
    item = masterdata.get_item(rows[0].item_id)
    if rows[0].kind == Lot.Kind.SERIAL:
        return Understood(kind="serial", code=text, item=item, serial=text, unit=item.stock_unit)
    return Understood(kind="lot", code=text, item=item, lot=text, unit=item.stock_unit)


def _package(found: Any) -> Understood | None:
    if found is None or found.kind != "package":
        return None
    item = masterdata.get_item(found.item_id) if found.item_id else None
    return Understood(kind="package", code=found.code, item=item, lot=found.lot, quantity=found.quantity)


def _refuse(text: str) -> Understood:
    raise _unknown(text, "")


def _unknown(text: str, why: str) -> UnknownCode:
    sentence = _("未登记的条码：%(code)s，看起来是%(kind)s。") % {"code": text[:60], "kind": looks_like(text)}
    if why:
        sentence = f"{sentence}{why}"
    extra = {"looks_like": looks_like(text), "scanned": text[:200]}
    return UnknownCode(sentence, fields={"code": [sentence]}, extra=extra)
