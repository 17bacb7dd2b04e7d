"""Python's search for cyclic garbage, put off while a plan is computed.

A plan builds some hundred thousand objects that all live until it is stored: lines, fractions, parameters. None of them
hangs in a ring, they go by counting. The collector walks over all of them again and again as they become more, which
is a tenth of the run and grows faster than the plant does.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class _Collector:
    """How many plans are under way in this process, and whether the collector was on before the first of them."""

    def __init__(self) -> None:
        self.lock, self.plans, self.was_on = Lock(), 0, False

    def stop(self) -> None:
        with self.lock:
            if not self.plans:
                self.was_on = gc.isenabled()
                gc.disable()
            self.plans += 1

    def go_on(self) -> None:
        with self.lock:
            self.plans -= 1
            if not self.plans and self.was_on:
                gc.enable()


_collector = _Collector()


@contextmanager
def put_off() -> Iterator[None]:
    """No collection inside; afterwards it is as it was. Plans in several threads: once the last of them is done."""
    _collector.stop()
    try:
        yield
    finally:
        _collector.go_on()
