"""What the benchmarks share: a throw-away installation with a company, a stopwatch, promises kept or broken."""

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from tenants.context import Company, leave_company, load_company
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.models import ModuleGrant, Tenant, User
from tenants.rights import Member, rights_of_role
from tenants.services.provisioning import provision_company

MODULES = ("finance", "inventory", "production", "supply")


@contextmanager
def installation() -> Iterator[EmbeddedPostgres]:
    """A real server (fsync on, two cores' settings) with the shared tables and the template; removed afterwards."""
    folder = Path(os.environ["QZ_DATA_DIR"])
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        call_command("bootstrap", pool=0, stdout=sys.stderr)
        yield server
    finally:
        leave_company()
        connections.close_all()
        server.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def make_company(slug: str = "hongda", name: str = "宏达五金制品") -> tuple[Company, Member]:
    """A company with all modules and its owner, who may do everything."""
    owner = User(name="李敏", email=f"owner@{slug}.example")
    owner.set_password(os.urandom(16).hex())
    owner.save()
    made = provision_company(slug=slug, name=name, owner=owner, created_at=timezone.now())
    tenant = Tenant.objects.get(pk=made.id)
    ModuleGrant.objects.bulk_create(
        ModuleGrant(tenant=tenant, module=module, granted_at=timezone.now()) for module in MODULES
    )
    member = Member(user_id=owner.pk, name=owner.name, email=owner.email, rights=rights_of_role("owner"))
    return load_company(made.id), member


@contextmanager
def as_superuser(server: EmbeddedPostgres, company: Company) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection for filling tables by COPY: inside the company's schema, triggers and foreign keys asleep."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT set_config('search_path', %s, false)", [company.schema_name])
        yield connection


@dataclass(frozen=True)
class Timing:
    """Milliseconds of many runs of one thing."""

    name: str
    samples: Sequence[float]

    def percentile(self, share: float) -> float:
        """Nearest rank: p95 of 20 runs is the 19th."""
        ordered = sorted(self.samples)
        return ordered[min(len(ordered) - 1, max(0, -(-int(share * len(ordered) * 1000) // 1000) - 1))]

    def kept(self, promise_ms: float) -> bool:
        """Print the line of this measurement; True when p95 is within the promise."""
        print(f"{self.name}: n={len(self.samples)} p50={self.percentile(0.5):.1f} max={max(self.samples):.1f} ms")
        return result(f"{self.name}, p95", self.percentile(0.95), promise_ms, "ms", "promise")


def result(name: str, ours: float, limit: float, unit: str, against: str) -> bool:
    """One line of the table: our figure beside the promise or the peer's figure in the same run; True when kept."""
    kept = ours <= limit
    ratio = ours / limit if limit else 0.0
    verdict = "kept" if kept else "BROKEN"
    print(f"RESULT\t{name}\t{ours:.3g} {unit}\t{limit:.3g} {unit}\t{against}\t{ratio:.2f}\t{verdict}", flush=True)
    return kept


def measure(name: str, run: Callable[[], object], *, times: int = 40, warm_up: int = 3) -> Timing:
    """Run `run` some times unmeasured, then measured, garbage collected before each."""
    for _ in range(warm_up):
        run()
    samples = []
    for _ in range(times):
        gc.collect()
        begin = time.perf_counter()
        run()
        samples.append((time.perf_counter() - begin) * 1000)
    return Timing(name, samples)


def finish(kept: Sequence[bool]) -> None:
    """Leave with 1 when a promise was broken, so that a job sees it."""
    sys.exit(0 if all(kept) else 1)
