"""Fixtures of the browser tests."""

from tests.live_site import chromium, visitor

__all__ = ["chromium", "visitor"]
