"""标签: items, lots, serials, locations and packages, as PDF on three sizes of paper and as ZPL for label printers.

A QR code carries our own text `QZ1|kind|code|lot|serial|qty`; bars are GS1-128 with the GTIN where the item has one.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe

from apps.inventory.domain import code128
from apps.masterdata import public as masterdata
from kernel.errors import DomainError
from kernel.paper import pdf

SIZES = ("60x40", "100x100", "a4")
MOST_LABELS = 2000
_BAR_HEIGHT = 40


@dataclass(frozen=True, kw_only=True)
class Label:
    """What one label says. `facts` are short lines of text; `elements` GS1 identifiers for the bars, if any."""

    kind: str
    title: str
    code: str
    qr: str
    facts: tuple[str, ...] = ()
    elements: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A label with its codes drawn as SVG."""

    label: Label
    qr: SafeString
    bars: SafeString
    human: str


def as_pdf(labels: Sequence[Label], size: str) -> bytes:
    """One label a page, or 24 on a sheet of A4."""
    per_page = 24 if size == "a4" else 1
    drawn = [draw(label) for label in labels]
    pages = [drawn[at : at + per_page] for at in range(0, len(drawn), per_page)]
    return pdf("inventory/print/labels.html", {"pages": pages, "size": size})


def as_zpl(labels: Sequence[Label], size: str) -> str:
    """ZPL II in UTF-8 for 203 dpi printers (8 dots a mm)."""
    return "\n".join(_zpl(label, size) for label in labels) + "\n"


def draw(label: Label) -> Drawn:
    """The label's QR and bars as SVG without any style."""
    text, human = _gs1(label)
    return Drawn(label, _qr_svg(label.qr), _bars_svg(text) if text else SafeString(""), human)


def _gs1(label: Label) -> tuple[str, str]:
    """(text of the bars, line below); empty where the item has no GTIN or the lot does not fit the standard."""
    if not label.elements:
        return "", ""
    try:
        return masterdata.gs1_text(label.elements)
    except DomainError:
        return "", ""  # the QR code says it all the same


def _qr_svg(text: str) -> SafeString:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2)
    return mark_safe(out.getvalue().decode())  # noqa: S308  # drawn by segno: paths only, no text of the company


def _bars_svg(text: str) -> SafeString:
    width = code128.modules(text) + 20  # ten modules of quiet zone on each side
    rects = "".join(
        f'<rect x="{at + 10}" y="0" width="{wide}" height="{_BAR_HEIGHT}"/>' for at, wide in code128.bars(text)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_BAR_HEIGHT}" preserveAspectRatio="none">'
    return mark_safe(f"{svg}{rects}</svg>")  # noqa: S308  # numbers only


def _zpl(label: Label, size: str) -> str:
    width, height = (800, 800) if size == "100x100" else (480, 320)
    scale = 8 if size == "100x100" else 4
    lines = [f"^XA^CI28^PW{width}^LL{height}", f"^FO16,16^BQN,2,{scale}^FDMA,{_safe(label.qr)}^FS"]
    left, top, step = (16, 360, 44) if size == "100x100" else (190, 20, 34)
    for place, fact in enumerate((label.code, label.title, *label.facts)):
        lines.append(f"^FO{left},{top + place * step}^A0N,{step - 8},{step - 10}^FD{_safe(fact)}^FS")
    text, _human = _gs1(label)
    if text:
        bars = _safe(text.replace(code128.FNC1, ">8"))
        lines.append(f"^FO16,{height - 110}^BY2^BCN,70,N,N,N,N^FD>;>8{bars}^FS")
    return "".join([*lines, "^XZ"])


def _safe(text: Any) -> str:
    # A caret or tilde begins a command of the printer's language.
    return str(text).replace("^", " ").replace("~", " ").replace("\n", " ")
