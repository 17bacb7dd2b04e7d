"""Shifts as people write them, `08:00` to `17:00`, and as minutes."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from apps.production.domain.worktime import DAY, WEEK, Span

CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")


class BadShift(Exception):
    """A shift cannot be: `code` clock (not a time), weekday, overlap, none; `at` its place in the list."""

    def __init__(self, code: str, at: int = 0) -> None:
        super().__init__(code)
        self.code, self.at = code, at


def minute(text: object, at: int) -> int:
    """`08:30` as minutes of the day; `24:00` is the day's end. Raises BadShift."""
    found = CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY + 1
    if minutes > DAY:
        raise BadShift("clock", at)
    return minutes


def clock(minutes: int) -> str:
    """Minutes of the day as `08:30`; past midnight they start again, the end of a day is `24:00`."""
    within = minutes if minutes <= DAY else minutes - DAY
    return f"{within // 60:02d}:{within % 60:02d}"


def day_spans(rows: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Shifts {from, to} of one day; an end not after the start lies in the next day. Raises BadShift."""
    spans = [_span(row, at) for at, row in enumerate(rows)]
    _check_apart(sorted(spans))
    return sorted(spans)


def _span(row: Mapping[str, Any], at: int) -> Span:
    start, end = minute(row.get("from"), at), minute(row.get("to"), at)
    if start == DAY:
        raise BadShift("clock", at)
    return start, end if end > start else end + DAY


def week_spans(rows: Iterable[Mapping[str, Any]]) -> list[Span]:
    """Shifts {weekday 1-7, from, to} as minutes from Monday 00:00. Raises BadShift for days there are none of, and for
    overlaps, over Sunday too.
    """
    spans = []
    for at, row in enumerate(rows):
        start, end = _span(row, at)
        if not 1 <= int(row["weekday"]) <= 7:
            raise BadShift("weekday", at)
        base = (int(row["weekday"]) - 1) * DAY
        spans.append((base + start, base + end))
    if not spans:
        raise BadShift("none")
    spans.sort()
    _check_apart([*spans, (spans[0][0] + WEEK, spans[0][1] + WEEK)])
    return spans


def _check_apart(spans: list[Span]) -> None:
    for at, (before, after) in enumerate(pairwise(spans)):
        if after[0] < before[1]:
            raise BadShift("overlap", min(at + 1, len(spans) - 1))
