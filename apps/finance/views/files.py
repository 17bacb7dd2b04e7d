"""Ledgers and reports as files: Excel, CSV, and PDF for paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase

from apps.finance.models import Book
from apps.finance.printing.paper import pdf_response
from apps.finance.printing.tables import table_pdf
from kernel.exports import Column, export_response
from kernel.http.gates import EXPORTS, check_right
from kernel.http.request import Request


def wants_file(request: Request) -> bool:
    """`?format=xlsx`, `csv` or `pdf`."""
    return request.GET.get("format") in EXPORTS


def as_file(
    request: Request, book: Book, *, title: str, subtitle: str, columns: Sequence[Column], rows: Iterable[Any]
) -> HttpResponseBase:
    """The rows in the format asked for. A print needs the right to see, a file the right to export."""
    fmt = request.GET["format"]
    if fmt == "pdf":
        content = table_pdf(book=book, title=title, subtitle=subtitle, columns=columns, rows=rows)
        return pdf_response(content, f"{title}.pdf")
    check_right(request.member, "finance.export")
    return export_response(f"{title} {subtitle}".strip(), columns, rows, fmt)
