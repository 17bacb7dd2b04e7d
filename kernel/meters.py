"""What usage is measured in: modules declare their meters in `registration.py`, billing hears of every one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A meter fed by a fact: `quantity(fact)` units, 0 = nothing to count.

    The figure must follow from the fact alone, for the fact may be delivered again.
    """

    code: str  # finance.vouchers_posted
    unit: str
    name: str
    fact: type[Event]
    quantity: Callable[[Any], int]


_meters: dict[str, Meter] = {}
_listeners: list[Callable[[Meter], None]] = []


def declare(meter: Meter) -> None:
    """Called by the module that owns the fact."""
    _meters[meter.code] = meter
    for listener in _listeners:
        listener(meter)


def on_declared(listener: Callable[[Meter], None]) -> None:
    """Call `listener` for every meter, those declared before and those to come."""
    _listeners.append(listener)
    for meter in list(_meters.values()):
        listener(meter)


def meters_of(fact_name: str) -> list[Meter]:
    """Meters that count the facts of this name, by code."""
    return [meter for _code, meter in sorted(_meters.items()) if meter.fact.name == fact_name]
