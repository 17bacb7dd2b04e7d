"""All addresses of a company's host, with ids of the other company where an address takes one."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.isolation.canary import FIRST_ID, FOUND_BY

CONVERTERS = {"int": str(FIRST_ID), "slug": "z9", "str": "z9", "path": "z9"}
LEFT_OUT = ("static/", "style/")
SEARCHES = ("", "?format=xlsx", "?format=csv", f"?q={FOUND_BY}&search={FOUND_BY}")


def addresses(urlconf: str = "config.urls") -> list[tuple[str, bool]]:
    """(path, whether it names a record) of every page and API view."""
    found = {(f"/{path}", named) for path, named in _walk(get_resolver(urlconf).url_patterns, "")}
    return sorted(pair for pair in found if not pair[0].lstrip("/").startswith(LEFT_OUT))


def _walk(patterns: Any, before: str) -> Iterator[tuple[str, bool]]:
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield _filled(route), "<" in route


def _filled(route: str) -> str:
    parts = []
    for part in route.split("<"):
        name, closing, rest = part.partition(">")
        parts.append(CONVERTERS.get(name.partition(":")[0], "z9") + rest if closing else part)
    return "".join(parts)


def visible(answer: Any) -> bytes:
    """All that an answer tells: body (unpacked when it is a workbook) and headers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"\n".join(archive.read(name) for name in archive.namelist())
    headers = "\n".join(value for name, value in answer.items() if name != "Location")
    return content + headers.encode("utf-8", errors="replace")
