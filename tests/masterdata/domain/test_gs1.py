"""Scanned texts: what the gun sends is what the clerk sees."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.errors import RuleError
from apps.masterdata.domain.gs1 import (
    FNC1,
    BadElementString,
    ScanKind,
    bracketed,
    build_element_string,
    parse_bracketed,
    parse_digital_link,
    parse_element_string,
    read_date,
    read_scan,
)
from apps.masterdata.domain.gs1_identifiers import CHARACTER_SET_82, IDENTIFIERS
from apps.masterdata.domain.gtin import BadCheckDigit, check_digit

TODAY = date(2026, 6, 30)
GTIN = "06901234567892"
SSCC = "106141412345678908"
GLN = "6901234500004"


def read(text):
    return read_scan(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        f"]C101{GTIN}1726123110LOT-7{FNC1}21SN1",
        f"]d201{GTIN}1726123110LOT-7{FNC1}21SN1",
        f"]Q301{GTIN}1726123110LOT-7{FNC1}21SN1",
        f"{FNC1}01{GTIN}1726123110LOT-7{FNC1}21SN1{FNC1}",
        f"01{GTIN}1726123110LOT-7{FNC1}21SN1",
        f"(01){GTIN}(17)261231(10)LOT-7(21)SN1",
        f"（01）{GTIN}（17）261231（10）LOT-7（21）SN1",
        f"https://id.gs1.org/01/{GTIN}/10/LOT-7/21/SN1?17=261231",
        "https://hongda.example/p/01/6901234567892/10/LOT%2D7/21/SN1?17=261231&utm_source=wechat",
    ],
)
def test_one_label_in_every_writing(text):
    reading = read(text)

    assert reading.kind is ScanKind.LOT
    assert (reading.gtin, reading.lot, reading.serial) == (GTIN, "LOT-7", "SN1")
    assert reading.expires_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "kind", "field", "value"),
    [
        (f"(01){GTIN}", ScanKind.ITEM, "gtin", GTIN),
        (f"(01){GTIN}(21)SN9", ScanKind.ITEM, "serial", "SN9"),
        (f"(00){SSCC}(02){GTIN}(37)48", ScanKind.PACKAGE, "sscc", SSCC),
        (f"(00){SSCC}(02){GTIN}(37)48", ScanKind.PACKAGE, "count", 48),
        (f"(414){GLN}(254)A-01-02", ScanKind.LOCATION, "gln", GLN),
        (f"(01){GTIN}(3103)001250", ScanKind.ITEM, "net_weight", Decimal("1.250")),
        (f"(01){GTIN}(30)12", ScanKind.ITEM, "count", 12),
        (f"(01){GTIN}(11)260601", ScanKind.ITEM, "made_on", date(2026, 6, 1)),
        ("6901234567892", ScanKind.ITEM, "gtin", GTIN),
        ("]E06901234567892", ScanKind.ITEM, "gtin", GTIN),
        (SSCC, ScanKind.PACKAGE, "sscc", SSCC),
        (f"]C100{SSCC}", ScanKind.PACKAGE, "sscc", SSCC),
        ("M6-BOLT", None, "code", "M6-BOLT"),
        ("]C0M6-BOLT", None, "code", "M6-BOLT"),
        ("6901234567890", None, "gtin", ""),  # wrong check digit: perhaps an own code
        ("https://hongda.example/order/17", None, "code", "https://hongda.example/order/17"),
        ("(合金)法兰盘", None, "code", "(合金)法兰盘"),
        ("0112345678901234", None, "kind", None),  # looks like AI 01 but does not check
        ("", None, "code", ""),
    ],
)
def test_what_is_scanned(text, kind, field, value):
    reading = read(text)

    assert reading.kind is kind
    assert getattr(reading, field) == value


@pytest.mark.parametrize(
    "text",
    [
        "]C1",
        "]C15512",  # no such AI
        f"]C101{GTIN[:10]}",  # cut off
        f"]C101{GTIN}17261331",  # month 13
        f"]C101{GTIN}10",  # empty lot
        f"]C101{GTIN}10{'A' * 21}",
        f"(01){GTIN}(10)批次",
        f"(01){GTIN}(10)A(10)B",
        f"(01){GTIN}(37)12A",
        "https://id.gs1.org/01/6901234567892/10",
        "A" * 1001,
    ],
)
def test_damaged_code_is_refused(text):
    with pytest.raises(BadElementString) as refusal:
        read(text)

    assert refusal.value.code == "bad_gs1"


@pytest.mark.parametrize("text", ["(01)06901234567890", "(00)106141412345678909", "(414)6901234500005"])
def test_wrong_check_digit_in_an_announced_code_is_refused(text):
    with pytest.raises(BadCheckDigit):
        read(text)


@pytest.mark.parametrize(
    ("digits", "today", "expected"),
    [
        ("261231", date(2026, 6, 30), date(2026, 12, 31)),
        ("260200", date(2026, 6, 30), date(2026, 2, 28)),  # day 00: last day of the month
        ("281200", date(2026, 6, 30), date(2028, 12, 31)),
        ("240200", date(2026, 6, 30), date(2024, 2, 29)),
        ("760101", date(2026, 6, 30), date(2076, 1, 1)),  # 76 - 26 = 50: this century
        ("770101", date(2026, 6, 30), date(1977, 1, 1)),  # 77 - 26 = 51: the last one
        ("020101", date(2060, 6, 30), date(2102, 1, 1)),  # 02 - 60 = -58: the next one
    ],
)
def test_century_of_a_six_digit_date(digits, today, expected):
    assert read_date(digits, today=today) == expected


def with_check_digit(length):
    body = st.text(alphabet="0123456789", min_size=length - 1, max_size=length - 1)
    return body.map(lambda digits: digits + check_digit(digits))


texts = st.text(alphabet=sorted(CHARACTER_SET_82 - {"(", ")"}), min_size=1, max_size=20)
labels = st.fixed_dictionaries(
    {"01": with_check_digit(14)},
    optional={
        "10": texts,
        "17": st.dates(date(2000, 1, 1), date(2049, 12, 31)).map(lambda day: day.strftime("%y%m%d")),
        "21": texts,
        "37": st.integers(1, 99_999_999).map(str),
        "3103": st.integers(0, 999_999).map(lambda grams: f"{grams:06d}"),
    },
)


@given(labels)
def test_printed_label_reads_back(label):
    elements = tuple(label.items())

    assert dict(parse_element_string(build_element_string(elements))) == label
    assert parse_bracketed(bracketed(elements)) == elements


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        reading = read(text)
    except RuleError as refusal:
        assert str(refusal)
    else:
        assert reading.code == reading.code.strip(" \t\r\n")


@given(st.text(alphabet="0123456789()/]C1" + FNC1, max_size=60))
def test_nearly_a_label_is_read_or_refused(text):
    for parse in (read, parse_element_string, parse_bracketed, parse_digital_link):
        try:
            parse(text)
        except RuleError as refusal:
            assert str(refusal)


def test_separator_stands_only_where_it_is_needed():
    text = build_element_string([("10", "A1"), ("01", GTIN), ("21", "S1")])

    assert text == f"01{GTIN}10A1{FNC1}21S1"


def test_no_identifier_begins_another():
    assert not [(a, b) for a in IDENTIFIERS for b in IDENTIFIERS if a != b and b.startswith(a)]
