"""The quick half of the search: one late order is put further forward, all is placed anew, the better plan stays.

Works on true time, so it is as good for machines with different calendars as for one.
"""

from random import Random

from apps.production.domain.placing import rebuild
from apps.production.domain.shop import Job, Plan, late_minutes
from apps.production.domain.solving import Best, Effort

FRESH = 0.25  # share of the tries in which machines are chosen anew as well


def nudge(best: Best, effort: Effort) -> int:
    """Tries until the deadline, or until no order is late. Returns how many were made."""
    random, tries = Random(effort.seed), 0  # noqa: S311  # a search, not a secret
    while effort.left > 0:
        late = [job for job in best.shop.jobs if late_minutes(job, best.plan)]
        if not late:
            break
        weights = [job.weight * late_minutes(job, best.plan) for job in late]
        best.offer(_forward(best, random.choices(late, weights)[0], random))
        tries += 1
    return tries


def _forward(best: Best, job: Job, random: Random) -> Plan:
    """The plan with a job's last steps moved forward in the order by up to what it is late."""
    shift = random.uniform(0.2, 1.5) * late_minutes(job, best.plan)
    fresh = random.random() < FRESH
    order = {key: place.start for key, place in best.plan.items()}
    places = {key: (place.centre, place.unit) for key, place in best.plan.items()}
    first = random.randrange(len(job.steps))
    for step in job.steps[first:]:
        order[step.key] = round(order[step.key] - shift)
        if fresh:
            places.pop(step.key)
    return rebuild(best.shop, order, places, best.untouched)
