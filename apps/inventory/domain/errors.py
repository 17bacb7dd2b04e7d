"""What the arithmetic refuses; services turn these into sentences."""

from collections.abc import Iterable


class CostingRefused(Exception):
    """`code` is the stable code of the refusal, `group` the cost group it happened in."""

    code = ""

    def __init__(self, group: int = 0) -> None:
        super().__init__(self.code)
        self.group = group


class CostNeeded(CostingRefused):
    """A gain without cost finds nothing to take its cost from."""

    code = "cost_needed"


class ValueBelowZero(CostingRefused):
    """A value would fall below zero, or stand without goods."""

    code = "value_below_zero"


class CycleInCosts(Exception):
    """Items that are made of each other in one month of monthly average."""

    def __init__(self, items: Iterable[int]) -> None:
        super().__init__("cost_cycle")
        self.items = tuple(items)
