"""Fixtures of the page tests: stock and orders made over the API, looked at in a browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.inventory.api.company import Store
from tests.standing import Standing


@pytest.fixture
def store(standing_store: Standing, api_of: Callable[[str], APIClient]) -> Store:
    """Alice's client at 宏达五金 with master data and no stock yet."""
    return Store(api_of("alice"))


@pytest.fixture
def desk(page_of: Callable[[str], Client], store: Store) -> Client:
    """Alice's browser."""
    return page_of("alice")
