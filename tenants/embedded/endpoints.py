"""Addresses of the database, broker and cache: the environment's, or those of the embedded servers.

Nothing is started here; the settings read these before anything runs.
"""

import os
import random
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from tenants.embedded.binaries import find_valkey
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import DataPaths, locked, prepare, read_json, write_json
from tenants.embedded.secrets import Secrets, load_secrets

HOST = "127.0.0.1"
DATABASE = "qingzhun"
ADMIN_ROLE = "postgres"
APP_ROLE = "app"
PORTS = range(15000, 32000)  # below the range from which outgoing connections take their ports


class Urls(NamedTuple):
    """Addresses for the settings; `broker` may be `filesystem://`, `cache` may be `file:///folder`."""

    app_dsn: str
    admin_dsn: str
    broker_url: str
    cache_url: str


def settings_urls(root: Path, env: Mapping[str, str] | None = None) -> Urls:
    """Addresses of the installation in `root`.

    DATABASE_URL, DATABASE_ADMIN_URL, BROKER_URL and CACHE_URL of the environment win.
    """
    env = os.environ if env is None else env
    broker = env.get("BROKER_URL") or _broker_url(root, env)
    cache = env.get("CACHE_URL") or _cache_url(root, broker)
    app = env.get("DATABASE_URL")
    if app:
        return Urls(app, env.get("DATABASE_ADMIN_URL") or app, broker, cache)
    secrets, port = load_secrets(root, env), kept_port(root, "postgres")
    return Urls(
        postgres_dsn(APP_ROLE, secrets.app_password, port),
        postgres_dsn(ADMIN_ROLE, secrets.postgres_password, port),
        broker,
        cache,
    )


def postgres_dsn(role: str, password: str, port: int, database: str = DATABASE) -> str:
    """Address of the embedded PostgreSQL for one role."""
    return f"postgresql://{role}:{password}@{HOST}:{port}/{database}"


def valkey_url(secrets: Secrets, port: int, database: int = 0) -> str:
    """Address of the embedded broker; database 0 holds the queues, 1 the cache."""
    return f"redis://:{secrets.broker_password}@{HOST}:{port}/{database}"


def _broker_url(root: Path, env: Mapping[str, str]) -> str:
    if find_valkey(env) is None:
        return "filesystem://"
    return valkey_url(load_secrets(root, env), kept_port(root, "broker"))


def _cache_url(root: Path, broker: str) -> str:
    parts = urlsplit(broker)
    if parts.scheme not in ("redis", "rediss"):
        return f"file://{DataPaths(root).cache}"
    database = int(parts.path.strip("/") or 0) + 1
    return urlunsplit(parts._replace(path=f"/{database}"))


def kept_port(root: Path, server: str) -> int:
    """The port `server` has in this installation; chosen at the first call and kept."""
    path = prepare(root).endpoints
    with locked(root):
        kept = read_json(path)
        if server not in kept:
            kept[server] = _free_port(taken=set(kept.values()))
            write_json(path, kept)
        return _port(path, kept[server])


def startable_port(root: Path, server: str) -> int:
    """The kept port, or a new one (which is then kept) when another program has taken it meanwhile."""
    port = kept_port(root, server)
    if is_free(HOST, port):
        return port
    with locked(root):
        kept = read_json(DataPaths(root).endpoints)
        kept[server] = _free_port(taken=set(kept.values()))
        write_json(DataPaths(root).endpoints, kept)
        return int(kept[server])


def _port(path: Path, kept: object) -> int:
    if isinstance(kept, int) and 0 < kept < 65536:
        return kept
    raise EmbeddedError(
        f"文件 {path} 中的端口 {kept} 无效，请删除该文件，下次启动会另选端口。",
        f"The port {kept} in {path} is none; remove the file, the next start chooses new ports.",
    )


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on this address now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _free_port(taken: set[int]) -> int:
    # Spread out, so that installations of one machine seldom meet.
    for port in random.sample(PORTS, len(PORTS)):
        if port not in taken and is_free(HOST, port):
            return port
    raise OSError("no free port")
