"""Public job-shop instances as a company has them: machines, routings, released work orders, a run over the API."""

from typing import Any

import pytest

from tests.production.given import given_item, posted, rows_of
from tests.production.instances import read

START = "2099-03-02T00:00:00+08:00"


def given_instance(api: Any, name: str, form: str) -> None:
    """A machine that never rests for each of the instance's, an order of one piece for each of its jobs."""
    shop = read(f"{name}.txt", form)
    for number in range(len(shop.centres)):
        posted(api, "work-centres/", {"code": f"M{number}", "name": f"机床 {number}", "calendar": "24x7"})
    for job in shop.jobs:
        steps = []
        for place, step in enumerate(job.steps, start=1):
            first, *others = [{"work_centre": f"M{mode.centre}", "run_minutes": str(mode.run)} for mode in step.modes]
            steps.append({"seq": 10 * place, **first, "alternatives": others})
        item = given_item(api, f"JOB-{job.key}", source="make")
        posted(api, "routings/", {"item": item, "activate": True, "steps": steps})
        order = {"item": item, "quantity": "1", "due_on": "2099-03-02", "release": True, "materials": []}
        posted(api, "work-orders/", order)


# ft06: Fisher and Thompson 1963; la01: Lawrence 1984; mk01: Brandimarte 1993. All three are proven.
@pytest.mark.parametrize(("name", "form", "best"), [("ft06", "jsp", 55), ("la01", "jsp", 666), ("mk01", "fjsp", 40)])
def test_an_instance_is_scheduled_as_well_as_is_known(plant: Any, name: str, form: str, best: int) -> None:
    given_instance(plant, name, form)
    shop = read(f"{name}.txt", form)

    found = posted(
        plant, "schedule-runs/", {"start_at": START, "objective": "makespan", "time_limit_s": 20, "wait": 30}
    )

    assert (found["state"], found["makespan_minutes"], found["lower_bound"]) == ("done", best, best)
    steps = rows_of(plant, f"schedule-runs/{found['id']}/steps/", page_size=500)
    assert len(steps) == found["steps"] == sum(len(job.steps) for job in shop.jobs)
    by_machine: dict[str, list[tuple[str, str]]] = {}
    for row in steps:
        by_machine.setdefault(row["work_centre"], []).append((row["start_at"], row["end_at"]))
    for spans in by_machine.values():  # times of one zone: text sorts as time does
        assert all(before[1] <= after[0] for before, after in zip(sorted(spans), sorted(spans)[1:], strict=False))
