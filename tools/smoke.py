"""Prove the first five minutes: clone, `make up`, sign in as the demo owner, Ctrl-C, nothing left running."""

import http.client
import http.cookiejar
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
READY = "轻准已就绪"
READY_SECONDS = 600.0
STOP_SECONDS = 90.0
SIGN_IN = re.compile(r"\|  +(.+?)  (\S+) / (\S+)$")
COMPANY = re.compile(r"https?://([\w.-]+):\d+/?$")


class Failed(Exception):
    """The smoke test found something wrong."""


def main() -> None:
    """Print one line a step; exit 1 with the output of the installation when a step fails."""
    with tempfile.TemporaryDirectory(prefix="smoke-") as folder:
        clone, data = Path(folder) / "qingzhun", Path(folder) / "data"
        Path(folder).chmod(0o711)  # the database's account passes through
        subprocess.run(["git", "clone", "-q", PROJECT, clone], check=True)
        for start in ("first", "second"):
            _one_start(clone, data, start)
    print("smoke: passed")


def _one_start(clone: Path, data: Path, which: str) -> None:
    port = _free_port()
    environment = _environment(data, port)
    began = time.monotonic()
    up = subprocess.Popen(
        ["make", "up"],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,  # `select` must see every line that is not read yet
        start_new_session=True,
    )
    lines: list[str] = []
    try:
        _read_until_told(up, lines)
        print(f"smoke: {which} start ready after {time.monotonic() - began:.0f} s", flush=True)
        _sign_in(lines, port)
        print("smoke: the demo owner signed in", flush=True)
        _stop(up, data, lines)
        print("smoke: stopped, nothing left running", flush=True)
    except Failed as error:
        sys.exit("\n".join([*lines[-200:], f"smoke: FAILED: {error}"]))
    finally:
        if up.poll() is None:
            os.killpg(up.pid, signal.SIGKILL)


def _environment(data: Path, port: int) -> dict[str, str]:
    # The environment of the checks must not reach the installation: it is to find its own way.
    dropped = ("QZ_", "DATABASE_", "BROKER_", "CACHE_", "DJANGO_", "VIRTUAL_ENV", "MAKE", "MFLAGS", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return kept | {"QZ_DATA_DIR": str(data), "QZ_PORT": str(port), "NO_COLOR": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read_until_told(up: subprocess.Popen[bytes], lines: list[str]) -> None:
    """Read until the box with the sign-in names is complete."""
    told = False
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        line = _next_line(up, deadline)
        lines.append(line)
        told = told or READY in line
        if told and line.endswith("━"):
            return
    raise Failed(f"not ready within {READY_SECONDS:.0f} s")


def _next_line(up: subprocess.Popen[bytes], deadline: float) -> str:
    assert up.stdout is not None  # noqa: S101  # it was opened as a pipe
    ready, _, _ = select.select([up.stdout], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise Failed("the installation says nothing more")
    line = up.stdout.readline()
    if not line:
        raise Failed(f"`make up` ended with {up.wait()}")
    return line.decode(errors="replace").rstrip()


def _sign_in(lines: list[str], port: int) -> None:
    """GET the form for its CSRF token, POST the printed account, then see a page that wants a member."""
    host, account, password = _told(lines)
    browser = _Browser(host, port)
    form = browser.get("/signin/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    if token is None:
        raise Failed("the sign-in page has no CSRF token")
    names = re.findall(r'<input[^>]*\bname="(\w+)"', form)
    named = next((name for name in names if name in ("account", "username", "login", "email")), "account")
    browser.post("/signin/", {"csrfmiddlewaretoken": token[1], named: account, "password": password})
    home = browser.get("/")
    if "主导航" not in home:
        raise Failed("after signing in, the home page is not shown")


def _told(lines: list[str]) -> tuple[str, str, str]:
    box = lines[max(number for number, line in enumerate(lines) if READY in line) :]
    hosts = [found[1] for line in box if "企业" in line and (found := COMPANY.search(line))]
    people = [found for line in box if (found := SIGN_IN.search(line)) and "@" in found[2]]
    if not hosts or not people:
        raise Failed("the box names no company or no account")
    owner = next((found for found in people if "老板" in found[1] or "owner" in found[1].lower()), people[0])
    return hosts[0], owner[2], owner[3]


class _Browser:
    """A client with cookies that connects to 127.0.0.1 and names the company in the Host header."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = f"{host}:{port}", port
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> str:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        return self._ask("POST", path, urllib.parse.urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Host": self._host, "Referer": f"http://{self._host}{path}"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise Failed(f"{method} {path} answered {answer.status}")
        return text


def _stop(up: subprocess.Popen[bytes], data: Path, lines: list[str]) -> None:
    """Ctrl-C as a terminal sends it, to the whole foreground group; then look for what stayed."""
    os.killpg(up.pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    try:
        output, _ = up.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"still running {STOP_SECONDS:.0f} s after Ctrl-C") from error
    lines.extend(output.decode(errors="replace").splitlines())
    while left := _processes_of(data):
        if time.monotonic() > deadline:
            raise Failed(f"left running: {left}")
        time.sleep(0.2)


def _processes_of(data: Path) -> list[str]:
    """Command lines of live processes that carry this data folder in their environment."""
    mark = os.fsencode(f"QZ_DATA_DIR={data}")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
