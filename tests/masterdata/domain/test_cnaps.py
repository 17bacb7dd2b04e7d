"""Bank accounts as banks print them."""

import pytest

from apps.masterdata.domain.cnaps import (
    BadAccountNo,
    BadCnaps,
    clean_account_no,
    clean_cnaps,
    mask_account_no,
)


def test_cnaps_is_twelve_digits():
    assert clean_cnaps(" 1025 8402 1234") == "102584021234"
    for wrong in ("10258402123", "1025840212345", "10258402123A", "１２"):
        with pytest.raises(BadCnaps):
            clean_cnaps(wrong)


def test_account_number_loses_blanks_and_stays_out_of_the_refusal():
    assert clean_account_no("6222 0212 3456 7890 123") == "6222021234567890123"
    with pytest.raises(BadAccountNo) as refusal:
        clean_account_no("6222*0212")

    assert "6222" not in str(refusal.value)


def test_mask_shows_the_last_four():
    assert mask_account_no("6222021234567890123") == "**** 0123"
    assert mask_account_no("0123") == "****"
