"""One command: starts in order, refuses with a sentence, restarts what is killed, stops without remains."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tenants.embedded.cluster import running_server
from tenants.embedded.endpoints import settings_urls
from tenants.embedded.paths import PROJECT, DataPaths, read_json
from tenants.embedded.process import wait_until

READY = "Qingzhun is ready"


class Up:
    """A started installation whose output is collected."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.lines: list[str] = []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QZ_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.tenants.embedded.tiny_installation"],
            cwd=PROJECT,
            env=kept | {"QZ_DATA_DIR": str(folder), "QZ_PORT": str(port), "QZ_DEMO": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())

    def said(self, text: str) -> bool:
        return any(text in line for line in self.lines)

    def wait_ready(self) -> "Up":
        assert wait_until(lambda: self.said(READY) or self.process.poll() is not None, 60)
        assert self.said(READY), self.lines
        return self

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        self._reader.join(10)
        return code

    def web_answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def database_answers(self) -> bool:
        try:
            with psycopg.connect(settings_urls(self.folder, {}).admin_dsn, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def up(folder: Path, port: int) -> Iterator[Up]:
    up = Up(folder, port).wait_ready()
    yield up
    if up.process.poll() is None:
        up.process.send_signal(signal.SIGINT)
        up.process.wait(60)


def test_ctrl_c_stops_everything_the_database_last(up: Up):
    children = _recorded(up.folder)

    code = up.stop()

    assert code == 0
    order = [line.split(" | ")[0].strip() for line in up.lines if re.search(r"bye bye|is shut down", line)]
    assert order == ["broker", "postgres"]
    assert not any(_lives(pid) for pid in children)
    assert not up.database_answers()


def test_a_second_start_on_the_same_folder_is_one_sentence(up: Up, folder: Path):
    second = Up(folder, up.port + 1)

    code = second.process.wait(30)

    second.stop()
    assert code == 1
    assert second.lines[0].startswith(f"数据目录 {folder} 已由进程 {up.process.pid} 启动")
    assert not any("Traceback" in line for line in second.lines)
    assert up.web_answers()


def test_a_busy_port_is_one_sentence_and_nothing_is_started(folder: Path, port: int):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        refused = Up(folder, port)
        code = refused.process.wait(30)

    refused.stop()
    assert code == 1
    assert f"127.0.0.1:{port}" in refused.lines[0] and "QZ_PORT" in refused.lines[0]
    assert len(refused.lines) == 2  # Chinese, English
    assert not (folder / "postgres").exists()


@pytest.mark.parametrize("name", ["postgres", "broker"])
def test_a_file_where_a_server_wants_its_folder_is_one_sentence(folder: Path, port: int, name: str):
    folder.mkdir(exist_ok=True)
    (folder / name).touch()

    up = Up(folder, port)
    code = up.process.wait(60)
    up._reader.join(10)

    assert code == 1
    assert up.said(f"数据目录 {folder} 无法使用") and not up.said("Traceback")


def test_a_damaged_database_ends_the_start_with_a_sentence(up: Up, folder: Path, port: int):
    up.stop()
    ((folder / "postgres").resolve() / "data" / "global" / "pg_control").unlink()

    refused = Up(folder, port)
    code = refused.process.wait(60)

    refused.stop()
    assert code == 1
    assert refused.said("数据目录") and refused.said("may be damaged")
    assert not refused.said("Traceback")


@pytest.mark.parametrize("name", ["web", "broker"])
def test_a_killed_part_comes_back(up: Up, name: str):
    before = _recorded_pid(up.folder, name)

    os.kill(before, signal.SIGKILL)

    assert wait_until(lambda: _recorded_pid(up.folder, name) not in (before, 0), 20)
    assert wait_until(up.web_answers, 20)
    assert up.said(f"{name} 意外退出（-9）")


def test_a_killed_database_comes_back_under_the_same_address(up: Up):
    cluster = (up.folder / "postgres").resolve() / "data"

    os.kill(running_server(cluster) or 0, signal.SIGKILL)

    assert wait_until(lambda: up.said("postgres 意外退出"), 20)
    assert wait_until(up.database_answers, 20)


def test_after_kill_9_of_the_supervisor_the_next_start_works_on_the_same_addresses(up: Up, folder: Path):
    left = _recorded(folder)
    addresses = settings_urls(folder, {})
    up.process.kill()
    up.process.wait()

    again = Up(folder, up.port).wait_ready()

    assert again.web_answers() and again.database_answers()
    assert settings_urls(folder, {}) == addresses
    assert not any(_lives(pid) for pid in left)
    assert again.stop() == 0


def _recorded(folder: Path) -> list[int]:
    return [int(entry["pid"]) for entry in read_json(DataPaths(folder).processes).values()]


def _recorded_pid(folder: Path, name: str) -> int:
    return int(read_json(DataPaths(folder).processes).get(name, {"pid": 0})["pid"])


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
