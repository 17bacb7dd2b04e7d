"""Fixtures of the stories: 恒达五金 over HTTP, and a browser on the product."""

from tests.live_site import chromium, visitor
from tests.stories.hengda import company, operator, operator_keys, operator_password

__all__ = ["chromium", "company", "operator", "operator_keys", "operator_password", "visitor"]
