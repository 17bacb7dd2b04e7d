"""What a scanner read: GS1 element strings, raw or in brackets, GS1 Digital Links, bare GTIN and SSCC."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from apps.masterdata.domain import gtin
from apps.masterdata.domain.codes import fold_width
from apps.masterdata.domain.errors import RuleError, gettext_noop
from apps.masterdata.domain.gs1_identifiers import (
    IDENTIFIERS,
    PREDEFINED_LENGTHS,
    BadElementString,
    Identifier,
    check_value,
    identifier_at,
    known_identifier,
    read_date,
)

FNC1 = "\x1d"
MAX_SCAN_LENGTH = 1000

_GS1_SYMBOLS = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
_ANY_SYMBOL = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BRACKETS = re.compile(r"\(([0-9]{2,4})\)")
# A bare element string is believed only when it begins with a key whose check digit can be verified.
_TRUSTED_STARTS = ("00", "01", "02", "410", "411", "412", "413", "414", "415", "416", "417")
_LINK_KEYS = ("01", "00", "414", "417")


class ScanKind(StrEnum):
    """What kind of thing carries the code."""

    ITEM = "item"
    LOT = "lot"
    PACKAGE = "package"
    LOCATION = "location"


Elements = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """A scanned text, understood as far as GS1 goes.

    `code` is the text itself, cleaned, for looking up own codes; `kind` is None when only such a look-up
    can tell. `gtin` has 14 digits, `net_weight` is in kg, `count` in pieces; `elements` are all (AI, value)
    pairs as read.
    """

    code: str
    kind: ScanKind | None = None
    gtin: str = ""
    lot: str = ""
    serial: str = ""
    sscc: str = ""
    gln: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    count: int | None = None
    net_weight: Decimal | None = None
    elements: Elements = ()


def read_scan(text: str, *, today: date) -> Reading:
    """Understand a scanned or typed `text`; `today` decides the century of six-digit dates.

    A text that announces itself as GS1 (symbology prefix, leading FNC1, brackets, Digital Link) and is
    damaged raises BadElementString or BadCheckDigit. A bare text that merely looks like one is kept as an
    own code.
    """
    code = fold_width(text).strip(" \t\r\n")
    if len(code) > MAX_SCAN_LENGTH:
        raise BadElementString(gettext_noop("扫到的内容太长，不是物料、批次、库位或包装的条码。"))
    announced = _announced_elements(code)
    if announced is not None:
        return _understand(code, announced, today)
    plain = _ANY_SYMBOL.sub("", code, count=1) if code.startswith("]") else code
    return _read_plain(plain, today)


def parse_element_string(raw: str) -> Elements:
    """Split a raw element string (no symbology prefix) into (AI, value) pairs.

    Raises BadElementString or BadCheckDigit.
    """
    pairs: list[tuple[str, str]] = []
    position = 0
    while position < len(raw):
        if raw[position] == FNC1:
            position += 1
            continue
        identifier = identifier_at(raw, position)
        if identifier is None:
            raise BadElementString(
                gettext_noop("条码里的“%(rest)s”不是已知的 GS1 应用标识符。"),
                {"rest": raw[position : position + 8]},
            )
        start = position + len(identifier.ai)
        position = _end_of_value(raw, start, identifier)
        pairs.append((identifier.ai, check_value(identifier, raw[start:position])))
    return _without_contradictions(pairs)


def parse_bracketed(text: str) -> Elements:
    """Split `(01)06901234567892(10)A1` into (AI, value) pairs; brackets without an AI belong to the value."""
    marks = [match for match in _BRACKETS.finditer(text) if match[1] in IDENTIFIERS]
    if not marks or marks[0].start() != 0:
        raise BadElementString(gettext_noop("条码“%(text)s”不以已知的 GS1 应用标识符开头。"), {"text": text[:40]})
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pairs = [
        (mark[1], check_value(IDENTIFIERS[mark[1]], text[mark.end() : end]))
        for mark, end in zip(marks, ends, strict=True)
    ]
    return _without_contradictions(pairs)


def parse_digital_link(url: str) -> Elements:
    """Read a GS1 Digital Link address: key and qualifiers in the path, attributes in the query.

    Any host and any leading path are accepted. Raises BadElementString when there is no GS1 key in it.
    """
    parts = urlsplit(url)
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    start = next((place for place, segment in enumerate(segments) if segment in _LINK_KEYS), None)
    pairs_in_path = segments[start:] if start is not None else []
    if not pairs_in_path or len(pairs_in_path) % 2:
        raise BadElementString(gettext_noop("这个网址不是 GS1 数字链接。"))
    found = list(zip(pairs_in_path[::2], pairs_in_path[1::2], strict=True))
    found += [(ai, value) for ai, value in parse_qsl(parts.query) if ai in IDENTIFIERS]
    return _without_contradictions(_link_pair(ai, value) for ai, value in found)


def build_element_string(elements: Iterable[tuple[str, str]]) -> str:
    """The text to print in GS1-128 or a GS1 QR code (the symbol adds its own first FNC1).

    Values are checked. Predefined lengths come first, so that as few separators as possible are needed.
    """
    known = [(known_identifier(ai), value) for ai, value in elements]
    ordered = sorted(known, key=lambda pair: not pair[0].is_predefined)
    text = ""
    for place, (identifier, value) in enumerate(ordered):
        text += identifier.ai + check_value(identifier, value)
        if not identifier.is_predefined and place < len(ordered) - 1:
            text += FNC1
    return text


def bracketed(elements: Iterable[tuple[str, str]]) -> str:
    """The line printed under the bars: `(01)06901234567892(10)A1`."""
    return "".join(f"({ai}){value}" for ai, value in elements)


def _announced_elements(code: str) -> Elements | None:
    if code.startswith(_GS1_SYMBOLS):
        code = code[3:]
        return parse_digital_link(code) if _is_link(code) else parse_element_string(code)
    if code.startswith(FNC1):
        return parse_element_string(code)
    if _BRACKETS.match(code) and identifier_at(code, 1) is not None:
        return parse_bracketed(code)
    return parse_digital_link(code) if _is_link(code) else None


def _is_link(code: str) -> bool:
    if not code.lower().startswith(("http://", "https://")):
        return False
    try:
        segments = urlsplit(code).path.split("/")
    except ValueError:
        return False
    return any(
        key in _LINK_KEYS and re.fullmatch(r"[0-9]{8,18}", value)
        for key, value in zip(segments, segments[1:], strict=False)
    )


def _read_plain(code: str, today: date) -> Reading:
    if code.startswith(_TRUSTED_STARTS) and len(code) >= 16:
        try:
            return _understand(code, parse_element_string(code), today)
        except RuleError:
            pass  # it only looked like an element string: an own code may be anything
    if gtin.has_valid_check_digit(code):
        if len(code) in gtin.GTIN_LENGTHS:
            return Reading(code, ScanKind.ITEM, gtin=code.zfill(14))
        if len(code) == gtin.SSCC_LENGTH:
            return Reading(code, ScanKind.PACKAGE, sscc=code)
    return Reading(code)


def _understand(code: str, elements: Elements, today: date) -> Reading:
    values = dict(elements)
    return Reading(
        code=code,
        kind=_kind(values),
        gtin=values.get("01") or values.get("02", ""),
        lot=values.get("10", ""),
        serial=values.get("21", ""),
        sscc=values.get("00", ""),
        gln=values.get("414", ""),
        made_on=_date_of(values, ("11", "13"), today),
        expires_on=_date_of(values, ("17", "15", "16"), today),
        count=_count(values),
        net_weight=_net_weight(values),
        elements=elements,
    )


def _kind(values: Mapping[str, str]) -> ScanKind | None:
    if "00" in values:
        return ScanKind.PACKAGE
    if "01" in values or "02" in values:
        return ScanKind.LOT if "10" in values else ScanKind.ITEM
    if "414" in values:
        return ScanKind.LOCATION
    return ScanKind.LOT if "10" in values else None


def _date_of(values: Mapping[str, str], identifiers: tuple[str, ...], today: date) -> date | None:
    found = next((values[ai] for ai in identifiers if ai in values), None)
    return read_date(found, today=today) if found else None


def _count(values: Mapping[str, str]) -> int | None:
    found = values.get("37") or values.get("30")
    return int(found) if found else None


def _net_weight(values: Mapping[str, str]) -> Decimal | None:
    found = next((ai for ai in values if ai.startswith("310") and len(ai) == 4), None)
    return Decimal(values[found]).scaleb(-int(found[3])) if found else None


def _end_of_value(raw: str, start: int, identifier: Identifier) -> int:
    if identifier.is_predefined:
        return start - len(identifier.ai) + PREDEFINED_LENGTHS[identifier.ai[:2]]
    separator = raw.find(FNC1, start)
    return len(raw) if separator < 0 else separator


def _without_contradictions(pairs: Iterable[tuple[str, str]]) -> Elements:
    seen: dict[str, str] = {}
    for ai, value in pairs:
        if seen.setdefault(ai, value) != value:
            raise BadElementString(gettext_noop("条码里（%(ai)s）出现了两个不同的值。"), {"ai": ai})
    if not seen:
        raise BadElementString(gettext_noop("条码是空的，请再扫一次。"))
    return tuple(seen.items())


def _link_pair(ai: str, value: str) -> tuple[str, str]:
    # Older links carry a GTIN as short as the bars show it.
    padded = value.zfill(14) if ai == "01" and value.isascii() and value.isdigit() else value
    return ai, check_value(known_identifier(ai), padded)
