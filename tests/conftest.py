"""Fixtures of all tests: a throw-away PostgreSQL for the run, a database for each worker, two companies."""

import gc
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from rest_framework.test import APIClient

from apps.billing import middleware as billing_middleware
from tenants.context import Company, company_of, leave_company, tenant_context
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.models import Membership, Tenant
from tenants.rights import Member
from tests.databases import copy_database, own_database, point_at
from tests.people import api_client, member
from tests.standing import Standing, deepest

ROOT = Path(__file__).resolve().parent.parent
_servers: list[EmbeddedPostgres] = []
# Half a million things stay to the end, the modules and the list of the tests: they are looked through seldom.
gc.set_threshold(20_000, 20, 20)

# The gate draws the same examples each time, so that a red run speaks of the change; every other run draws new ones.
# How long a busy machine takes over one says nothing of the change either.
hypothesis_settings.register_profile(
    "gate", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("gate")


def pytest_sessionstart(session: pytest.Session) -> None:
    """The controller starts the server and fills the database that the workers copy."""
    if hasattr(session.config, "workerinput") or os.environ.get("QZ_TEST_NO_DB") == "1":
        return
    server = EmbeddedPostgres(Path(os.environ["QZ_TEST_RUN_DIR"]), fsync=False)
    server.start()
    _servers.append(server)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.prepare_database"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.exit(f"the test database could not be prepared:\n{done.stdout}{done.stderr}", returncode=3)


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    while _servers:
        _servers.pop().destroy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A copy of the prepared database for this worker."""
    name = f"qz_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy_database(name)
    point_at(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that commits or uses several connections; dropped afterwards."""
    with django_db_blocker.unblock(), own_database(secrets.token_hex(4)) as name:
        yield name


@pytest.fixture(scope="session")
def standing(django_db_setup: None, django_db_blocker: Any) -> Callable[..., Standing]:
    """`standing("books", build)`: what many tests begin with, see `tests/standing.py`."""

    def make(name: str, build: Callable[[], Any], on: Standing | None = None) -> Standing:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(billing_middleware, "calls", billing_middleware.ApiCalls())
            return Standing.built(name, build, on)

    return make


@pytest.fixture(autouse=True)
def _stand(request: pytest.FixtureRequest) -> Iterator[None]:
    """Before anything of the test: its transaction begins in the database of the standing that its fixtures name."""
    names = [name for name in request.fixturenames if name.startswith("standing_")]
    if names and "committed_db" in request.fixturenames:
        pytest.fail(f"{names} is not what a test with a database of its own begins with")
    with deepest([request.getfixturevalue(name) for name in names]):
        yield


@pytest.fixture(autouse=True)
def _start_outside_any_company(_stand: None) -> Iterator[None]:
    yield
    connection = connections["default"]
    if connection.connection is not None and not connection.in_atomic_block:
        leave_company()


@pytest.fixture(autouse=True)
def _count_api_calls_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are written after a minute of real time: those of one test must not reach the database of the next."""
    monkeypatch.setattr(billing_middleware, "calls", billing_middleware.ApiCalls())


@pytest.fixture
def hongda(db: None) -> Company:
    """宏达五金制品: all four modules."""
    return company_of(Tenant.objects.get(slug="hongda"))


@pytest.fixture
def hengxin(db: None) -> Company:
    """恒信机械: another company, which must never be seen."""
    return company_of(Tenant.objects.get(slug="hengxin"))


@pytest.fixture
def in_hongda(hongda: Company) -> Iterator[Company]:
    """Stand inside 宏达五金 for the whole test."""
    with tenant_context(hongda):
        yield hongda


@pytest.fixture
def alice(hongda: Company) -> Member:
    """李敏 owns 宏达五金."""
    return member("alice@hongda.example")


@pytest.fixture
def bob(hongda: Company) -> Member:
    """王波 keeps the books of 宏达五金 (accountant)."""
    return member("bob@hongda.example")


@pytest.fixture
def charlie(hengxin: Company) -> Member:
    """陈诚 owns 恒信机械."""
    return member("charlie@hengxin.example")


@pytest.fixture
def page_of(db: None) -> Callable[[str], Client]:
    """`page_of("alice")`: a browser signed in at the person's own company."""

    def sign_in(name: str) -> Client:
        membership = Membership.objects.select_related("user", "tenant").get(user__email__startswith=f"{name}@")
        client = Client(HTTP_HOST=f"{membership.tenant.slug}.localhost")
        session = client.session
        session.update({"user_id": membership.user_id, "tenant_id": membership.tenant_id})
        session.save()
        client.cookies["qz_session"] = str(session.session_key)
        return client

    return sign_in


@pytest.fixture
def api_of(db: None) -> Callable[[str], APIClient]:
    """`api_of("alice")`: an API client with a token of the person at the person's own company."""

    return api_client
