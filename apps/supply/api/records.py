"""What was exchanged, with whom, and who looked: chains, inbox, outbox, access log."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.supply.api import shapes
from apps.supply.api.base import SupplyView
from apps.supply.models import Acknowledgement, Inbox, Outbox, SupplyLink
from apps.supply.selectors import looks
from apps.supply.selectors.looks import looks_at_ours
from apps.supply.selectors.proofs import chain_proof
from kernel.exports import Column

BOX = [Column(key, key) for key in ("chain", "seq", "kind", "state", "reason", "at")]
LOOKS = [Column(key, key) for key in ("at", "chain", "seq", "who", "what", "via")]


class ChainDetail(SupplyView):
    """GET the whole chain with hashes, signatures and receipts, so that anybody can verify it."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, chain: UUID) -> Response:
        proof = chain_proof(chain)
        link = SupplyLink.objects.filter(pk=proof["link"]).first()
        if link is not None:
            looks.note(link, chain, proof["head"]["seq"], via="api")
        return Response(proof)


class InboxShape:
    """Rows of the inbox where a serializer is expected."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [_box(row, row.state, row.reason) for row in rows]


class OutboxShape:
    """Rows of the outbox with what the recipient made of them; one query for the page."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        found = list(rows)
        answers = {
            row.version: row
            for row in Acknowledgement.objects.filter(version__in=[one.version for one in found]).order_by("at", "id")
        }
        self.data = [
            _box(row, answers[row.version].state, answers[row.version].reason)
            if row.version in answers
            else _box(row, "sent", "")
            for row in found
        ]


def _box(row: Any, state: str, reason: str) -> dict[str, Any]:
    return {
        "chain": str(row.chain), "seq": row.seq, "kind": row.kind, "state": state, "reason": reason,
        "at": shapes.at(row.at),
    }  # fmt: skip


class LookShape:
    """Rows of the access log where a serializer is expected."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [
            {
                "at": shapes.at(row.at), "chain": str(row.chain), "seq": row.seq, "who": row.who, "what": row.what,
                "via": row.via,
            }
            for row in rows
        ]  # fmt: skip


class InboxList(SupplyView):
    """GET ?chain=&state= newest first."""

    export_name, export_columns = "inbox", BOX

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows = _of_chain(Inbox.objects.order_by("-at", "version"), request.query_params)
        state = request.query_params.get("state")
        return self.listed(rows.filter(state=state) if state else rows, InboxShape)


class OutboxList(SupplyView):
    """GET ?chain=&state= newest first; `state` is the recipient's: sent (no word yet), applied, refused."""

    export_name, export_columns = "outbox", [column for column in BOX if column.key not in ("state", "reason")]

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows = _of_chain(Outbox.objects.order_by("-at", "version"), request.query_params)
        state = request.query_params.get("state")
        if state == "sent":
            rows = rows.exclude(version__in=Acknowledgement.objects.values("version"))
        elif state:
            rows = rows.filter(version__in=Acknowledgement.objects.filter(state=state).values("version"))
        return self.listed(rows, OutboxShape)


def _of_chain(rows: Any, asked: Any) -> Any:
    chain = asked.get("chain", "")
    if not chain:
        return rows
    try:
        return rows.filter(chain=UUID(chain))
    except ValueError:
        return rows.none()


class AccessLog(SupplyView):
    """GET ?chain=: others' looks at what we sent, newest first."""

    export_name, export_columns = "access-log", LOOKS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows: Any = looks_at_ours(request.query_params)
        return self.listed(rows, LookShape)
