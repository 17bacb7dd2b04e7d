"""Printing labels: what each kind of label says, and the note that it was printed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.models import Lot
from apps.inventory.printing.labels import MOST_LABELS, SIZES, Label, as_pdf, as_zpl
from apps.masterdata import public as masterdata
from kernel import audit
from kernel.errors import Invalid
from tenants.rights import Member

FORMATS = ("pdf", "zpl")


def print_labels(
    *, kind: str, ids: Sequence[int | str], fmt: str, size: str, copies: int, actor: Member
) -> tuple[bytes, str]:
    """(content, content type) of labels for `ids`: items and packages by code, lots and locations by id.

    Notes in the audit log who printed what. Raises Invalid for an unknown kind, id, format or size.
    """
    fmt, size = fmt.lower(), size.lower()  # paper is called A4, whoever writes it
    if kind not in _MAKERS:
        raise _invalid("kind", _("标签种类只能是：%(words)s。") % {"words": "、".join(_MAKERS)})
    if fmt not in FORMATS:
        raise _invalid("format", _("标签格式只能是 pdf 或 zpl。"))
    if size not in SIZES:
        raise _invalid("size", _("标签尺寸只能是：%(words)s。") % {"words": "、".join(SIZES)})
    if not ids or len(ids) * copies > MOST_LABELS:
        raise _invalid("ids", _("一次可打印 1 至 %(most)s 张标签。") % {"most": MOST_LABELS})
    labels = [label for label in _MAKERS[kind](ids) for _copy in range(copies)]
    codes = "、".join(str(one) for one in ids[:5])
    audit.record(actor=actor, action="label.print", object=f"label:{kind}", label=f"{codes} × {len(labels)}")
    if fmt == "zpl":
        return as_zpl(labels, size).encode(), "application/zpl; charset=utf-8"
    return as_pdf(labels, size), "application/pdf"


def _items(ids: Sequence[int | str]) -> list[Label]:
    by_code = masterdata.items_by_code(str(one) for one in ids)
    by_id = masterdata.get_items(int(one) for one in ids if str(one).isdigit() and len(str(one)) < 16)
    found = [by_code.get(str(one)) or by_id.get(_number(one)) for one in ids]
    _check_all(ids, found)
    gtins = masterdata.gtins(item.id for item in found if item)
    return [_item_label(item, gtins) for item in found]


def _item_label(item: Any, gtins: Mapping[int, str]) -> Label:
    gtin = gtins.get(item.id, "")
    return Label(
        kind="item", title=item.name, code=item.code, qr=masterdata.label_text("item", item.code),
        facts=_facts(item.spec, item.stock_unit_name), elements=(("01", gtin),) if gtin else (),
    )  # fmt: skip


def _lots(ids: Sequence[int | str]) -> list[Label]:
    rows = {row.pk: row for row in Lot.objects.filter(pk__in=[_number(one) for one in ids])}
    found = [rows.get(_number(one)) for one in ids]
    _check_all(ids, found)
    items = masterdata.get_items(row.item_id for row in found if row)
    gtins = masterdata.gtins(items)
    return [_lot_label(row, items[row.item_id], gtins) for row in found if row]


def _lot_label(lot: Lot, item: Any, gtins: Mapping[int, str]) -> Label:
    is_serial = lot.kind == Lot.Kind.SERIAL
    words: dict[str, Any] = {"serial": lot.code} if is_serial else {"lot": lot.code}
    gtin = gtins.get(item.id, "")
    elements = [("01", gtin)] if gtin else []
    if gtin:
        elements += [("17", f"{lot.expires_on:%y%m%d}")] if lot.expires_on else []
        elements += [("21" if is_serial else "10", lot.code)]
    name = _("序列号 %(code)s") if is_serial else _("批号 %(code)s")
    expires = _("有效期至 %(day)s") % {"day": lot.expires_on} if lot.expires_on else ""
    return Label(
        kind="serial" if is_serial else "lot", title=item.name, code=item.code,
        qr=masterdata.label_text("lot" if not is_serial else "item", item.code, **words),
        facts=_facts(name % {"code": lot.code}, expires, item.spec), elements=tuple(elements),
    )  # fmt: skip


def _locations(ids: Sequence[int | str]) -> list[Label]:
    places = {
        place.id: place for store in masterdata.find_warehouses() for place in masterdata.find_locations(store.id)
    }
    found = [places.get(_number(one)) for one in ids]
    _check_all(ids, found)
    return [
        Label(
            kind="location", title=place.warehouse, code=place.code,
            qr=masterdata.label_text("location", place.barcode or f"{place.warehouse}/{place.code}"),
        )
        for place in found
        if place
    ]  # fmt: skip


def _packages(ids: Sequence[int | str]) -> list[Label]:
    return [
        Label(kind="package", title=_("包装"), code=str(one), qr=masterdata.label_text("package", str(one)))
        for one in ids
    ]


def _check_all(ids: Sequence[int | str], found: Sequence[Any]) -> None:
    missing = [str(one)[:40] for one, row in zip(ids, found, strict=True) if row is None]
    if missing:
        raise _invalid("ids", _("找不到：%(codes)s。") % {"codes": "、".join(missing[:5])})


def _number(text: int | str) -> int:
    return int(text) if str(text).isdigit() and len(str(text)) < 16 else 0


def _facts(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: [sentence]})


_MAKERS: dict[str, Callable[[Sequence[int | str]], list[Label]]] = {
    "item": _items,
    "lot": _lots,
    "serial": _lots,
    "location": _locations,
    "package": _packages,
}
