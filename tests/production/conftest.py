"""Fixtures of the production tests."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tenants.models import ModuleGrant
from tests.people import api_client
from tests.production.shop import given_flange
from tests.standing import Standing


@pytest.fixture(scope="session")
def standing_flange(standing: Callable[..., Standing]) -> Standing:
    """宏达五金 with the flange, what it is made of and the lathe."""
    return standing("flange", lambda: given_flange(api_client("alice")))


@pytest.fixture
def plant(api_of: Callable[[str], APIClient]) -> APIClient:
    """Alice's client at 宏达五金, which here works without the stock module: stock is what she types."""
    client = api_of("alice")
    ModuleGrant.objects.filter(tenant__slug="hongda", module="inventory").delete()
    return client
