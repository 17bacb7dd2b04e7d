"""Two linked firms: Alice of 宏达五金 buys, Charlie of 恒信机械 sells."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from rest_framework.test import APIClient

from tenants.context import Company, company_of
from tenants.models import Tenant
from tests.people import api_client, member
from tests.standing import Standing
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


def met() -> str:
    """The firms and what they trade in; answers the id of their link."""
    hongda, hengxin = (company_of(Tenant.objects.get(slug=slug)) for slug in ("hongda", "hengxin"))
    alice, charlie = member("alice@hongda.example"), member("charlie@hengxin.example")
    given_partner(hongda, alice, "S-HX", "恒信机械")
    given_partner(hengxin, charlie, "C-HD", "宏达五金制品")
    given_items(hongda, alice, "M6-BOLT", "FL-DN50")
    given_items(hengxin, charlie, "LS-M6", "FLP-50")
    return linked(api_client("alice"), api_client("charlie"), hongda, hengxin)


@pytest.fixture(scope="session")
def standing_pair(standing: Callable[..., Standing]) -> Standing:
    return standing("pair", met)


@pytest.fixture
def pair(
    standing_pair: Standing, hongda: Company, hengxin: Company, api_of: Callable[[str], APIClient]
) -> Pair:  # fmt: skip
    return Pair(api_of("alice"), api_of("charlie"), hongda, hengxin, str(standing_pair.value))
