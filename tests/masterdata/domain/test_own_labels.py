"""Our own QR labels."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.errors import RuleError
from apps.masterdata.domain.gs1 import ScanKind
from apps.masterdata.domain.own_labels import BadLabel, OwnLabel, print_label, read_label


def test_label_of_a_lot():
    label = OwnLabel(ScanKind.LOT, "M6-BOLT", lot="L2606-01", quantity=Decimal("250.0000"))

    assert print_label(label) == "QZ1|lot|M6-BOLT|L2606-01||250"
    assert read_label("QZ1|lot|M6-BOLT|L2606-01||250") == label


def test_label_of_a_package_is_short():
    assert print_label(OwnLabel(ScanKind.PACKAGE, "QZ000000000001")) == "QZ1|package|QZ000000000001"


@pytest.mark.parametrize("text", ["", "M6-BOLT", "QZ1", "QZ12|item|A", "6901234567892"])
def test_other_text_is_none_of_our_labels(text):
    assert read_label(text) is None


@pytest.mark.parametrize("text", ["QZ1|", "QZ1|item", "QZ1|pallet|A", "QZ1|item|A|B|C|1|2"])
def test_damaged_label_is_refused(text):
    with pytest.raises(BadLabel):
        read_label(text)


@pytest.mark.parametrize("text", ["QZ1|item|", "QZ1|item|A|||many", "QZ1|item|A|||0.00001"])
def test_damaged_part_is_refused(text):
    with pytest.raises(RuleError):
        read_label(text)


codes = st.text(alphabet="ABC019-|%/批次", min_size=1, max_size=12)


@given(
    st.sampled_from(list(ScanKind)),
    codes,
    st.just("") | codes,
    st.just("") | codes,
    st.none() | st.decimals(min_value=0, max_value=10**6, places=4),
)
def test_printed_label_reads_back(kind, code, lot, serial, quantity):
    label = OwnLabel(kind, code, lot, serial, quantity)

    assert read_label(print_label(label)) == label
