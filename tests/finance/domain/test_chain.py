"""The hash chain finds every changed field and every missing voucher."""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.finance.domain.chain import (
    GENESIS,
    ChainEntry,
    ChainLine,
    ChainVoucher,
    Signature,
    canonical_json,
    chain_hash,
    verify_chain,
    voucher_json,
)

NOON = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
LINE = ChainLine(
    seq=1, summary="采购钢材", account="1403", aux="item:M-STEEL", debit=Decimal("5000.00"), credit=Decimal(0)
)
VOUCHER = ChainVoucher(
    word="记",
    period="2026-01",
    no=1,
    on=date(2026, 1, 15),
    kind="normal",
    attachment_count=2,
    prepared=Signature("bob", NOON),
    reviewed=Signature("alice", NOON),
    posted=Signature("bob", NOON),
    cashier=None,
    lines=(LINE, replace(LINE, seq=2, account="220201", debit=Decimal(0), credit=Decimal("5000.00"))),
)
OTHER = {
    str: "别的",
    int: 99,
    Decimal: Decimal("0.01"),
    date: date(2026, 1, 16),
    Signature: Signature("mallory", NOON),
    type(None): "加上的",
}


@dataclass(frozen=True)
class Kept:
    """A voucher as it is stored, with its two hashes."""

    key: int
    previous_hash: str
    hash: str
    voucher: ChainVoucher


def verify(kept):
    return verify_chain(
        ChainEntry(one.key, one.previous_hash, one.hash, chain_hash(one.previous_hash, one.voucher)) for one in kept
    )


def chain_of(*vouchers):
    entries, previous = [], GENESIS
    for key, voucher in enumerate(vouchers, start=1):
        current = chain_hash(previous, voucher)
        entries.append(Kept(key, previous, current, voucher))
        previous = current
    return entries


def three():
    return chain_of(VOUCHER, replace(VOUCHER, no=2), replace(VOUCHER, no=3))


def test_an_untouched_chain_is_right():
    entries = three()

    report = verify(entries).against(entries[-1].hash)

    assert (report.ok, report.length, report.head) == (True, 3, entries[-1].hash)


def test_an_empty_chain_ends_in_genesis():
    assert verify([]).head == GENESIS


@pytest.mark.parametrize("name", [item.name for item in fields(ChainVoucher) if item.name != "lines"])
def test_each_changed_field_of_the_voucher_is_found(name):
    entries = three()
    forged = replace(entries[1].voucher, **{name: OTHER[type(getattr(entries[1].voucher, name))]})
    entries[1] = replace(entries[1], voucher=forged)

    report = verify(entries)

    assert [(problem.key, problem.kind) for problem in report.problems] == [(2, "changed")]


@pytest.mark.parametrize("name", [item.name for item in fields(ChainLine)])
def test_each_changed_field_of_a_line_is_found(name):
    entries = three()
    voucher = entries[0].voucher
    line = replace(voucher.lines[0], **{name: OTHER[type(getattr(voucher.lines[0], name))]})
    entries[0] = replace(entries[0], voucher=replace(voucher, lines=(line, voucher.lines[1])))

    assert [problem.kind for problem in verify(entries).problems] == ["changed"]


def test_a_moment_changed_by_a_microsecond_is_found():
    entries = three()
    later = replace(VOUCHER.posted, at=NOON + timedelta(microseconds=1))
    entries[0] = replace(entries[0], voucher=replace(VOUCHER, posted=later))

    assert not verify(entries).ok


def test_a_removed_voucher_breaks_the_link_and_a_cut_tail_the_head():
    entries = three()

    middle_gone = verify([entries[0], entries[2]])
    tail_gone = verify(entries[:2]).against(entries[2].hash)

    assert [(problem.key, problem.kind) for problem in middle_gone.problems] == [(3, "broken_link")]
    assert [(problem.key, problem.kind) for problem in tail_gone.problems] == [(2, "head")]


def test_a_forger_who_rehashes_one_voucher_breaks_the_next_link():
    entries = three()
    forged = replace(VOUCHER, attachment_count=0)
    entries[0] = replace(entries[0], voucher=forged, hash=chain_hash(GENESIS, forged))

    assert [(problem.key, problem.kind) for problem in verify(entries).problems] == [(2, "broken_link")]


def test_canonical_form_does_not_depend_on_scale_zone_or_key_order():
    shanghai = timezone(timedelta(hours=8))

    left = canonical_json({"b": Decimal("7.10"), "a": datetime(2026, 1, 1, 8, tzinfo=shanghai), "c": Decimal("-0.00")})
    right = canonical_json({"a": datetime(2026, 1, 1, tzinfo=UTC), "c": Decimal(0), "b": Decimal("7.10000000")})

    assert left == right == '{"a":"2026-01-01T00:00:00.000000+00:00","b":"7.1","c":"0"}'
    assert canonical_json(Decimal("100.00")) == '"100"'


@pytest.mark.parametrize("value", [0.1, datetime(2026, 1, 1), {1, 2}, b"x"])
def test_what_has_no_canonical_form_is_a_bug(value):
    with pytest.raises(TypeError):
        canonical_json(value)


_texts = st.text(max_size=20)
_moments = st.datetimes(timezones=st.just(UTC))
_signatures = st.builds(Signature, by=_texts, at=_moments)
_decimals = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
)
_amounts = st.decimals(places=2, min_value=-(10**9), max_value=10**9)
_lines = st.builds(
    ChainLine, seq=st.integers(1, 99), summary=_texts, account=_texts, aux=_texts, debit=_amounts, credit=_amounts,
    currency=st.none() | _texts, fc_amount=_decimals, rate=_decimals, quantity=_decimals, unit_price=_decimals,
    due_on=st.none() | st.dates(), ref=_texts,
)  # fmt: skip


@given(
    st.builds(
        ChainVoucher, word=_texts, period=_texts, no=st.integers(1), on=st.dates(), kind=_texts,
        attachment_count=st.integers(0), prepared=_signatures, reviewed=st.none() | _signatures, posted=_signatures,
        cashier=st.none() | _signatures, lines=st.lists(_lines, max_size=3), reverses=st.none() | _texts,
        source_kind=st.none() | _texts, source_ref=st.none() | _texts, rule=st.none() | _texts,
        rule_version=st.none() | st.integers(1),
    )
)  # fmt: skip
def test_the_written_out_form_of_a_voucher_is_the_canonical_one(voucher: ChainVoucher):
    assert voucher_json(voucher) == canonical_json(voucher)
