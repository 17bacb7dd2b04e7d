"""物料标签 60 x 40 and 100 x 100 mm: a QR of our own kind, which every scan page understands, beside code and name."""

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.masterdata.domain.gs1 import ScanKind
from apps.masterdata.domain.own_labels import OwnLabel, print_label
from apps.masterdata.models import Item
from kernel.errors import Invalid
from kernel.paper import pdf, pdf_response

SIZES = ("60x40", "100x100")
MOST = 500  # labels in one print


@dataclass(frozen=True)
class Label:
    """What stands on one label."""

    item: Item
    picture: SafeString
    barcode: str


def labels_of(items: Sequence[Item], *, copies: int) -> list[Label]:
    """`copies` labels of each item, in their order. Raises Invalid for none and for more than 500."""
    if not 1 <= copies * len(items) <= MOST:
        raise Invalid(_("一次可以打印 1 至 %(most)d 张标签。") % {"most": MOST}, fields={"copies": [_("张数不对。")]})
    made = [_label(item) for item in items]
    return [label for label in made for _copy in range(copies)]


def _label(item: Item) -> Label:
    code = segno.make(print_label(OwnLabel(ScanKind.ITEM, item.code)), error="m", micro=False)
    barcodes = [row.value for row in item.barcodes.all()]
    # The picture is made of squares by the library, from a text that it encodes: nothing in it is markup of others.
    picture = mark_safe(code.svg_inline(border=0, svgclass="qr", lineclass=None, omitsize=True))  # noqa: S308  # as said
    return Label(item, picture, barcodes[0] if barcodes else "")


def label_pdf(labels: Sequence[Label], size: str) -> bytes:
    """One label a page. Raises Invalid for an unknown size."""
    if size not in SIZES:
        raise Invalid(_("标签尺寸只能是 %(sizes)s。") % {"sizes": "、".join(SIZES)}, fields={"size": [size[:20]]})
    return pdf("masterdata/print/labels.html", {"labels": labels, "size": size})


def label_response(labels: Sequence[Label], size: str) -> HttpResponse:
    """Shown in the browser, for its printer."""
    return pdf_response(label_pdf(labels, size), f"{_('标签')}-{labels[0].item.code}.pdf")
