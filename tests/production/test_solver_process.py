"""The search beside the server: what remains when its process dies."""

import subprocess
import sys
from typing import Any

import pytest

from apps.production import solver_process
from apps.production.domain.schedule_check import faults
from apps.production.domain.shop import Centre, Job, Shop, Step
from apps.production.solver_child import Task
from apps.production.solver_process import SolverDied, solve_beside
from tests.production.test_scheduling import OFFICE, START, mode

# Tells the plan of the priority rules, as the real one does first, and is killed in the middle of its search.
DIES = """
import os, sys
from time import monotonic
from apps.production import solver_child
from apps.production.domain.search import start_plan
from apps.production.domain.solving import Effort
task = solver_child.pickle.load(sys.stdin.buffer)
if {tells}:
    solver_child.send(sys.stdout.buffer, ("better", start_plan(task.shop, Effort(monotonic() + 5, 1)), "dispatch"))
os.kill(os.getpid(), 9)
"""


def _dying(monkeypatch: pytest.MonkeyPatch, *, tells: bool) -> None:
    def start() -> Any:
        return subprocess.Popen(
            [sys.executable, "-c", DIES.format(tells=tells)], cwd=solver_process.ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    monkeypatch.setattr(solver_process, "_start", start)


def _task() -> Task:
    jobs = tuple(Job(number, (Step(number, (mode(0, 5, 60),)),), START) for number in range(3))
    return Task(Shop(START, (Centre(1, 0),), (OFFICE,), jobs), 20.0, 1, 0, False)


def test_a_killed_search_leaves_the_plan_it_told(monkeypatch: pytest.MonkeyPatch) -> None:
    task = _task()
    _dying(monkeypatch, tells=True)

    found = solve_beside(task)

    assert len(found.plan) == 3 and not list(faults(task.shop, found.plan))
    assert found.status == "dispatch"


def test_a_process_that_told_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _dying(monkeypatch, tells=False)

    with pytest.raises(SolverDied):
        solve_beside(_task())
