"""The test clock: set to any moment, or advanced past every local midnight with the jobs that fall due there."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from apps.billing.domain.calendar import local_day, start_of_day
from apps.billing.services import audit, jobs
from kernel.clock import frozen_at, machine_now, now
from kernel.errors import Invalid, NotFound
from tenants.models import TestClock
from tenants.rights import Member

LONGEST = timedelta(days=800)


def check_enabled() -> None:
    """Raises NotFound unless this installation has a test clock."""
    if not settings.QZ_TEST_CLOCK:
        raise NotFound(_("找不到您要的内容。"))


def read() -> dict[str, Any]:
    """`{now, frozen}`."""
    check_enabled()
    row = TestClock.objects.filter(pk=1).first()
    return {"now": row.now if row else machine_now(), "frozen": row is not None}


def set_to(*, moment: datetime, actor: Member | None) -> dict[str, Any]:
    """Stand at `moment`, any moment; runs nothing."""
    check_enabled()
    _stand(moment)
    _audit("test_clock.set", moment, actor)
    return {"now": moment, "frozen": True}


def _stand(moment: datetime) -> None:
    if not TestClock.objects.filter(pk=1).update(now=moment):
        TestClock.objects.create(pk=1, now=moment)


def _audit(action: str, moment: datetime, actor: Member | None) -> None:
    audit.record(at=machine_now(), actor=actor, action=action, object="test_clock:1", label=moment.isoformat())


def remove(*, actor: Member | None) -> dict[str, Any]:
    """Back to the machine's clock."""
    check_enabled()
    TestClock.objects.filter(pk=1).delete()
    moment = machine_now()
    _audit("test_clock.removed", moment, actor)
    return {"now": moment, "frozen": False}


def advance(*, to: datetime, actor: Member | None) -> dict[str, Any]:
    """Move forward to `to`, stopping at every local midnight on the way. Raises Invalid backwards or too far."""
    check_enabled()
    since = now()
    if to < since:
        raise Invalid(_("时钟只能向前走。"), fields={"to": [_("早于当前时间。")]})
    if to - since > LONGEST:
        raise Invalid(_("一次最多前进 800 天。"), fields={"to": [_("太远。")]})
    summary: dict[str, Counter[str]] = {}
    for moment in _stops(since, to):
        _stand(moment)
        with frozen_at(moment):
            _run_all(moment, summary)
    _audit("test_clock.advanced", to, actor)
    return {"now": to, "jobs": {name: dict(counts) for name, counts in summary.items()}}


def _stops(since: datetime, to: datetime) -> list[datetime]:
    day, stops = local_day(since) + timedelta(days=1), list[datetime]()
    while start_of_day(day) < to:
        stops.append(start_of_day(day))
        day += timedelta(days=1)
    return [*stops, to]


def _run_all(moment: datetime, summary: dict[str, Counter[str]]) -> None:
    for name in jobs.CLOCK_JOBS:
        outcome = jobs.JOBS[name](moment)
        counts = summary.setdefault(name, Counter())
        counts.update(outcome.counts)
        counts["failed"] += len(outcome.failed)
        counts["runs"] += 1
        if outcome.failed:
            jobs.keep(name, moment, outcome)
