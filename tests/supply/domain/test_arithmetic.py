"""Canonical bodies, conversions, receipts and package codes."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apps.supply.domain import canonical, code128, packages
from apps.supply.domain.canonical import Signed, problems_of
from apps.supply.domain.convert import Factor, to_own, to_partner
from apps.supply.domain.despatch import Ledger, outcome, progress
from apps.supply.domain.errors import RuleBroken

BUYER, SELLER, LINK, CHAIN = (UUID(int=number) for number in range(1, 5))
quantities = st.decimals(min_value=0, max_value=10**6, places=4)


def signed_chain(payloads: list[dict]) -> tuple[list[Signed], dict]:
    public, secret = canonical.new_key()
    versions: list[Signed] = []
    for seq, payload in enumerate(payloads, 1):
        draft = Signed(
            link=LINK, chain=CHAIN, seq=seq, kind="order", sender=BUYER, recipient=SELLER, payload=payload,
            sent_at=datetime(2026, 6, 30, 9, seq % 60, tzinfo=UTC), prev=versions[-1].body_hash if versions else None,
        )  # fmt: skip
        digest = canonical.hash_of(draft)
        kept = {**vars(draft), "body_hash": digest, "signature": canonical.sign(secret, digest), "key": public}
        versions.append(Signed(**kept))
    return versions, {BUYER: [public]}


payloads = st.lists(
    st.dictionaries(
        st.sampled_from(["quantity", "note", "line", "物料", "Z"]),
        st.sampled_from(["", "12.5", "法兰盘", "a\u2028b", 7, None, True]),
        max_size=4,
    ),
    min_size=1,
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw builds its alphabet
@given(payloads)
def test_p1_hashes_chain_and_signatures_verify(contents):
    versions, keys = signed_chain(contents)

    assert problems_of(versions, keys) == []


@given(payloads)
def test_p1_the_hash_around_a_written_payload_is_that_of_the_body(contents):
    version = signed_chain(contents)[0][-1]

    around = canonical.hash_with(version, canonical.canonical(version.payload))

    assert around == canonical.hash_of(version)


@given(payloads, st.data())
def test_p1_a_changed_payload_or_a_missing_version_is_found(contents, data):
    versions, keys = signed_chain(contents)
    place = data.draw(st.integers(0, len(versions) - 1))
    changed = [*versions]
    changed[place] = Signed(**{**vars(versions[place]), "payload": {"quantity": "1"}})
    assume(contents[place] != {"quantity": "1"})

    assert problems_of(changed, keys)
    if place < len(versions) - 1:
        assert problems_of(versions[:place] + versions[place + 1 :], keys)


def test_floats_do_not_travel():
    with pytest.raises(TypeError):
        canonical.canonical({"lines": [{"quantity": 1.5}]})


@pytest.mark.parametrize(("value", "text"), [("1E+2", "100"), ("2.50", "2.5"), ("-0", "0"), ("0.0001", "0.0001")])
def test_numbers_are_spelled_one_way(value, text):
    assert canonical.number(Decimal(value)) == text


@given(quantities, st.integers(1, 999), st.integers(1, 999))
def test_p15_there_and_back_is_identity(quantity, above, below):
    factor = Factor.parse(f"{above}/{below}")
    assume((Fraction(quantity) * above * 10**4 / below).denominator == 1)

    assert to_partner(to_own(quantity, factor), factor) == quantity


def test_what_has_no_exact_answer_is_refused():
    assert to_own(Decimal("3"), Factor.parse("1/3")) == Decimal("1.0000")
    with pytest.raises(RuleBroken, match="unit_not_exact"):
        to_own(Decimal("1"), Factor.parse("1/3"))  # 0.333… has no four decimals


@given(quantities, quantities, st.data())
def test_p8_received_and_short_equal_despatched_and_over(despatched, received, data):
    rejected = data.draw(st.decimals(min_value=0, max_value=received, places=4))

    done = outcome(despatched=despatched, received=received, rejected=rejected)

    assert done.received + done.short == done.despatched + done.over
    assert done.accepted + done.rejected == done.received


def test_progress_counts_lines():
    half = Ledger(agreed=Decimal(10), despatched=Decimal(5))
    whole = Ledger(agreed=Decimal(10), despatched=Decimal(10))
    there = Ledger(agreed=Decimal(10), despatched=Decimal(10), received=Decimal(10))

    assert [progress(rows) for rows in ([], [half, whole], [whole], [whole, there], [there])] == [
        "none", "part_shipped", "shipped", "part_received", "received",
    ]  # fmt: skip


def test_an_sscc_is_built_and_checked():
    code = packages.build_sscc("6901234", 1)

    assert code == "069012340000000016"  # 3 + 4 + 9 + 2 + 3 + 27 + 6 = 54 -> 6
    assert packages.is_sscc(code) and not packages.is_sscc(code[:-1] + "5")


@given(st.integers(0, 10**9), st.integers(4, 12))
def test_every_built_sscc_is_one(serial, length):
    prefix = "6901234567890"[:length]
    room = 16 - length
    assume(serial < 10 ** (room + 1))

    assert packages.is_sscc(packages.build_sscc(prefix, serial))


@pytest.mark.parametrize(
    "text", ["QZ1|package|QZ000000000007", "QZ000000000007", " qz000000000007 ", "QZ1|package|QZ000000000007|L1"]
)
def test_a_scan_of_an_own_label(text):
    assert packages.read_scan(text) == "QZ000000000007"


@pytest.mark.parametrize("text", ["(00)069012340000000016", "]C100069012340000000016", "069012340000000016"])
def test_a_scan_of_an_sscc(text):
    assert packages.read_scan(text) == "069012340000000016"


def test_the_symbols_of_code_128_are_all_different_and_eleven_wide():
    widths = [[int(width) for width in symbol] for symbol in code128.SYMBOLS]

    assert len(set(code128.SYMBOLS)) == 106
    assert all(sum(row) == 11 and sum(row[::2]) % 2 == 0 for row in widths)  # ISO/IEC 15417: even bars


def test_a_bar_code_of_an_sscc():
    widths = code128.gs1_128("00069012340000000016")

    # start, FNC1, 10 pairs, check: 13 symbols of 11 modules, and the stop of 13
    assert sum(widths) == 13 * 11 + 13
