"""Ids of what a run proposes: told before anything is written, so that orders, pegs and messages name each other."""

import numpy as np

from apps.production.domain.mrp import Orders
from apps.production.domain.quantities import Ints

PLANNED_FIRST = 10_000_000  # ids of planned orders: run x this + place in the run


def numbers_of(run_id: int, orders: Orders) -> Ints:
    """The id of each planned order, by release day, due day and place.

    The lists of a run stand in this order: rows that arrive in it cost the server's indexes a third. Within an item
    it is the order of due days, because all its orders have one lead time.
    """
    days = int(orders.due.max(initial=0)) + 1
    numbers = np.empty(len(orders.row), dtype=np.int64)
    by_day = np.argsort(orders.release * days + orders.due, kind="stable")
    numbers[by_day] = run_id * PLANNED_FIRST + np.arange(len(numbers))
    return numbers


def ids_of_run(run_id: int) -> tuple[int, int]:
    """The span in which the ids of a run's planned orders lie, both ends included."""
    return run_id * PLANNED_FIRST, (run_id + 1) * PLANNED_FIRST - 1


def by_number(numbers: Ints, run_id: int) -> Ints:
    """Places of the orders, in the order of their ids."""
    places = np.empty(len(numbers), dtype=np.int64)
    places[numbers - run_id * PLANNED_FIRST] = np.arange(len(numbers))
    return places
