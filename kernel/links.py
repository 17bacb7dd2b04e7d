"""Addresses by name, remembered: a list names the same page fifty times, the menu forty-five pages on every page."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_urlconf, reverse

KEPT = 20_000  # addresses of a process, some 4 MB


def link(name: str, *args: Any) -> str:
    """`reverse(name, args=args)`. What an address depends on is its table (company or operator), name and arguments."""
    return _link(get_urlconf() or settings.ROOT_URLCONF, name, *args)


@lru_cache(maxsize=KEPT, typed=True)
def _link(table: str, name: str, *args: Any) -> str:
    return reverse(name, urlconf=table, args=args)
