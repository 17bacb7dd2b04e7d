"""Which moves a return gives back: the oldest shipments or receipts of the line first."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from apps.inventory.domain.orders import split_over
from apps.inventory.models import StockMove
from apps.inventory.records import IssueLine, ReceiptLine
from apps.inventory.services.orders.refusals import OverReturned
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import MoveInput
from apps.masterdata import public as masterdata

STEP = Decimal("0.0001")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Piece:
    """A part of a return that goes back to one move; `quantity` in the order line's unit."""

    quantity: Decimal
    line: Any
    warehouse: str


def pieces(side: Side, row: Any, quantity: Decimal, values: MoveInput, index: int) -> list[Piece]:
    """Cut `quantity` (order's unit) into the moves it goes back to. Raises `over_returned`."""
    moves = {move.pk: move for move in _moves(side, row, values)}
    returned = _returned(moves)
    wanted = masterdata.Measures([row.item_id]).to_stock(row.item_id, quantity, row.unit)[1]
    rests = [(key, abs(move.quantity) - returned.get(key, ZERO)) for key, move in moves.items()]
    taken = split_over(wanted, rests)
    if sum((part for _key, part in taken), ZERO) < wanted:
        sentence = _("第 %(line)s 行按批次或序列号找不到这么多可退的货。") % {"line": row.line}
        raise OverReturned(sentence, fields={f"lines.{index}.quantity": [sentence]})
    return [
        Piece(share, _line(side, row, moves[key], part, values), moves[key].warehouse.code)
        for (key, part), share in zip(taken, _shares(quantity, wanted, taken), strict=True)
    ]


def _shares(quantity: Decimal, wanted: Decimal, taken: Iterable[tuple[int, Decimal]]) -> list[Decimal]:
    """The parts in the order's unit: cumulative, so that they sum to `quantity` exactly."""
    shares, gone, before = [], ZERO, ZERO
    for _key, part in taken:
        gone += part
        upto = (quantity * gone / wanted).quantize(STEP, ROUND_HALF_UP)
        shares.append(upto - before)
        before = upto
    return shares


def _moves(side: Side, row: Any, values: MoveInput) -> list[StockMove]:
    spots = side.fulfilment.objects.filter(line=row, is_return=False, document__reversals__isnull=True)
    pairs = set(spots.values_list("document_id", "document_line"))
    rows = StockMove.objects.filter(document_id__in={document for document, _line in pairs}).select_related(
        "lot", "warehouse"
    )
    codes = {values.lot} if values.lot else set(values.serials)
    return [
        move
        for move in rows.order_by("moved_on", "id")
        if (move.document_id, move.line) in pairs and (not codes or (move.lot is not None and move.lot.code in codes))
    ]


def _returned(moves: Iterable[int]) -> dict[int, Decimal]:
    rows = StockMove.objects.filter(
        origin_id__in=list(moves), document__reversals__isnull=True, document__reverses__isnull=True
    )
    sums = rows.values("origin_id").annotate(total=Sum("quantity")).values_list("origin_id", "total")
    return {origin: abs(total) for origin, total in sums}


def _line(side: Side, row: Any, move: StockMove, part: Decimal, values: MoveInput) -> ReceiptLine | IssueLine:
    is_serial = move.lot is not None and move.lot.kind == "serial"
    words: dict[str, Any] = {
        "item": row.item.code,
        "quantity": part,
        "lot": move.lot.code if move.lot and not is_serial else "",
        "serials": (move.lot.code,) if move.lot and is_serial else (),
        "location": values.location,
        "origin": move.pk,
    }
    return ReceiptLine(**words) if side.sells else IssueLine(**words)
