"""包装标签 100 x 100 mm: GS1-128 (00) for an SSCC, our QR, order, item in both codes, quantity, lot."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import segno

from apps.supply.domain.canonical import number
from apps.supply.domain.code128 import gs1_128
from apps.supply.domain.packages import qr_text
from apps.supply.models import SharedOrder
from apps.supply.selectors.deliveries import DespatchView
from apps.supply.selectors.orders import OrderView, views_of
from kernel.paper import pdf


@dataclass(frozen=True)
class Bar:
    """A bar of the bar code in modules from the left."""

    x: int
    width: int


@dataclass(frozen=True, kw_only=True)
class Label:
    """One package as its label shows it; `rows`: order number, item in both codes, name, quantity, lot."""

    no: str
    code: str
    sscc: str
    qr: str
    bars: list[Bar]
    modules: int
    rows: list[dict[str, str]]


def label_pdf(view: DespatchView) -> bytes:
    """One page a package; a delivery without packages gets one page with all its lines."""
    context = {"labels": list(labels(view)), "despatch": view.row, "partner": view.row.link.partner.name}
    return pdf("supply/print/labels.html", context)


def labels(view: DespatchView) -> Iterator[Label]:
    """The labels in the order of the packages."""
    ids = {line.order_id for line, _came in view.lines}
    rows = SharedOrder.objects.select_related("link", "link__partner").filter(pk__in=ids).order_by("pk")
    orders = {order.row.pk: order for order in views_of(rows)}
    lines = [(line.package, _row(orders[line.order_id], line)) for line, _came in view.lines if line.quantity]
    for one in view.packages:
        bars, modules = _bars(f"00{one.sscc}") if one.sscc else ([], 0)
        yield Label(
            no=one.no, code=one.code, sscc=one.sscc, qr=_qr(qr_text(one.code)), bars=bars, modules=modules,
            rows=[row for package, row in lines if package == one.no],
        )  # fmt: skip
    if not view.packages:
        yield Label(no="", code=view.row.number, sscc="", qr=_qr(view.row.number), bars=[], modules=0,
                    rows=[row for _package, row in lines])  # fmt: skip


def _row(view: OrderView, line: Any) -> dict[str, str]:
    agreed = view.order.terms.by_number().get(line.line)
    own = view.items.get(line.line)
    info = view.item_of(agreed) if agreed else None
    other = own.partner_item if own and view.row.role == "buyer" else info.code if info else ""
    return {
        "order": view.row.number,
        "item": agreed.item if agreed else "",
        "other_item": other,
        "name": f"{agreed.name} {agreed.spec}".strip() if agreed else "",
        "quantity": f"{number(line.quantity)} {line.unit}",
        "lot": line.lot,
    }


def _bars(digits: str) -> tuple[list[Bar], int]:
    bars, x = [], 0
    for place, width in enumerate(gs1_128(digits)):
        if place % 2 == 0:
            bars.append(Bar(x, width))
        x += width
    return bars, x


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()
