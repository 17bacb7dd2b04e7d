"""Ledgers and reports on paper: one table, its heading on every page, A4 landscape when it is wide."""

from collections.abc import Iterable, Sequence
from typing import Any

from apps.finance.models import Book
from apps.finance.printing.paper import pdf
from kernel.exports import NUMBERS, Column, plain

WIDE = 6


def table_pdf(*, book: Book, title: str, subtitle: str, columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """`rows` as a table; `css` of a row mapping marks totals."""
    cells = [
        {"css": row.get("css", "") if isinstance(row, dict) else "", "cells": [_cell(one, row) for one in columns]}
        for row in rows
    ]
    heads = [{"text": str(column.heading), "number": column.kind in NUMBERS} for column in columns]
    context = {"book": book, "title": title, "subtitle": subtitle, "heads": heads, "rows": cells}
    return pdf("finance/print/table.html", context | {"wide": len(columns) > WIDE})


def _cell(column: Column, row: Any) -> dict[str, Any]:
    value = column.of(row)
    if column.kind == "money":
        text = f"{value:,.2f}" if value else ""
        return {"text": text, "number": True, "negative": bool(value and value < 0)}
    return {"text": "" if value is None else plain(value), "number": column.kind in NUMBERS, "negative": False}
