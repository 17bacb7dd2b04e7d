"""The clock. Read at the edge (view, task, command) and passed in; with the test clock on, all read one row."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from tenants.context import shared_context
from tenants.models import TestClock

_frozen: ContextVar[datetime | None] = ContextVar("qz_frozen_clock", default=None)


def now() -> datetime:
    """This moment, timezone-aware: the frozen one inside `frozen_at`, else the test clock's, else the machine's."""
    frozen = _frozen.get()
    return frozen if frozen is not None else timezone.now()


def today() -> date:
    """The accounting date of this moment in Asia/Shanghai."""
    return timezone.localtime(now()).date()


def machine_now() -> datetime:
    """The machine's own clock, for sessions, tokens, rate limits and signatures: never the test clock."""
    return timezone.now()


@contextmanager
def frozen_at(moment: datetime | None) -> Iterator[None]:
    """Everything in this block (of this thread) reads `moment`; None changes nothing."""
    if moment is None:
        yield
        return
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def shared_test_clock() -> datetime | None:
    """The moment set over the operator API, or None when the test clock is off or not set."""
    if not settings.QZ_TEST_CLOCK:
        return None
    with shared_context():
        return TestClock.objects.filter(pk=1).values_list("now", flat=True).first()


@contextmanager
def follow_shared_clock() -> Iterator[None]:
    """Enter the test clock at the edge of a request or task."""
    with frozen_at(shared_test_clock()):
        yield
