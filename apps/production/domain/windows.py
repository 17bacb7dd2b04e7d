"""Large shops: improve a plan piece by piece (large-neighbourhood search). Some hundred steps are free, the rest keeps
its machine and its order; only a better plan is kept.

Rounds take turns: rolling windows of time, one machine, one late order; nudging in between.
"""

from collections.abc import Callable, Iterator
from random import Random
from time import monotonic

from apps.production.domain.nudging import nudge
from apps.production.domain.shop import late_minutes
from apps.production.domain.solving import Best, Effort, solve

PIECE = 300  # free steps of a round
ROUND_SECONDS = 8.0
NUDGE_SECONDS = 6.0


def improve(best: Best, effort: Effort, stopped: Callable[[], bool] = lambda: False) -> int:
    """Rounds until the deadline. Returns how many were tried."""
    random, rounds = Random(effort.seed), 0  # noqa: S311  # a search, not a secret
    pieces = _pieces(best, random)
    while effort.left > 0.5 and not stopped():
        nudge(best, Effort(min(effort.deadline, monotonic() + NUDGE_SECONDS), effort.workers, effort.seed + rounds))
        free = next(pieces)
        if free and effort.left > ROUND_SECONDS:
            solve(best, Effort(monotonic() + ROUND_SECONDS, effort.workers, effort.seed), free)
        rounds += 1
    return rounds


def _pieces(best: Best, random: Random) -> Iterator[set[int]]:
    """Endless: windows in time first, then machines, late orders and windows by turns."""
    yield from _windows(best)
    while True:
        yield _machine(best, random)
        yield _late_order(best, random)
        windows = list(_windows(best))
        yield random.choice(windows) if windows else set()


def _in_time(best: Best) -> list[int]:
    steps = {step.key: step for job in best.shop.jobs for step in job.steps}
    loose = [key for key in best.plan if steps[key].fixed is None]
    return sorted(loose, key=lambda key: (best.plan[key].start, key))


def _windows(best: Best) -> Iterator[set[int]]:
    count = len(_in_time(best))
    for start in range(0, count, PIECE // 2):
        keys = _in_time(best)[start : start + PIECE]
        yield set(keys)


def _machine(best: Best, random: Random) -> set[int]:
    """A stretch of time on one machine, preferring the busy ones, with the steps of the same jobs around it."""
    keys = _in_time(best)
    if not keys:
        return set()
    centre = best.plan[random.choice(keys)].centre
    mine = [key for key in keys if best.plan[key].centre == centre]
    start = random.randrange(max(1, len(mine) - PIECE + 1))
    return set(mine[start : start + PIECE])


def _late_order(best: Best, random: Random) -> set[int]:
    """One late order and what stands on its machines in its time."""
    late = [job for job in best.shop.jobs if late_minutes(job, best.plan)]
    if not late:
        return set()
    job = random.choices(late, [late_minutes(one, best.plan) for one in late])[0]
    end = best.plan[job.steps[-1].key].end
    start = max(best.shop.start, min(job.release, end))
    centres = {best.plan[step.key].centre for step in job.steps}
    near = [key for key in _in_time(best) if best.plan[key].centre in centres and start <= best.plan[key].start < end]
    own = {step.key for step in job.steps if step.fixed is None}
    return own | set(near[-PIECE:])
