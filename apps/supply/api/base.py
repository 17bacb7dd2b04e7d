"""Base of the supply API: answering is free, buyer verbs are paid for; links and orders by id."""

import hashlib
from typing import Any, cast
from uuid import UUID

from apps.supply.domain.terms import Change
from apps.supply.selectors import looks
from apps.supply.services.refusals import refusal
from apps.supply.services.turns import Act
from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView
from kernel.clock import now
from kernel.http.gates import check_module, check_right
from kernel.http.request import Request


class SupplyView(ExportListMixin, ModuleAPIView):
    """Always open to a company with the rights: answering, shipping and reading need no module.

    Buyer verbs call `self.pay()` before anything else. `rights` as everywhere.
    """

    module = None
    rights: dict[str, str | None] = {"GET": "supply.view", "*": "supply.send"}

    def pay(self) -> None:
        """Raises PaymentRequired (402) unless the company has the module."""
        raw = cast(Request, self.request._request)
        check_module(raw.company, "supply", raw.method or "")

    def need(self, verb: str) -> None:
        """Raises Forbidden (403) unless the member holds the right."""
        check_right(self.member, f"supply.{verb}")

    def taken(self, kind: Any) -> dict[str, Any]:
        """The body in shape. Raises ValidationError (400)."""
        data = kind(data=self.request.data)
        data.is_valid(raise_exception=True)
        found: dict[str, Any] = data.validated_data
        return found

    def seen_list(self, rows: Any, shape: Any) -> Any:
        """`listed`, and a note for the other firms when their documents leave as a file."""
        answer = self.listed(rows, shape)
        if self._wanted_format():
            looks.note_export(rows, via="api")
        return answer

    @property
    def act(self) -> Act:
        """Who, when, and the key of repetition."""
        return Act(actor=self.member, at=now(), idem=idem_of(self.request))


def idem_of(request: Any) -> str:
    """The client's key, bound to the address it was used at; empty without one."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return hashlib.sha256(f"{request._request.path} {key}".encode()).hexdigest() if key else ""


def uuid_of(text: str) -> UUID:
    """An id out of a query. Raises not_found for what is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise refusal("not_found") from error


def changes_of(rows: Any) -> list[Change]:
    """Lines of a change or counter as the services take them."""
    return [
        Change(**{key: value for key, value in row.items() if value not in (None, "")}) for row in rows or ()
    ]  # fmt: skip


def number_of(text: str) -> int:
    """A whole number out of a query; a very long one is simply not found."""
    if not text.isdigit() or len(text) > 9:
        raise refusal("not_found")
    return int(text)
