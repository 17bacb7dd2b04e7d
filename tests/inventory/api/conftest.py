"""Fixtures of the API tests of inventory."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.inventory.api.company import Store
from tests.standing import Standing


@pytest.fixture
def store(standing_store: Standing, api_of: Callable[[str], APIClient]) -> Store:
    """Alice's client at 宏达五金 with master data and no stock yet."""
    return Store(api_of("alice"))
