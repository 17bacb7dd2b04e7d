"""What the tests of inventory over HTTP begin with."""

from collections.abc import Callable

import pytest

from tests.inventory.api.company import Store
from tests.people import api_client
from tests.standing import Standing


@pytest.fixture(scope="session")
def standing_store(standing: Callable[..., Standing]) -> Standing:
    """宏达五金 with warehouses, items and partners."""
    return standing("store", lambda: Store(api_client("alice")).stocked())
