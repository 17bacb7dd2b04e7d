"""Case kind `job_shop`: a public instance, solved in time, checked, and near enough to the best known makespan."""

from math import floor
from time import monotonic
from typing import Any

from apps.production.domain.schedule_check import faults
from apps.production.domain.search import run
from apps.production.domain.solving import Effort
from tests.production.instances import read


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    shop = read(given["file"], given["format"])
    most = expect.get("makespan_at_most") or floor(given["best"] * (1 + float(given["max_gap"])))

    result = run(shop, Effort(monotonic() + float(given["seconds"]), int(given["workers"])))

    assert (faults(shop, result.plan) == []) is expect.get("valid", True)
    assert given["lower_bound"] <= result.price.makespan <= most
