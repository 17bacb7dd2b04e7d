"""A new company is usable in under three seconds, and the five-hundredth costs no more than the tenth."""

import statistics
import sys
import time

from django.utils import timezone

from benchmarks.common import finish, installation, result
from kernel.models import Staff
from tenants.context import shared_context, tenant_context
from tenants.models import User
from tenants.services.provisioning import provision_company

MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 500
RUNS = 20


def one_company(owner: User, number: int) -> float:
    """Seconds from nothing to the first row read inside the company, without the pool's help."""
    begin = time.perf_counter()
    company = provision_company(slug=f"c{number:05d}", name=f"企业{number}", owner=owner, created_at=timezone.now())
    with tenant_context(company):
        assert Staff.objects.count() == 1
    return time.perf_counter() - begin


def main() -> None:
    with installation(), shared_context():
        owner = User.objects.create(name="李敏", email="owner@many.example")
        times = [one_company(owner, number) for number in range(MANY)]
        early = statistics.median(times[:RUNS])
        late = statistics.median(times[-RUNS:])
        finish(
            [
                result(f"new company usable, median of {RUNS}", early, 3.0, "s", "promise"),
                result(f"company {MANY} against company 10", late, early * 1.5, "s", "the 10th company x 1.5"),
            ]
        )


if __name__ == "__main__":
    main()
