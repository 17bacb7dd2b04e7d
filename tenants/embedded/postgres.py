"""The embedded PostgreSQL: one cluster in the data folder, loopback only, password always.

For trying, for tests and for small self-hosting: it offers no TLS. DATABASE_URL puts a real server instead.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from tenants.embedded.cluster import (
    POLL_SECONDS,
    Programs,
    check_cluster,
    clean_environment,
    end_leftover,
    last_complaint,
    make_cluster,
    running_port,
    running_server,
    wait_until,
)
from tenants.embedded.endpoints import ADMIN_ROLE, APP_ROLE, DATABASE, HOST, postgres_dsn, startable_port
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import DataPaths, ProcessLock, prepare
from tenants.embedded.process import account_folder, server_account, spawn
from tenants.embedded.secrets import load_secrets

READY_SECONDS = 180.0  # recovery after a power cut reads up to max_wal_size of log
STOP_SECONDS = 60.0

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


class EmbeddedPostgres:
    """One cluster in `data_dir`. `fsync=False` is for tests alone: a power cut would lose the data.

    `start` and `stop` are for tests and single commands; the supervisor takes `prepare` and `command`
    and runs the server itself.
    """

    def __init__(self, data_dir: Path, *, fsync: bool = True) -> None:
        self.paths: DataPaths = prepare(Path(data_dir))
        self.fsync = fsync
        self.secrets = load_secrets(self.paths.root)
        self.account = server_account()
        self.port = 0
        self.pid: int | None = None
        self._lock = ProcessLock(self.paths.postgres_lock)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """Address for the superuser, who owns and migrates."""
        return self._dsn()

    @property
    def app_dsn(self) -> str:
        """Address for the login role `app` that web and workers use."""
        return postgres_dsn(APP_ROLE, self.secrets.app_password, self.port)

    @property
    def log(self) -> Path:
        """Where the server writes when nobody supervises it."""
        return self.paths.logs / "postgres.log"

    def start(self) -> str:
        """Start the server, wait until it answers and return the superuser's address.

        Raises EmbeddedError when another process owns it or the data folder is broken.
        """
        self.prepare()
        self.paths.logs.mkdir(exist_ok=True)
        with self.log.open("wb") as output:
            process = spawn(
                self.command(),
                env=clean_environment(),
                cwd=self.cluster,
                output=output,
                account=self.account,
                death_signal=signal.SIGINT,
            )
        self._process, self.pid = process, process.pid
        try:
            self.wait_ready(alive=lambda: process.poll() is None, complaint=lambda: last_complaint(self.log))
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def stop(self) -> None:
        """Fast shutdown: clients are sent away, everything is written. Harmless when nothing runs."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(STOP_SECONDS)
            self._process = self.pid = None
        self.release()

    def destroy(self) -> None:
        """Stop and remove the cluster with all its data; for throw-away clusters of tests."""
        self.stop()
        shutil.rmtree(self.paths.postgres.resolve(), ignore_errors=True)
        if self.paths.postgres.is_symlink():
            self.paths.postgres.unlink()

    def prepare(self) -> None:
        """Everything before the server runs: the lock, the cluster at the first start, a free port.

        Raises EmbeddedError as `start` does.
        """
        if not wait_until(self._acquired_or_hopeless, STOP_SECONDS) or not self._lock.held:
            raise EmbeddedError(
                f"数据目录 {self.paths.root} 的数据库正由进程 {self._lock.holder()} 使用，请先停止它。",
                f"The database in {self.paths.root} is in use by process {self._lock.holder()}; "
                "stop it first.",
            )
        try:
            self._prepare_cluster()
            self.port = startable_port(self.paths.root, "postgres")
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let another process own this cluster; `stop` does it too."""
        self._lock.release()

    def command(self) -> list[str]:
        """The server's command line, after `prepare`; it holds no secret."""
        settings = SETTINGS | (LINUX_SETTINGS if sys.platform == "linux" else {}) | {"port": str(self.port)}
        settings |= {} if self.fsync else UNSAFE_SETTINGS
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self.programs.folder / "postgres"), "-D", str(self.cluster), *options]

    def wait_ready(
        self,
        *,
        alive: Callable[[], bool],
        complaint: Callable[[], str],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wait until the server answers and the database exists; `pause` may do other work meanwhile.

        Raises EmbeddedError with `complaint` when `alive` turns False or nothing answers in time.
        """
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if not alive() or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"数据库无法启动，数据目录 {self.cluster} 可能已损坏：{complaint()}",
                    f"The database does not start, the data folder {self.cluster} may be damaged: "
                    f"{complaint()}",
                )
            pause(POLL_SECONDS)
        self._make_database()

    def answers(self) -> bool:
        """Whether the server takes a connection now. Raises EmbeddedError when it refuses the password."""
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

    def _acquired_or_hopeless(self) -> bool:
        # A command that owns the server for a moment is waited for; `manage.py up` stays, so it is not.
        up = ProcessLock(self.paths.up_lock)
        return self._lock.acquire() or (up.is_taken() and up.holder() != str(os.getpid()))

    def _prepare_cluster(self) -> None:
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
    cluster = server.paths.cluster
    owned = ProcessLock(server.paths.postgres_lock).is_taken()
    if owned and wait_until(lambda: running_server(cluster) is not None, STOP_SECONDS):
        server.port = running_port(cluster)
        wait_until(server.answers, READY_SECONDS)
        return AttachedPostgres(data_dir, server.port)
    server.start()
    atexit.register(server.stop)
    return server
