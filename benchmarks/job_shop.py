"""Gap to the best known makespan on the public job-shop instances, 60 s and two workers each (production.md §19).

`python -m benchmarks.job_shop [instance ...]`; without names all of them, which takes three quarters of an hour.
`--seconds 10` gives a quick look, whose verdicts are not the promise's.
"""

import csv
import sys
from pathlib import Path
from time import monotonic

from apps.production.domain.dispatch import dispatch
from apps.production.domain.schedule_check import faults
from apps.production.domain.search import run
from apps.production.domain.shop import worth
from apps.production.domain.solving import Effort
from benchmarks.common import finish, result
from tests.production.instances import FOLDER, read

SECONDS, WORKERS = 60.0, 2
DISPATCH_SECONDS, DISPATCH_GAP = 2.0, 0.45
EXACT = {
    "ft06",
    "ft20",
    "abz5",
    "abz6",
    "mk01",
    "mk03",
    "mk04",
    "mk08",
    *(f"la{number:02d}" for number in range(1, 21)),
}
BANDS = (  # the first that holds: (names, share above the best known)
    (EXACT, 0.0),
    ({"ft10"}, 0.005),
    ({*(f"orb{number:02d}" for number in range(1, 11)), *(f"la{number}" for number in (21, 22, 23, 24, 25))}, 0.015),
    ({*(f"la{number}" for number in range(30, 36)), *(f"ta{number:02d}" for number in range(1, 11))}, 0.015),
    ({*(f"la{number}" for number in (26, 27, 28, 29, 36, 37, 38, 39, 40))}, 0.025),
    ({"mk02", "mk05", "mk09"}, 0.04),
    ({"mk06", "mk07"}, 0.06),
    ({"mk10"}, 0.15),
    ({"abz7", "abz8", "abz9", *(f"ta{number}" for number in range(11, 31))}, 0.05),
    ({*(f"swv{number:02d}" for number in range(1, 6))}, 0.07),
    ({*(f"ta{number}" for number in range(31, 51)), *(f"yn{number}" for number in range(1, 5))}, 0.10),
)
WIDEST = 0.14


def band(name: str) -> float:
    """The share above the best known that is allowed."""
    return next((share for names, share in BANDS if name in names), WIDEST)


def main(arguments: list[str]) -> None:
    seconds = float(arguments[arguments.index("--seconds") + 1]) if "--seconds" in arguments else SECONDS
    names = {name for name in arguments if name[0].isalpha()}
    kept = []
    for row in csv.DictReader((FOLDER / "index.csv").read_text(encoding="utf-8").splitlines()):
        if names and row["name"] not in names:
            continue
        kept += _instance(row, seconds)
    finish(kept)


def _instance(row: dict[str, str], seconds: float) -> list[bool]:
    shop, best = read(Path(row["file"]).name, row["kind"]), int(row["best_ub"])
    began = monotonic()
    first = dispatch(shop)
    took, rough = monotonic() - began, worth(shop, first).makespan
    found = run(shop, Effort(monotonic() + seconds, WORKERS))
    assert not faults(shop, found.plan)
    gap = 100 * (found.price.makespan / best - 1)
    print(
        f"{row['name']}: {row['steps']} steps, best {best}, rules {rough} in {took:.2f} s, "
        f"found {found.price.makespan} ({gap:.2f} %), bound {found.bound}, {found.status}, {found.seconds:.1f} s",
        flush=True,
    )
    return [
        result(f"{row['name']}: gap to the best known", gap, 100 * band(row["name"]), "%", "promise"),
        result(f"{row['name']}: rules alone, gap", 100 * (rough / best - 1), 100 * DISPATCH_GAP, "%", "promise"),
        result(f"{row['name']}: rules alone", took, DISPATCH_SECONDS, "s", "promise"),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
