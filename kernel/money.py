"""Money and quantity: Decimal everywhere, half-up once at a named place, refused rather than rounded on the way in."""

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from kernel.errors import Invalid

CENT = Decimal("0.01")
QUANTITY = Decimal("0.0001")
UNIT_PRICE = Decimal("0.000001")
RATE = Decimal("0.00000001")
ZERO = Decimal(0)

_AMOUNT = re.compile(r"-?\d{1,16}(\.\d{1,2})?")


def to_cent(value: Decimal) -> Decimal:
    """Round to the fen, half up and away from zero: -3.545 -> -3.55."""
    return value.quantize(CENT, ROUND_HALF_UP)


def parse_amount(text: str, *, field: str = "amount") -> Decimal:
    """CNY from text as an API client writes it. Raises Invalid on a third decimal, exponent or separator."""
    if not _AMOUNT.fullmatch(text):
        raise Invalid(_("金额要写成最多两位小数的数字，例如 1200.50。"), fields={field: [_("金额格式不对。")]})
    return Decimal(text)


def money_text(value: Decimal) -> str:
    """`1234.50` for JSON: two decimals, never an exponent."""
    return f"{value:.2f}"


def decimal_text(value: Decimal, places: int) -> str:
    """A decimal with exactly `places` digits for JSON; quantities 4, unit prices 6, rates 8."""
    return f"{value:.{places}f}"
