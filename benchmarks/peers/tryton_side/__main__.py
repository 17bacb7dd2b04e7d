"""The same work as ours, done by Tryton: `python -m tryton_side <task> <database>`, settings as JSON from stdin.

A program for the peer's own interpreter, started by `benchmarks.peers.tryton`; it imports nothing of the product, and
the product imports nothing of it. It does one task through Tryton's own models and prints one line of JSON.
"""

import json
import sys

from .base import Tryton, prepare
from .moves import moves
from .plan import plan
from .stock_list import stock_list

TASKS = {"prepare": prepare, "moves": moves, "stock_list": stock_list, "plan": plan}


def main(task: str, database: str) -> None:
    tryton = Tryton(database)
    if task != "prepare":
        tryton.enter()
    print("ANSWER\t" + json.dumps(TASKS[task](tryton, json.load(sys.stdin))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
