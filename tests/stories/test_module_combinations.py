"""Each of the sixteen combinations of the four modules: every page of the menu opens, what is not paid for says so."""

from itertools import combinations

import pytest
from django.urls import reverse
from django.utils import timezone

from kernel import menu, registry
from tenants.context import company_of, tenant_context
from tenants.models import ModuleGrant, Tenant

MODULES = ("finance", "inventory", "production", "supply")
SETS = [frozenset(chosen) for size in range(len(MODULES) + 1) for chosen in combinations(MODULES, size)]


@pytest.fixture(params=SETS, ids=lambda chosen: "+".join(sorted(chosen)) or "none")
def chosen(request, db) -> frozenset[str]:
    """宏达五金 pays for exactly these modules."""
    tenant = Tenant.objects.get(slug="hongda")
    ModuleGrant.objects.filter(tenant=tenant).delete()
    for module in request.param:
        ModuleGrant.objects.create(tenant=tenant, module=module, granted_at=timezone.now())
    return request.param


def test_every_page_of_the_menu_opens(chosen, alice, page_of):
    company = company_of(Tenant.objects.get(slug="hongda"))
    with tenant_context(company):
        urls = ["/"] + [place.url for place in menu.places(company, alice) if place.group.key != "company"]
    browser = page_of("alice")

    statuses = {url: browser.get(url).status_code for url in urls}

    assert set(company.modules) == chosen
    assert {url: status for url, status in statuses.items() if status not in (200, 302)} == {}


def test_what_is_not_paid_for_names_its_price(chosen, page_of):
    browser = page_of("alice")
    locked = [group for group in registry.groups() if group.module in set(MODULES) - chosen]
    urls = [reverse(item.url_name) for group in locked for item in group.items]

    statuses = {url: browser.get(url).status_code for url in urls}

    # Whoever was invited answers for free: the pages of supply stay open to every company.
    assert statuses == {url: 200 if url.startswith("/supply/") else 402 for url in urls}
