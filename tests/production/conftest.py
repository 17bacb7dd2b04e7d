"""Fixtures of the production tests."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tenants.models import ModuleGrant


@pytest.fixture
def plant(api_of: Callable[[str], APIClient]) -> APIClient:
    """Alice's client at 宏达五金, which here works without the stock module: stock is what she types."""
    client = api_of("alice")
    ModuleGrant.objects.filter(tenant__slug="hongda", module="inventory").delete()
    return client
