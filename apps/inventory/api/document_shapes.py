"""Shapes of stock documents, moves and entries as the API gives them out."""

from typing import Any

from apps.inventory.api.base import Json, day, money, quantity_text
from apps.inventory.records import DocumentView, LineView, MoveView
from apps.inventory.selectors import ledger


def document_answer(document_id: int, *, costs: bool) -> Json:
    """A document by id, read anew."""
    return document_shape(ledger.get_document(document_id), costs=costs)


def document_shape(view: DocumentView, *, costs: bool) -> Json:
    """One document with lines and moves; without `costs` the amounts are absent."""
    shown: Json = {
        "id": view.id,
        "number": view.number,
        "kind": view.kind,
        "state": view.state,
        "reason": view.reason,
        "moved_on": day(view.moved_on),
        "intended_on": day(view.intended_on),
        "warehouse": view.warehouse or None,
        "partner": view.partner or None,
        "source": {"kind": view.source.kind, "number": view.source.number, "line": view.source.line}
        if view.source.kind
        else None,
        "note": view.note,
        "reverses": view.reverses,
        "reversed_by": view.reversed_by,
        "posted_at": day(view.posted_at),
        "posted_by": view.posted_by,
    }
    if view.kind == "transfer":
        shown |= {
            "from_warehouse": view.warehouse,
            "to_warehouse": view.to_warehouse,
            "in_transit": view.in_transit,
        }
    if view.kind == "assembly":
        shown["inputs"] = [line_shape(line, costs=costs) for line in view.lines if line.side == "in"]
        shown["outputs"] = [line_shape(line, costs=costs) for line in view.lines if line.side == "out"]
        if costs:
            shown["extra_cost"] = money(view.extra_cost)
        return shown
    if view.kind == "landed" and costs:
        shown["amount"] = money(view.amount)
    shown["lines"] = [line_shape(line, costs=costs) for line in view.lines]
    return shown


def line_shape(line: LineView, *, costs: bool) -> Json:
    """A line; its quantity and amount are positive."""
    shown: Json = {
        "line": line.line,
        "item": line.item,
        "name": line.item_name,
        "quantity": quantity_text(line.quantity),
        "unit": line.unit,
        "stock_quantity": quantity_text(line.stock_quantity),
        "moves": [_move_in_line(move, costs=costs) for move in line.moves],
    }
    if costs:
        shown["amount"] = money(line.amount)
    return shown


def _move_in_line(move: MoveView, *, costs: bool) -> Json:
    shown: Json = {
        "id": move.id,
        "warehouse": move.warehouse,
        "location": move.location or None,
        "lot": move.lot or None,
        "serial": move.serial or None,
        "quantity": quantity_text(move.quantity),
    }
    if costs:
        shown["amount"] = money(move.amount)
    return shown


def move_shape(move: MoveView, *, costs: bool) -> Json:
    """A row of the ledger, signed."""
    shown: Json = {
        "id": move.id,
        "seq": move.seq,
        "moved_on": day(move.moved_on),
        "intended_on": day(move.intended_on),
        "posted_at": day(move.posted_at),
        "item": move.item,
        "warehouse": move.warehouse,
        "location": move.location or None,
        "lot": move.lot or None,
        "serial": move.serial or None,
        "quantity": quantity_text(move.quantity),
        "reason": move.reason,
        "document": move.document,
        "document_id": move.document_id,
        "origin": move.origin,
        "reverses": move.reverses,
    }
    if costs:
        shown |= {"amount": money(move.amount), "cost_state": move.cost_state}
    return shown


def reservation_shape(row: Any) -> Json:
    """A reservation; `open` is what it still holds."""
    return {
        "id": row.id,
        "item": row.item,
        "warehouse": row.warehouse,
        "lot": row.lot or None,
        "serial": row.serial or None,
        "quantity": quantity_text(row.quantity),
        "used": quantity_text(row.used),
        "open": quantity_text(row.open),
        "state": row.state,
        "for": {"kind": row.source.kind, "number": row.source.number, "line": row.source.line},
        "until": day(row.until),
    }
