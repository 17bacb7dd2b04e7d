"""kill -9 of a session, the server, all of it, and its owner: nothing acknowledged is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from tenants.embedded.cluster import running_server
from tenants.embedded.paths import PROJECT
from tenants.embedded.postgres import AttachedPostgres, EmbeddedPostgres, ensure_running
from tenants.embedded.process import wait_until
from tests.tenants.embedded.clerk import Clerk

OWNER = """
import sys, time
from pathlib import Path
from tenants.embedded.postgres import EmbeddedPostgres

print(EmbeddedPostgres(Path(sys.argv[1])).start(), flush=True)
time.sleep(600)
"""


def test_kill_9_of_a_session_loses_nothing_and_the_server_recovers_by_itself(server: EmbeddedPostgres):
    clerk = Clerk(server.dsn).start()

    os.kill(clerk.pid, signal.SIGKILL)

    clerk.finish()
    assert wait_until(server.answers, 20)
    assert clerk.missing(server.dsn) == set()


def test_kill_9_of_the_server_loses_nothing(server: EmbeddedPostgres, folder: Path):
    clerk = Clerk(server.dsn).start()

    os.kill(running_server(server.cluster) or 0, signal.SIGKILL)

    clerk.finish()
    server.stop()
    assert clerk.missing(server.start()) == set()


def test_kill_9_of_the_whole_group_loses_nothing(server: EmbeddedPostgres):
    clerk = Clerk(server.dsn).start()

    for pid in _processes_in(server.cluster):
        os.kill(pid, signal.SIGKILL)

    clerk.finish()
    server.stop()
    assert clerk.missing(server.start()) == set()


def test_kill_9_of_the_owner_loses_nothing_and_leaves_no_server_behind(folder: Path):
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    clerk = Clerk(owner.stdout.readline().strip()).start()
    cluster = (folder / "postgres").resolve() / "data"

    owner.kill()
    owner.wait()

    clerk.finish()
    assert wait_until(lambda: running_server(cluster) is None, 20)
    server = EmbeddedPostgres(folder)
    assert clerk.missing(server.start()) == set()
    server.destroy()


def test_comes_back_quickly(server: EmbeddedPostgres):
    os.kill(running_server(server.cluster) or 0, signal.SIGKILL)
    server.stop()

    began = time.monotonic()
    server.start()

    assert time.monotonic() - began < 10  # measured 0.3 s; the rest is for a busy machine


def test_a_command_attaches_to_the_running_server_and_leaves_it_running(server: EmbeddedPostgres, folder: Path):
    attached = ensure_running(folder)
    attached.stop()

    assert isinstance(attached, AttachedPostgres)
    assert attached.dsn == server.dsn
    assert server.answers()


def test_chinese_is_searched_by_trigrams(server: EmbeddedPostgres):
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")

        row = connection.execute("SELECT similarity('六角螺栓 M6', '六角螺栓') > 0.4").fetchone()

    assert row == (True,)  # with the locale C it would be 0


def _processes_in(cluster: Path) -> list[int]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == cluster:
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found
