"""Number rules: readable, and never the same number twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.number_rules import RANDOM_ALPHABET, BadPattern, Reset, parse_rule, random_text

JUNE_30 = date(2026, 6, 30)


def test_preview_shows_the_next_three():
    rule = parse_rule(pattern="SO{yy}{MM}-{seq:4}", reset="month")

    assert rule.preview(on=JUNE_30, last_sequence=0) == ("SO2606-0001", "SO2606-0002", "SO2606-0003")
    assert rule.preview(on=JUNE_30, last_sequence=9998) == ("SO2606-9999", "SO2606-10000", "SO2606-10001")


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("记-{seq:3}", "记-007"),
        ("{yyyy}{MM}{dd}{seq:2}", "2026063007"),
        ("ＰＯ｛yy｝－｛seq:4｝", "PO26-0007"),
        ("SO/{yyyy}/{seq:4}", "SO/2026/0007"),
        ("DN{yy}{rand:4}", "DN26XXXX"),
        ("{seq:1}", "7"),
    ],
)
def test_number_of_a_pattern(pattern, number):
    rule = parse_rule(pattern=pattern)

    assert rule.number(on=JUNE_30, sequence=7, randomly=lambda length: "X" * length) == number


@pytest.mark.parametrize(
    ("reset", "period"), [("never", ""), ("year", "2026"), ("month", "2026-06"), ("day", "2026-06-30")]
)
def test_counter_of_a_period(reset, period):
    assert parse_rule(pattern="{yyyy}{MM}{dd}{seq:4}", reset=reset).period(JUNE_30) == period


@pytest.mark.parametrize(
    ("pattern", "reset", "gapless"),
    [
        ("SO", "never", False),  # no counter: every number the same
        ("", "never", False),
        ("SO{yyyy}", "never", False),
        ("SO{seq:4}{seq:4}", "never", False),
        ("SO{seq}", "never", False),
        ("SO{seq:0}", "never", False),
        ("SO{rand:3}", "never", False),
        ("SO{nn}{seq:4}", "never", False),
        ("SO{seq:4", "never", False),
        ("SO}{seq:4}", "never", False),
        ("S O{seq:4}", "never", False),
        ("SO\x1d{seq:4}", "never", False),
        ("{yyyy:4}{seq:4}", "never", False),
        ("SO{seq:4}", "year", False),  # the counter starts again but the number does not show the year
        ("SO{MM}{seq:4}", "month", False),
        ("SO{yy}{MM}{seq:4}", "day", False),
        ("SO{seq:4}", "week", False),
        ("SO{rand:6}", "never", True),
        ("LONG" * 10 + "{seq:4}", "never", False),
    ],
)
def test_rule_that_would_repeat_or_cannot_be_read_is_refused(pattern, reset, gapless):
    with pytest.raises(BadPattern) as refusal:
        parse_rule(pattern=pattern, reset=reset, gapless=gapless)

    assert refusal.value.code == "bad_pattern"
    assert str(refusal.value)


moments = st.tuples(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 200_000))


@given(moments, moments, st.sampled_from(list(Reset)))
def test_different_counters_never_print_the_same_number(first, second, reset):
    rule = parse_rule(pattern="SO{yy}{MM}{dd}{seq:3}", reset=reset)

    same_counter = (rule.period(first[0]), first[1]) == (rule.period(second[0]), second[1])
    same_number = rule.number(on=first[0], sequence=first[1]) == rule.number(on=second[0], sequence=second[1])

    assert same_counter or not same_number


def test_random_part_has_no_letters_that_are_misheard():
    assert set(random_text(200)) <= set(RANDOM_ALPHABET)
    assert not set("01IO") & set(RANDOM_ALPHABET)
    assert parse_rule(pattern="DN{rand:8}").is_counted is False
