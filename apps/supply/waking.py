"""Who must be woken when something was sent; set by the tasks, so that no service knows the queue."""

from collections.abc import Callable
from uuid import UUID

_wake: list[Callable[[UUID], None]] = []


def wake_with(callback: Callable[[UUID], None]) -> None:
    """Register what is called, after the commit, with the party that something was sent to."""
    _wake[:] = [callback]


def wake_recipient(party: UUID) -> None:
    for callback in _wake:
        callback(party)
