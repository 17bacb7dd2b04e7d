"""What the floors above want to do when the ground moves. Registered in `apps.py`, called in order of registration.

The ground may not import the floors above, and some of their tables must follow it: seed rows of a fresh schema, and
the mirror of names in the company's own schema.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


class StaffRow(NamedTuple):
    """A member as the company's own schema remembers it."""

    user_id: int
    name: str
    is_active: bool


template_seeders: list[Callable[[], None]] = []  # run inside the template schema; must be idempotent
leavers: list[Callable[[datetime], None]] = []  # run inside a company before it is purged
shared_seeders: list[Callable[[], None]] = []  # run after the shared tables were migrated; must be idempotent
staff_listeners: list[Callable[[StaffRow], None]] = []  # run inside the company after a member changed
