"""Fixtures of all tests: a throw-away PostgreSQL for the run, a database for each worker, two companies."""

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql
from rest_framework.test import APIClient

from apps.billing import middleware as billing_middleware
from tenants.context import Company, company_of, leave_company, tenant_context
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.models import ApiToken, Membership, Tenant, User
from tenants.rights import Member, effective_rights

ROOT = Path(__file__).resolve().parent.parent
_servers: list[EmbeddedPostgres] = []

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


def pytest_sessionfinish(session: pytest.Session) -> None:
    while _servers:
        _servers.pop().destroy()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A copy of the prepared database for this worker."""
    name = f"qz_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _copy_database(name)
    _point_at(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that commits or uses several connections; dropped afterwards."""
    with django_db_blocker.unblock(), own_database(secrets.token_hex(4)) as name:
        yield name


@contextmanager
def own_database(suffix: str) -> Iterator[str]:
    """A fresh copy of the prepared database, in which everything stands until the end of the block; then dropped."""
    before = connections["default"].settings_dict["NAME"]
    name = f"{before}_{suffix}"
    _copy_database(name)
    _point_at(name)
    try:
        yield name
    finally:
        leave_company()
        connections.close_all()
        _point_at(before)
        with _administrator() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy_database(name: str) -> None:
    login = sql.Identifier(connections["default"].settings_dict["USER"])
    with _administrator() as connection:
        # Workers copy one after another: a template database must have no visitors while it is copied.
        connection.execute("SELECT pg_advisory_lock(7)")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE qingzhun").format(sql.Identifier(name)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), login))
        connection.execute("SELECT pg_advisory_unlock(7)")


def _point_at(name: str) -> None:
    for alias in ("default", "admin"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _administrator() -> "psycopg.Connection[Any]":
    params = connections["admin"].settings_dict
    return psycopg.connect(
        host=params["HOST"], port=params["PORT"], user=params["USER"], password=params["PASSWORD"],
        dbname="postgres", autocommit=True,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _start_outside_any_company() -> Iterator[None]:
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


def _member(email: str) -> Member:
    row = Membership.objects.select_related("user").get(user__email=email)
    return Member(
        user_id=row.user.pk, name=row.user.name, email=email, role=row.role, membership_id=row.pk,
        rights=effective_rights(row.role, row.rights),
    )  # fmt: skip


@pytest.fixture
def alice(hongda: Company) -> Member:
    """李敏 owns 宏达五金."""
    return _member("alice@hongda.example")


@pytest.fixture
def bob(hongda: Company) -> Member:
    """王波 keeps the books of 宏达五金 (accountant)."""
    return _member("bob@hongda.example")


@pytest.fixture
def charlie(hengxin: Company) -> Member:
    """陈诚 owns 恒信机械."""
    return _member("charlie@hengxin.example")


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

    def with_token(name: str) -> APIClient:
        membership = Membership.objects.select_related("user", "tenant").get(user__email__startswith=f"{name}@")
        key = f"test-{name}"
        _store_token(key, membership.user, membership)
        client = APIClient(HTTP_HOST=f"{membership.tenant.slug}.localhost")
        client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
        return client

    return with_token


def _store_token(key: str, user: User, membership: Membership | None) -> None:
    ApiToken.objects.get_or_create(
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        defaults={
            "user": user, "membership": membership, "name": "test", "prefix": key[:8],
            "expires_at": timezone.now() + timedelta(days=1),
        },
    )  # fmt: skip
