"""Refusals as the modules raise them. The renderer stands in `kernel.http.errors` and `kernel.api.errors`."""

from tenants.errors import DomainError, Forbidden, Invalid, NotFound, PaymentRequired, SlowDown

__all__ = ["DomainError", "Forbidden", "Invalid", "NotFound", "PaymentRequired", "SlowDown", "StaleVersion"]


class StaleVersion(DomainError):
    """Somebody else saved first; `extra["current"]` holds the version now in force."""

    code = "stale_version"
