"""The database stops under load and comes back: a sentence meanwhile, and nothing that was acknowledged is lost."""

import hashlib
import http.client
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tenants.embedded.postgres import EmbeddedPostgres
from tenants.embedded.prepared import StaticStamp

ROOT = Path(__file__).resolve().parents[2]
HOST = "hongda.localhost"
KEY = "outage-token"
WRITERS = 4


@dataclass
class Site:
    """The product on one machine: its own database and a web server with threads."""

    database: EmbeddedPostgres
    port: int
    acknowledged: set[str] = field(default_factory=set)

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": HOST, "Authorization": f"Token {KEY}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()

    def until(self, path: str, status: int, *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while self._status(path) != status:
            assert time.monotonic() < deadline, f"{path} never answered {status}"
            time.sleep(0.2)

    def _status(self, path: str) -> int:
        try:
            return self.ask("GET", path)[0]
        except OSError:
            return 0

    def write_until(self, stop: threading.Event, seen: list[int]) -> None:
        while not stop.is_set():
            code = f"C-{secrets.token_hex(5)}".upper()
            status, _headers, _text = self.ask(
                "POST", "/api/v1/masterdata/partners/", {"code": code, "name": f"客户 {code}"}
            )
            seen.append(status)
            if status == 201:
                self.acknowledged.add(code)


@pytest.fixture
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="qz-outage-"))
    database = EmbeddedPostgres(folder)
    database.start()
    port = _free_port()
    environment = {**os.environ, "QZ_DATA_DIR": str(folder), "QZ_TEST_RUN_DIR": str(folder), "QZ_PORT": str(port)}
    _prepare(database, environment)
    web = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--threads", "8",
         "--worker-class", "gthread", "--workers", "1", "--no-control-socket"],
        cwd=ROOT, env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    one = Site(database, port)
    try:
        one.until("/api/v1/masterdata/partners/", 200)
        yield one
    finally:
        web.terminate()
        web.wait(30)
        database.destroy()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _prepare(database: EmbeddedPostgres, environment: dict[str, str]) -> None:
    stamp = StaticStamp(ROOT)
    if not stamp.is_fresh():
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=ROOT, check=True, env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"})
        stamp.renew()
    done = subprocess.run(
        [sys.executable, "-m", "tests.prepare_database"], cwd=ROOT, capture_output=True, text=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings_test"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database.dsn, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO tenants_apitoken"
            " (user_id, membership_id, name, key_hash, prefix, scopes, created_at, expires_at)"
            " SELECT user_id, id, 'test', %s, 'outage', '[]', now(), now() + interval '1 day' FROM tenants_membership"
            " WHERE role = 'owner' ORDER BY id LIMIT 1",
            [hashlib.sha256(KEY.encode()).hexdigest()],
        )


def test_an_outage_is_told_and_loses_nothing_that_was_acknowledged(site):
    stop, seen = threading.Event(), []
    writers = [threading.Thread(target=site.write_until, args=(stop, seen)) for _number in range(WRITERS)]
    for writer in writers:
        writer.start()
    _wait_for(seen, 201, 20)

    site.database.stop()
    _wait_for(seen, 503, WRITERS)
    page, program = site.ask("GET", "/signin/"), site.ask("GET", "/api/v1/masterdata/partners/")
    site.database.start()
    before = len(site.acknowledged)
    _wait_for_more(site, before + 20)
    stop.set()
    for writer in writers:
        writer.join(30)

    for status, headers, text in (page, program):
        assert (status, headers.get("Retry-After")) == (503, "5"), text
        assert "请稍后重试" in text and "psycopg" not in text and "127.0.0.1" not in text
    assert json.loads(program[2])["code"] == "unavailable"
    assert set(seen) <= {201, 503}  # never a 500, never a refusal of another kind
    assert site.acknowledged <= _kept(site)


def _wait_for(seen: list[int], status: int, count: int) -> None:
    deadline = time.monotonic() + 90
    while seen.count(status) < count:
        assert time.monotonic() < deadline, f"{seen.count(status)} answers of {status}, others {sorted(set(seen))}"
        time.sleep(0.05)


def _wait_for_more(site: Site, count: int) -> None:
    deadline = time.monotonic() + 90
    while len(site.acknowledged) < count:
        assert time.monotonic() < deadline, "no write went through after the database came back"
        time.sleep(0.05)


def _kept(site: Site) -> set[str]:
    with psycopg.connect(site.database.dsn) as admin:
        schema = admin.execute("SELECT schema_name FROM tenants_tenant WHERE slug = 'hongda'").fetchone()
        assert schema is not None
        rows = admin.execute(f'SELECT code FROM "{schema[0]}".masterdata_partner')  # the schema's name is our own
        return {code for (code,) in rows}
