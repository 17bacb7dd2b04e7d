"""What is done once a transaction stands and may fail without harm: mail, a nudge of the queue."""

from collections.abc import Callable
from typing import Any

from django.db import transaction


def after_commit(call: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Run `call` after the commit; a failure is logged and undoes nothing."""

    def late() -> None:  # a named function: the framework logs a failure by its name
        call(*args, **kwargs)

    transaction.on_commit(late, robust=True)
