"""From a template to a PDF, fonts embedded. Nothing is fetched: a print needs no network and no file of the server."""

import functools
import importlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header


def pdf(template: str, context: Mapping[str, Any]) -> bytes:
    """Render `template` with WeasyPrint."""
    html = _library().HTML(string=render_to_string(template, dict(context)), url_fetcher=_refuse)
    document: bytes = html.write_pdf()
    return document


@functools.cache
def _library() -> Any:
    # With its fonts it is a fifth of what a process loads, and most never print: it comes with the first print.
    return importlib.import_module("weasyprint")


def _refuse(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise ValueError(f"a print may not fetch {url}")


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """Shown in the browser, saved under `filename`."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, filename) or "inline"
    response["Cache-Control"] = "private, no-store"
    return response
