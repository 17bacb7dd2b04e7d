"""The search in a process of its own: `python -m apps.production.solver_child`, without Django and database.

Reads one task (pickle) from standard input, writes messages to standard output, each a length and a pickle:
("better", plan, status) and at last ("done", result). Whatever happens here, the server goes on.
"""

import pickle
import struct
import sys
from dataclasses import dataclass
from time import monotonic
from typing import Any, BinaryIO

from apps.production.domain.search import run
from apps.production.domain.shop import Plan, Shop
from apps.production.domain.solving import Effort

HEAD = struct.Struct(">I")


@dataclass(frozen=True)
class Task:
    """`seconds` from when the task was read."""

    shop: Shop
    seconds: float
    workers: int
    seed: int
    replan: bool


def send(out: BinaryIO, message: Any) -> None:
    body = pickle.dumps(message)
    out.write(HEAD.pack(len(body)) + body)
    out.flush()


def main(source: BinaryIO, out: BinaryIO) -> None:
    task: Task = pickle.load(source)  # noqa: S301  # from the parent process, never from outside

    def tell(plan: Plan, status: str) -> None:
        send(out, ("better", plan, status))

    effort = Effort(monotonic() + task.seconds, task.workers, task.seed)
    send(out, ("done", run(task.shop, effort, replan=task.replan, tell=tell)))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
