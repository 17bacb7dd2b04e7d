"""Counts API calls of companies: in memory, written once a minute under `api:<worker>:<minute>`."""

import atexit
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import psycopg
from django.db import Error, IntegrityError
from django.http import HttpRequest, HttpResponse

from apps.billing.domain.usage import UsageEvent
from apps.billing.services import usage
from kernel.clock import now
from tenants.context import shared_context

log = logging.getLogger(__name__)
METER = "platform.api_calls"
FLUSH_SECONDS = 60


class ApiCalls:
    """Calls of this process by company and business minute; each batch draws a name, so no two collide."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since = time.monotonic()
        self._calls: Counter[tuple[int, datetime]] = Counter()

    def count(self, tenant_id: int, moment: datetime) -> None:
        """One call; flushes what is older than a minute."""
        with self._lock:
            self._calls[(tenant_id, moment.replace(second=0, microsecond=0))] += 1
            due = time.monotonic() - self._since >= FLUSH_SECONDS
        if due:
            self.flush(moment)

    def flush(self, moment: datetime) -> int:
        """Write what was counted; when the database refuses, it is counted again next time. Answers the events."""
        with self._lock:
            calls, self._calls = self._calls, Counter()
            self._since = time.monotonic()
        worker = secrets.token_hex(6)
        events = [
            UsageEvent(
                tenant=str(tenant_id), transaction_id=f"api:{worker}:{minute:%Y%m%dT%H%M%z}", meter=METER,
                value=Decimal(number), occurred_at=minute,
            )
            for (tenant_id, minute), number in sorted(calls.items())
        ]  # fmt: skip
        try:
            for start in range(0, len(events), usage.MAX_BATCH):
                with shared_context():
                    usage.ingest(events=events[start : start + usage.MAX_BATCH], received_at=moment, capped=False)
        except (IntegrityError, psycopg.errors.ForeignKeyViolation):  # COPY raises the driver's own
            log.warning("API calls of a company that is gone were dropped", exc_info=True)
            return 0
        except (Error, psycopg.Error):
            log.warning("API calls could not be written; they are kept", exc_info=True)
            with self._lock:
                self._calls.update(calls)
            return 0
        return len(events)


calls = ApiCalls()


@atexit.register
def _flush_at_exit() -> None:
    if calls._calls:
        calls.flush(now())


class MeterApiCalls:
    """Behind HostMiddleware: the company is known before, left again after, and the business clock stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        company = getattr(request, "company", None)
        if company is not None and getattr(request, "is_token", False) and request.path.startswith("/api/v1/"):
            calls.count(company.id, now())
        return response
