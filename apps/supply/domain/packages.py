"""包装编码: SSCC (GS1, 18 digits) or an own code `QZ` + 12 digits, and what a scan of a label says."""

import re

from apps.supply.domain.errors import RuleBroken

SSCC_LENGTH = 18
OWN = re.compile(r"QZ[0-9]{12}")
_DIGITS = re.compile(r"[0-9]+")
_PREFIX = re.compile(r"[0-9]{4,12}")
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9]")
LABEL = "QZ1|package|"


def check_digit(body: str) -> str:
    """The mod-10 digit that follows `body`: weights 3, 1, 3 … from the right (GS1 General Specifications §7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_sscc(text: str) -> bool:
    """18 digits, the last of which checks the others."""
    return len(text) == SSCC_LENGTH and bool(_DIGITS.fullmatch(text)) and check_digit(text[:-1]) == text[-1]


def build_sscc(prefix: str, serial: int, *, extension: int = 0) -> str:
    """Extension digit, company prefix, serial, check digit. Raises RuleBroken `bad_sscc`: no or a full prefix."""
    if not _PREFIX.fullmatch(prefix):
        raise RuleBroken("bad_sscc")
    room = SSCC_LENGTH - 2 - len(prefix)
    # The extension digit is part of the number: when the serials of one are used up, the next one follows.
    extension += serial // 10**room
    if extension > 9:
        raise RuleBroken("bad_sscc")
    body = f"{extension}{prefix}{serial % 10**room:0{room}d}"
    return body + check_digit(body)


def own_code(serial: int) -> str:
    """`QZ000000000001`."""
    return f"QZ{serial % 10**12:012d}"


def qr_text(code: str) -> str:
    """What the QR on the label says."""
    return f"{LABEL}{code}"


def read_scan(text: str) -> str:
    """The package code in a scanned text: our QR, a GS1-128 element string with AI 00, or the code itself.

    Any other text is given back as it is: nobody knows it, which is what the caller then says.
    """
    value = _SYMBOLOGY.sub("", text.strip()).strip("\x1d")
    if value.startswith(LABEL):
        return value[len(LABEL) :].split("|")[0].strip()
    for mark in ("(00)", "00"):
        rest = value[len(mark) : len(mark) + SSCC_LENGTH]
        if value.startswith(mark) and is_sscc(rest):
            return rest
    return value.upper() if OWN.fullmatch(value.upper()) else value
