"""Public job-shop instances as shops: `jsp` (Taillard's text form) and `fjsp` (Brandimarte's)."""

from pathlib import Path

from apps.production.domain.shop import Centre, Job, Mode, Shop, Step
from apps.production.domain.worktime import DAY, CalendarDef

FOLDER = Path(__file__).resolve().parent.parent / "golden" / "production" / "instances"
ALWAYS = CalendarDef(tuple((day * DAY, (day + 1) * DAY) for day in range(7)))


def read(file: str, form: str) -> Shop:
    """The shop of one instance; its makespan is what counts."""
    lines = (FOLDER / Path(file).name).read_text(encoding="utf-8").splitlines()
    head = lines[0].split()
    jobs, machines = int(head[0]), int(head[1])
    found, key = [], 0
    for number, line in enumerate(lines[1 : jobs + 1]):
        numbers = [int(word) for word in line.split()]
        ways = _jsp(numbers) if form == "jsp" else _fjsp(numbers)
        steps = []
        for pairs in ways:
            steps.append(Step(key, tuple(Mode(machine, 0, run, run, run) for machine, run in pairs)))
            key += 1
        found.append(Job(number, tuple(steps), 0))
    centres = tuple(Centre(1, 0) for _ in range(machines))
    return Shop(0, centres, (ALWAYS,), tuple(found), makespan_only=True)


def _jsp(numbers: list[int]) -> list[list[tuple[int, int]]]:
    return [[(numbers[at], numbers[at + 1])] for at in range(0, len(numbers), 2)]


def _fjsp(numbers: list[int]) -> list[list[tuple[int, int]]]:
    found, at = [], 1
    for _ in range(numbers[0]):
        count = numbers[at]
        pairs = numbers[at + 1 : at + 1 + 2 * count]
        found.append([(pairs[one], pairs[one + 1]) for one in range(0, 2 * count, 2)])
        at += 1 + 2 * count
    return found
