"""The clock as the floors above see it: read at the edge, passed in."""

from tenants.clock import follow_shared_clock, frozen_at, machine_now, now, today

__all__ = ["follow_shared_clock", "frozen_at", "machine_now", "now", "today"]
