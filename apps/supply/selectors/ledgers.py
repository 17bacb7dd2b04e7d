"""What was despatched and received of order lines so far, from one's own ledgers, in the order's unit."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from apps.supply.domain.despatch import Ledger
from apps.supply.domain.terms import Terms
from apps.supply.models import Despatch, DespatchLine, ReceiptLine

Key = tuple[UUID, int]
NOTHING = Decimal(0)


def movements(order_ids: Iterable[UUID]) -> dict[Key, Ledger]:
    """{(order, line): ledger}; `agreed` stays zero. Two queries however many orders."""
    ids = list(order_ids)
    sent = (
        DespatchLine.objects.filter(order_id__in=ids)
        .exclude(despatch__state=Despatch.State.CANCELLED)
        .values_list("order_id", "line")
        .annotate(total=Sum("quantity"))
        .order_by("order_id", "line")
    )
    came = (
        ReceiptLine.objects.filter(order_id__in=ids, receipt__is_reversed=False)
        .values_list("order_id", "line")
        .annotate(got=Sum("received"), bad=Sum("rejected"), less=Sum("short"))
        .order_by("order_id", "line")
    )
    despatched = {(order, line): total for order, line, total in sent}
    received = {(order, line): figures for order, line, *figures in came}
    found = {}
    for key in sorted(despatched.keys() | received.keys()):
        got, bad, less = received.get(key, (NOTHING, NOTHING, NOTHING))
        found[key] = Ledger(
            despatched=despatched.get(key, NOTHING), received=got, rejected=bad, short=less
        )  # fmt: skip
    return found


def ledgers(order_id: UUID, terms: Terms, moved: dict[Key, Ledger]) -> dict[int, Ledger]:
    """{line: ledger} of the lines of `terms`, what is agreed among them."""
    found = {}
    for line in terms.lines:
        known = moved.get((order_id, line.line), Ledger())
        found[line.line] = Ledger(
            agreed=line.quantity, despatched=known.despatched, received=known.received, rejected=known.rejected,
            short=known.short, returned=known.returned,
        )  # fmt: skip
    return found
