"""Uploads above the limit are refused by their declared length, before a byte of them is parsed or stored."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel.attachments import too_large
from kernel.http.errors import refuse

ROOM_FOR_FIELDS = 1024 * 1024  # the other fields and boundaries of the form
READ_AWAY = 150 * 1024 * 1024
CHUNK = 64 * 1024


class UploadLimitMiddleware:
    """413 with a clear sentence for forms and files above QZ_UPLOAD_LIMIT."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = _declared(request)
        if length <= settings.QZ_UPLOAD_LIMIT + ROOM_FOR_FIELDS:
            return self.get_response(request)
        _read_away(request, length)
        return refuse(request, too_large())


def _declared(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _read_away(request: HttpRequest, length: int) -> None:
    """A browser shows the answer only after it has sent everything: take a bounded rest of it and drop it."""
    if length > READ_AWAY:
        return
    try:
        while request.read(CHUNK):
            pass
    except OSError:  # the sender has gone; there is nobody left to answer
        return
