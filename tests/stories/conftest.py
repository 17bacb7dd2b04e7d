"""Fixtures of the stories: 恒达五金 over HTTP, and a browser on the product."""

from collections.abc import Iterator

import pytest
from zeal import zeal_ignore

from tests.live_site import chromium, visitor
from tests.stories.factory import factory, steel_maker
from tests.stories.hengda import company, operator, operator_keys, operator_password

__all__ = ["chromium", "company", "factory", "operator", "operator_keys", "operator_password", "steel_maker", "visitor"]


@pytest.fixture(autouse=True)
def _batches_go_one_by_one() -> Iterator[None]:
    """Tasks run inside the request here; in earnest a worker takes facts and companies one by one, on purpose."""
    with zeal_ignore():
        yield
