"""Our own QR label `QZ1|kind|code|lot|serial|qty`: for goods, bins and boxes that carry no GS1 number."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote, unquote

from apps.masterdata.domain.codes import clean_code
from apps.masterdata.domain.errors import RuleError, gettext_noop
from apps.masterdata.domain.gs1 import ScanKind
from apps.masterdata.domain.units import parse_quantity, plain

MARK = "QZ1"

_SEPARATOR = "|"
_MOST_PARTS = 6


class BadLabel(RuleError):
    """A text begins like one of our labels but is damaged."""

    code = "bad_label"


@dataclass(frozen=True)
class OwnLabel:
    """What one of our labels says. `quantity` is in stock units; None when the label does not say."""

    kind: ScanKind
    code: str
    lot: str = ""
    serial: str = ""
    quantity: Decimal | None = None


def print_label(label: OwnLabel) -> str:
    """The text of the QR code, empty parts at the end left out: `QZ1|package|QZ000000000001`.

    A separator or percent sign inside a value is percent-encoded, so that every code can be printed.
    """
    quantity = "" if label.quantity is None else plain(label.quantity)
    parts = [MARK, label.kind, label.code, label.lot, label.serial, quantity]
    return _SEPARATOR.join(_encode(part) for part in parts).rstrip(_SEPARATOR)


def read_label(text: str) -> OwnLabel | None:
    """Read one of our labels; None for any other text.

    Raises BadLabel for an unknown kind or too many parts, BadCode or BadQuantity for what is in them.
    """
    mark, separator, rest = text.strip().partition(_SEPARATOR)
    if mark != MARK or not separator:
        return None
    parts = [unquote(part) for part in rest.split(_SEPARATOR)]
    if len(parts) > _MOST_PARTS - 1 or len(parts) < 2 or parts[0] not in set(ScanKind):
        raise BadLabel(gettext_noop("标签内容不完整，请重新扫描或补打标签。"))
    kind, code, lot, serial, quantity = (*parts, "", "", "")[:5]
    return OwnLabel(
        ScanKind(kind),
        clean_code(code),
        lot.strip(),
        serial.strip(),
        parse_quantity(quantity) if quantity else None,
    )


def _encode(part: str) -> str:
    # Only what would break the label is encoded: a longer text is a finer QR code, harder to scan.
    return "".join(quote(char, safe="") if char in "|%" else char for char in part)
