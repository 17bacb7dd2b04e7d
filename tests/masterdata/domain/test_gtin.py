"""GTIN, GLN and SSCC: our validator against one that weighs from the left with a table for each length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.codes import BadCode
from apps.masterdata.domain.gtin import (
    BadCheckDigit,
    BadCompanyPrefix,
    BarcodeKind,
    build_sscc,
    check_digit,
    clean_barcode,
    clean_company_prefix,
    clean_gln,
    clean_gtin,
    clean_sscc,
    has_valid_check_digit,
    printed_gtin,
)

WEIGHTS_FROM_LEFT = {
    8: (3, 1, 3, 1, 3, 1, 3),
    12: (3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3),
    13: (1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3),
    14: (3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3),
    18: (3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3),
}


def independent_is_valid(digits):
    total = sum(int(d) * w for d, w in zip(digits[:-1], WEIGHTS_FROM_LEFT[len(digits)], strict=True))
    nearest_ten_above = (total + 9) // 10 * 10
    return nearest_ten_above - total == int(digits[-1])


def of_length(*lengths):
    digits = st.sampled_from("0123456789")
    return st.sampled_from(lengths).flatmap(
        lambda length: st.lists(digits, min_size=length, max_size=length).map("".join)
    )


@given(of_length(8, 12, 13, 14, 18))
def test_agrees_with_the_independent_validator(digits):
    assert has_valid_check_digit(digits) == independent_is_valid(digits)


@given(of_length(7, 11, 12, 13))
def test_gtin_is_kept_as_fourteen_digits(body):
    gtin = body + check_digit(body)

    stored = clean_gtin(gtin)

    assert len(stored) == 14
    assert independent_is_valid(stored)
    assert clean_gtin(printed_gtin(stored)) == stored


@pytest.mark.parametrize(
    ("printed", "stored"),
    [
        ("6901234567892", "06901234567892"),  # 6+0*... : 3(9+1+3+5+7+9) + (6+0+2+4+6+8) = 102 + 26 = 128 -> 2
        ("96385074", "00000096385074"),
        ("614141000036", "00614141000036"),
        ("10614141543219", "10614141543219"),
        (" 690-1234-567892 ", "06901234567892"),
    ],
)
def test_known_numbers(printed, stored):
    assert clean_gtin(printed) == stored


@pytest.mark.parametrize("wrong", ["6901234567890", "690123456789", "12345", "69012345A7892", ""])
def test_wrong_gtin_is_refused(wrong):
    with pytest.raises(BadCheckDigit) as refusal:
        clean_gtin(wrong)

    assert refusal.value.code == "bad_check_digit"


def test_refusal_names_the_right_digit():
    with pytest.raises(BadCheckDigit, match="应为 2"):
        clean_gtin("6901234567890")


def test_gln_has_thirteen_digits():
    body = "690123450000"  # 3 x (9+1+3+5+0+0) + (6+0+2+4+0+0) = 54 + 12 = 66, so 4

    assert clean_gln(body + "4") == "6901234500004"
    with pytest.raises(BadCheckDigit):
        clean_gln(body + "5")
    with pytest.raises(BadCheckDigit):
        clean_gln("96385074")


def test_sscc_has_eighteen_digits():
    assert clean_sscc("(00)106141412345678908") == "106141412345678908"  # example of the GS1 specifications
    with pytest.raises(BadCheckDigit):
        clean_sscc("106141412345678909")


@given(st.integers(0, 9_999_999), st.integers(0, 9))
def test_built_sscc_is_valid_and_tells_its_serial(serial, extension):
    sscc = build_sscc(company_prefix="690123456", serial=serial, extension=extension)

    assert independent_is_valid(sscc)
    assert sscc[:-1] == f"{extension}690123456{serial:07d}"


def test_serials_of_a_prefix_end_instead_of_starting_again():
    with pytest.raises(BadCompanyPrefix, match="用完"):
        build_sscc(company_prefix="690123456", serial=10_000_000)


@pytest.mark.parametrize("wrong", ["", "690", "69012345678901", "69012A"])
def test_wrong_company_prefix_is_refused(wrong):
    with pytest.raises(BadCompanyPrefix):
        clean_company_prefix(wrong)


def test_own_code_and_gtin_are_told_apart():
    own, gtin = clean_barcode(" HD-0001 "), clean_barcode("6901234567892")

    assert (own.kind, own.value) == (BarcodeKind.OWN, "HD-0001")
    assert (gtin.kind, gtin.value) == (BarcodeKind.GTIN, "06901234567892")


def test_mistyped_gtin_does_not_slip_in_as_an_own_code():
    with pytest.raises(BadCheckDigit):
        clean_barcode("6901234567890")
    with pytest.raises(BadCode):
        clean_barcode(" ")
