"""流转卡: the paper that goes with an order through the shop; a QR code a step opens its report on a phone."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import segno
from django.utils.safestring import SafeString

from apps.production.models import WorkOrder, WorkOrderStep
from kernel.paper import pdf


@dataclass(frozen=True)
class Row:
    """A step and its code as a drawing."""

    step: WorkOrderStep
    code: SafeString


def step_address(address: str, number: str, seq: int) -> str:
    """What the code of a step says: the report form of that step."""
    return f"{address}?{urlencode({'order': number, 'seq': seq})}"


def traveller_pdf(order: WorkOrder, *, address: str, printed_on: date) -> bytes:
    """The traveller of an order that came with its lines; `address` is the report form's own."""
    rows = [Row(step, _drawing(step_address(address, order.number, step.seq))) for step in order.steps.all()]
    context = {"order": order, "rows": rows, "printed_on": printed_on}
    return pdf("production/print/traveller.html", context)


def _drawing(text: str) -> SafeString:
    # The library draws squares and escapes nothing: what goes in is our own address, already percent-encoded.
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(scale=1.6, border=2, omitsize=False)
    return SafeString(drawn)
