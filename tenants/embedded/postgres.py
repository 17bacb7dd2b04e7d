"""The embedded PostgreSQL: one cluster in the data folder, loopback only, password always.

For trying, for tests and for small self-hosting: it offers no TLS. DATABASE_URL puts a real server instead.
"""

import atexit
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tenants.embedded.cluster import (
    Programs,
    check_cluster,
    clean_environment,
    end_leftover,
    make_cluster,
    reports_ready,
    running_port,
    running_server,
)
from tenants.embedded.endpoints import ADMIN_ROLE, APP_ROLE, DATABASE, HOST, postgres_dsn
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import ProcessLock
from tenants.embedded.process import account_folder, wait_until
from tenants.embedded.secrets import load_secrets
from tenants.embedded.server import READY_SECONDS, STOP_SECONDS, EmbeddedServer

# For two cores and a small machine. Settings given here always follow the code, unlike a file in the cluster.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "max_locks_per_transaction": "256",  # one lock for each table of the schemas a transaction touches
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_timezone": "Asia/Shanghai",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    "password_encryption": "scram-sha-256",
}
# Recovery after a crash would open every file of every schema; one call for the file system does the same.
LINUX_SETTINGS = {"recovery_init_sync_method": "syncfs"}
UNSAFE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """One cluster in `data_dir`. `fsync=False` is for tests alone: a power cut would lose the data."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": clients are sent away, everything is written

    def __init__(self, data_dir: Path, *, fsync: bool = True) -> None:
        super().__init__(data_dir)
        self.cluster = self.paths.cluster
        self.fsync = fsync

    @property
    def dsn(self) -> str:
        """Address for the superuser, who owns and migrates."""
        return self._dsn()

    @property
    def address(self) -> str:
        """The superuser's."""
        return self.dsn

    @property
    def app_dsn(self) -> str:
        """Address for the login role `app` that web and workers use."""
        return postgres_dsn(APP_ROLE, self.secrets.app_password, self.port)

    def destroy(self) -> None:
        """Stop and remove the cluster with all its data; for throw-away clusters of tests."""
        self.stop()
        shutil.rmtree(self.paths.postgres.resolve(), ignore_errors=True)
        if self.paths.postgres.is_symlink():
            self.paths.postgres.unlink()

    def command(self) -> list[str]:
        """The server's command line, after `prepare`; it holds no secret."""
        settings = SETTINGS | (LINUX_SETTINGS if sys.platform == "linux" else {}) | {"port": str(self.port)}
        settings |= {} if self.fsync else UNSAFE_SETTINGS
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.programs.folder / "postgres"), "-D", str(self.cluster), *options]

    def environment(self) -> dict[str, str]:
        """Ours without the variables that steer PostgreSQL."""
        return clean_environment()

    def folder(self) -> Path:
        """The cluster itself."""
        return self.cluster

    def wait_ready(
        self,
        *,
        alive: Callable[[], bool],
        complaint: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wait until the server answers and our database exists."""
        super().wait_ready(alive=alive, complaint=complaint, pause=pause)
        self._make_database()

    def answers(self) -> bool:
        """Whether the server takes a connection now. Raises EmbeddedError when it refuses the password."""
        if not reports_ready(self.cluster):
            return False
        try:
            with psycopg.connect(self._dsn("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(
                    f"{self.paths.secrets} 中的数据库密码与数据目录不符，请从备份恢复该文件。",
                    f"The database password in {self.paths.secrets} does not fit the data folder; "
                    "restore that file from a backup.",
                ) from error
            return False

    def _dsn(self, database: str = DATABASE) -> str:
        return postgres_dsn(ADMIN_ROLE, self.secrets.postgres_password, self.port, database)

    def _prepare_files(self) -> None:
        self.cluster = account_folder(self.paths.postgres, self.account) / "data"
        self.programs = Programs.found(self.account)
        end_leftover(self.cluster)
        if not self.cluster.exists():
            make_cluster(
                self.cluster,
                programs=self.programs,
                account=self.account,
                password=self.secrets.postgres_password,
                sync=self.fsync,
            )
        check_cluster(self.cluster, self.programs)

    def _make_database(self) -> None:
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


class AttachedPostgres:
    """A cluster that another process of this installation runs; `stop` leaves it alone."""

    def __init__(self, data_dir: Path, port: int) -> None:
        secrets = load_secrets(data_dir)
        self.port = port
        self.dsn = postgres_dsn(ADMIN_ROLE, secrets.postgres_password, port)
        self.app_dsn = postgres_dsn(APP_ROLE, secrets.app_password, port)

    def stop(self) -> None:
        """Not ours to stop."""


def ensure_running(data_dir: Path) -> EmbeddedPostgres | AttachedPostgres:
    """The installation's database for a command: attached when it runs, else started until this process ends.

    Raises EmbeddedError as `EmbeddedPostgres.start` does.
    """
    server = EmbeddedPostgres(data_dir)
    cluster = server.cluster
    owned = ProcessLock(server.paths.postgres_lock).is_taken()
    if owned and wait_until(lambda: running_server(cluster) is not None, STOP_SECONDS):
        server.port = running_port(cluster)
        wait_until(server.answers, READY_SECONDS)
        return AttachedPostgres(data_dir, server.port)
    server.start()
    atexit.register(server.stop)
    return server
