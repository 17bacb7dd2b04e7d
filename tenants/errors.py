"""Refusals: a sentence that a person can act on and a stable code that a program can act on."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """The business says no. One renderer (kernel) turns it into a page, a notice or JSON.

    `fields`: {"lines.0.debit": ["…"]} names the spot; `extra` stands beside `code` in the JSON answer.
    """

    code = "refused"
    http_status = 409

    def __init__(
        self,
        message: str,
        code: str | None = None,
        *,
        fields: Mapping[str, list[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})


class Invalid(DomainError):
    """The shape is wrong; `fields` names where."""

    code = "invalid"
    http_status = 400


class NotFound(DomainError):
    """Absent, or another company's: the answer is the same."""

    code = "not_found"
    http_status = 404


class Forbidden(DomainError):
    """The role does not allow it."""

    code = "forbidden"
    http_status = 403


class PaymentRequired(DomainError):
    """Not subscribed, read-only or over a cap."""

    code = "module_not_subscribed"
    http_status = 402


class SlowDown(DomainError):
    """Too many tries; `extra["retry_after"]` in seconds."""

    code = "too_many_requests"
    http_status = 429


class SlugRefused(Invalid):
    """The wished address cannot be used."""

    code = "slug_invalid"
