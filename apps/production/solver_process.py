"""Runs the search beside the server: progress, stopping it, and what remains when it dies."""

import logging
import os
import pickle
import subprocess  # nosec: our own module, fixed arguments
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any, BinaryIO

from apps.production.domain.schedule_check import faults
from apps.production.domain.search import FEASIBLE, Result, lower_bound
from apps.production.domain.shop import worth
from apps.production.solver_child import HEAD, Task

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent.parent
LOOK_EVERY = 0.5
GRACE = 20.0  # seconds beyond the limit before a search that hangs is ended


class SolverDied(Exception):
    """The process ended without an answer."""


def solve_beside(
    task: Task, *, stopped: Callable[[], bool] = lambda: False, seen: Callable[[float], None] = lambda share: None
) -> Result:
    """Search in a child process. `stopped()` is asked every half second; then the best so far is the answer.

    It is the answer too when the process ends early: a plan of the priority rules is told before the search begins.
    `seen(share)` tells how much of the time is over. Raises SolverDied when the process ends before it told any plan.
    """
    began = monotonic()
    process = _start()
    messages: Queue[Any] = Queue()
    reader = Thread(target=_read, args=(process.stdout, messages), daemon=True)
    reader.start()
    try:
        _feed(process, task)
        return _follow(task, began, messages, stopped, seen)
    finally:
        process.kill()
        process.wait()
        reader.join(timeout=5)


def _start() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "apps.production.solver_child"]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")}
    return subprocess.Popen(  # noqa: S603  # fixed words
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def _feed(process: "subprocess.Popen[bytes]", task: Task) -> None:
    assert process.stdin is not None  # noqa: S101  # asked for above
    try:
        process.stdin.write(pickle.dumps(task))
        process.stdin.close()
    except BrokenPipeError as error:
        raise SolverDied from error


def _read(source: BinaryIO | None, messages: "Queue[Any]") -> None:
    assert source is not None  # noqa: S101  # as above
    while True:
        head = source.read(HEAD.size)
        if len(head) < HEAD.size:
            break
        body = source.read(HEAD.unpack(head)[0])
        messages.put(pickle.loads(body))  # noqa: S301  # from our own child
    messages.put(("ended",))


def _follow(
    task: Task,
    began: float,
    messages: "Queue[Any]",
    stopped: Callable[[], bool],
    seen: Callable[[float], None],
) -> Result:
    best: Any = None
    while True:
        try:
            message = messages.get(timeout=LOOK_EVERY)
        except Empty:
            message = ("nothing",)
        if message[0] == "done":
            found: Result = message[1]
            return found
        if message[0] == "better":
            best = message
        gone = monotonic() - began
        if message[0] == "ended":
            log.error("the search ended early after %.1f s", gone)
            return _so_far(task, best, gone)
        seen(min(0.99, gone / max(1.0, task.seconds)))
        if best is not None and (stopped() or gone > task.seconds + GRACE):
            return _so_far(task, best, gone)
        if gone > task.seconds + 3 * GRACE:
            raise SolverDied


def _so_far(task: Task, best: Any, gone: float) -> Result:
    """The best plan that was told, checked like any other. Raises SolverDied when none was."""
    if best is None:
        raise SolverDied
    plan, status = best[1], best[2]
    wrong = tuple(faults(task.shop, plan))
    if wrong:
        log.error("a plan that was told had faults: %s", wrong[:3])
        raise SolverDied
    price = worth(task.shop, plan)
    return Result(plan, price, status or FEASIBLE, min(lower_bound(task.shop), price.makespan), gone)
