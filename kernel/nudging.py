"""The queue's nudge: the first fact is told at once, those that follow soon share one message.

Eight clients that post three hundred moves a second would otherwise send as many messages, and each costs more than
the statement that stores the fact.
"""

import time
from datetime import timedelta

from django.conf import settings

from kernel.tasks import deliver_facts
from tenants.context import current_company

MOST_REMEMBERED = 10_000
# {company: when the last message that this process sent for it is taken up}, by the machine's steady clock.
_due: dict[int, float] = {}


def nudge() -> None:
    """Ask a worker to deliver what was just published in this company; call it after the commit.

    Whoever is silent knows of a message that starts later than now, so the fact is seen by it. A worker whose clock is
    ahead may start too early: then the sweep delivers.
    """
    gather: timedelta = settings.QZ_FACTS_GATHERED
    company, moment = current_company().id, time.monotonic()
    last = _due.get(company, 0.0)
    if moment < last:
        return
    wait = last + gather.total_seconds() - moment
    if wait <= 0:
        deliver_facts.delay()
        _remember(company, moment)
    else:
        deliver_facts.apply_async(countdown=wait)
        _remember(company, moment + wait)


def _remember(company: int, due: float) -> None:
    if len(_due) >= MOST_REMEMBERED:
        _due.clear()
    _due[company] = due
