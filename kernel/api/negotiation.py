"""What an answer is written as: JSON, whatever the caller accepts; files (PDF, Excel) carry their own type."""

from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation


class Lenient(DefaultContentNegotiation):
    """`Accept: application/pdf` at a document's address is no mistake: the view answers a PDF by itself."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type
