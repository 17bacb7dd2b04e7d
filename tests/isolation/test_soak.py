"""Random companies over many threads of one process: every read is the company's own, however connections are kept."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kernel.clock import now
from kernel.models import Staff
from tenants.context import Company, shared_context, tenant_context
from tenants.models import Tenant, User
from tenants.services.provisioning import provision_company

COMPANIES, THREADS, READS = 12, 8, 120


@pytest.fixture
def companies(committed_db) -> list[Company]:
    owner = User.objects.get(email="alice@hongda.example")
    made = [
        provision_company(slug=f"soak-{number}", name=f"企业 {number}", owner=owner, created_at=now())
        for number in range(COMPANIES)
    ]
    for company in made:
        with tenant_context(company):
            Staff.objects.update(name=company.slug)
    return made


@pytest.mark.parametrize("style", ["persistent", "fresh"])
def test_every_read_is_the_companys_own(companies, style):
    def read_many(seed: int) -> int:
        dice, wrong = random.Random(seed), 0  # dice for a test, not for secrets
        for _turn in range(READS):
            company = dice.choice(companies)
            with tenant_context(company):
                wrong += list(Staff.objects.values_list("name", flat=True)) != [company.slug]
            if dice.random() < 0.2:
                with shared_context():
                    wrong += Tenant.objects.get(pk=company.id).slug != company.slug
            if style == "fresh":
                connection.close()
        connection.close()
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = sum(pool.map(read_many, range(THREADS)))

    assert wrong == 0  # of THREADS x READS = 960 reads
