"""One page asks one question once: answers are remembered while the page is made, and forgotten with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from tenants.context import current_company_or_none

Ask = TypeVar("Ask", bound=Callable[..., Any])
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("qz_answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """While a read-only page is made; never around a write."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(ask: Ask) -> Ask:
    """Ask once for each argument and company inside `remembering`; outside it changes nothing."""

    @wraps(ask)
    def asked(*args: Any) -> Any:
        answers = _answers.get()
        if answers is None:
            return ask(*args)
        company = current_company_or_none()
        key = (ask.__module__, ask.__qualname__, company.schema_name if company else "", args)
        if key not in answers:
            answers[key] = ask(*args)
        return answers[key]

    return asked  # type: ignore[return-value]  # the wrapper has the question's own signature
