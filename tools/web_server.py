"""The product's web server as `manage.py up` starts it, for measurements: real gunicorn, collected static files.

It serves the database on which this process stands; the caller's Django is set up.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from tenants.embedded.prepared import StaticStamp, compile_all

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 120.0
STOP_SECONDS = 20.0


@contextmanager
def web_server() -> Iterator[int]:
    """Two workers of eight threads on a free port of the loopback; gives the port, stops them at the end."""
    port = free_port()
    environment = _environment(port)
    _prepare_files(environment)
    command = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", "2", "--worker-class", "gthread", "--threads", "8"),
        *("--timeout", "60", "--graceful-timeout", "5", "--no-control-socket", "--log-level", "warning"),
    ]
    server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=sys.stderr, start_new_session=True)
    try:
        _await_ready(server, port)
        yield port
    finally:
        _stop(server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "QZ_DATA_DIR": str(settings.DATA_DIR),
        "QZ_PORT": str(port),
        "QZ_LOG_LEVEL": "WARNING",
        "DATABASE_URL": _dsn("default"),
        "DATABASE_ADMIN_URL": _dsn("admin"),
        "BROKER_URL": "memory://",
    }


def _dsn(alias: str) -> str:
    given = connections[alias].settings_dict
    name, password = quote(given["USER"]), quote(given["PASSWORD"])
    return f"postgresql://{name}:{password}@{given['HOST']}:{given['PORT']}/{quote(given['NAME'])}"


def _prepare_files(environment: dict[str, str]) -> None:
    compile_all(PROJECT)
    stamp = StaticStamp(PROJECT)
    if not stamp.is_fresh():
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=PROJECT, env=environment, check=True)
        stamp.renew()


def _await_ready(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the web server did not become ready")
        time.sleep(0.2)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/live/", headers={"Host": f"{settings.QZ_BASE_DOMAIN}:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(server: "subprocess.Popen[bytes]") -> None:
    """Politely; whoever of the group is left after a while is killed."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
