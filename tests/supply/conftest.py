"""Two linked firms: Alice of 宏达五金 buys, Charlie of 恒信机械 sells."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from tenants.context import Company
from tenants.rights import Member
from tests.supply.given import given_items, given_partner, linked


@dataclass(frozen=True)
class Pair:
    """Buyer and seller with their API clients, and the link between them."""

    buyer: APIClient
    seller: APIClient
    hongda: Company
    hengxin: Company
    link: str

    @property
    def both(self) -> tuple[Company, Company]:
        return self.hongda, self.hengxin


@pytest.fixture
def pair(
    hongda: Company, hengxin: Company, alice: Member, charlie: Member, api_of: Callable[[str], APIClient]
) -> Pair:  # fmt: skip
    given_partner(hongda, alice, "S-HX", "恒信机械")
    given_partner(hengxin, charlie, "C-HD", "宏达五金制品")
    given_items(hongda, alice, "M6-BOLT", "FL-DN50")
    given_items(hengxin, charlie, "LS-M6", "FLP-50")
    buyer, seller = api_of("alice"), api_of("charlie")
    return Pair(buyer, seller, hongda, hengxin, linked(buyer, seller, hongda, hengxin))
