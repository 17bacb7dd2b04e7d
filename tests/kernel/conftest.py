"""Members are read from shared tables: before the test enters a company."""

import pytest

from tenants.context import Company
from tenants.rights import Member


@pytest.fixture
def alice_before(alice: Member, in_hongda: Company) -> Member:
    """李敏, inside 宏达五金."""
    return alice
