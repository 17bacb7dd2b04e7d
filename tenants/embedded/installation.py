"""Everything on one machine: database, broker, migrations, demo company, web, workers, scheduler."""

import http.client
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit, urlunsplit

from tenants.embedded.binaries import find_valkey
from tenants.embedded.endpoints import is_free, settings_urls
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import PROJECT, ProcessLock, data_dir, prepare
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.embedded.prepared import DatabaseMark, StaticStamp, compile_all
from tenants.embedded.process import wait_until
from tenants.embedded.secrets import load_secrets
from tenants.embedded.server import EmbeddedServer, gravest
from tenants.embedded.sign_ins import recall_sign_ins
from tenants.embedded.supervisor import Spec, StopRequested, Supervisor, end_leftovers
from tenants.embedded.valkey import EmbeddedValkey

WEB_READY_SECONDS = 120.0
FAILED_STARTS = 4  # a server that ends this often in a row will not come up
LOCK_SECONDS = 3.0
MARKED_VARIABLES = ("QZ_DB_", "QZ_DEMO", "QZ_BASE_DOMAIN", "TENANT_ROLES")  # what is in the database depends on them
STAGE_POSTGRES, STAGE_BROKER, STAGE_PROGRAMS = 1, 2, 3


@dataclass(frozen=True)
class Options:
    """What the environment decides; see the table of variables in the operations handbook."""

    root: Path
    bind: str
    port: int
    base_domain: str
    demo: bool

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Options":
        """Raises EmbeddedError when QZ_PORT is no port."""
        port = env.get("QZ_PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise EmbeddedError(
                f"QZ_PORT={port} 不是端口号，请用 1 到 65535 之间的整数。",
                f"QZ_PORT={port} is no port; use a whole number from 1 to 65535.",
            )
        return cls(
            root=data_dir(env),
            bind=env.get("QZ_BIND") or "127.0.0.1",
            port=int(port),
            base_domain=env.get("QZ_BASE_DOMAIN") or "localhost",
            demo=env.get("QZ_DEMO", "1") != "0",
        )


class Installation:
    """One start of everything, from an empty folder or after a crash."""

    def __init__(self, env: Mapping[str, str], output: TextIO) -> None:
        self.options = Options.read(env)
        self.paths = prepare(self.options.root)
        self._given = dict(env)
        self._supervisor = Supervisor(output, self.paths.processes)
        self._servers: list[EmbeddedServer] = []

    def run(self) -> None:
        """Start, say where to sign in, and keep running until Ctrl-C or a polite kill.

        Raises EmbeddedError with a sentence for the person who started it.
        """
        with ExitStack() as stack:
            stack.callback(self._release)
            self._claim()
            with self._supervisor as supervisor:
                try:
                    self._start()
                except StopRequested:
                    return
                self._tell()
                supervisor.run()
                supervisor.say("正在停止 / stopping")

    def _start(self) -> None:
        try:
            self._start_servers()
            self._prepare_and_serve()
            self._wait_for_web()
            self._start_workers()
        except OSError as error:  # a file where a folder belongs, rights, a full disk
            reason = f"{error.strerror or error} {error.filename or ''}".strip()
            raise EmbeddedError(
                f"数据目录 {self.paths.root} 无法使用（{reason}），请检查其中的文件、权限和磁盘空间。",
                f"The data folder {self.paths.root} cannot be used ({reason}); look at files, rights and free space.",
            ) from error

    def _claim(self) -> None:
        self._lock = ProcessLock(self.paths.up_lock)
        if not wait_until(self._lock.acquire, LOCK_SECONDS):
            raise EmbeddedError(
                f"数据目录 {self.paths.root} 已由进程 {self._lock.holder()} 启动，"
                "请先停止它或用 QZ_DATA_DIR 另选目录。",
                f"The data folder {self.paths.root} is already started by process {self._lock.holder()}; "
                "stop it or choose another with QZ_DATA_DIR.",
            )
        end_leftovers(self.paths.processes)
        address = f"{self.options.bind}:{self.options.port}"
        if not is_free(self.options.bind, self.options.port):
            raise EmbeddedError(
                f"地址 {address} 已被占用或不可用，请用 QZ_PORT 或 QZ_BIND 换一个。",
                f"The address {address} is in use or not available; choose another with QZ_PORT or QZ_BIND.",
            )

    def _release(self) -> None:
        for server in self._servers:
            server.release()
        self._lock.release()

    def _start_servers(self) -> None:
        if not self._given.get("DATABASE_URL"):
            self._start_server(EmbeddedPostgres(self.paths.root), STAGE_POSTGRES, group=False)
        if self._given.get("BROKER_URL"):
            return
        if find_valkey(self._given) is None:
            self._supervisor.say(
                "警告：找不到 Valkey，任务队列改用文件，仅供试用 / "
                "warning: no Valkey found, the task queue uses files, for trying only"
            )
            return
        self._start_server(EmbeddedValkey(self.paths.root), STAGE_BROKER, group=True)

    def _start_server(self, server: EmbeddedServer, stage: int, *, group: bool) -> None:
        server.prepare()
        self._servers.append(server)
        child = self._supervisor.start(
            Spec(
                name=server.name,
                command=server.command,
                env=server.environment(),
                cwd=server.folder(),
                stage=stage,
                stop_seconds=60.0,
                stop_signal=server.stop_signal,
                account=server.account,
                group=group,
            )
        )
        server.wait_ready(
            alive=lambda: child.failures < FAILED_STARTS,
            complaint=lambda: gravest(list(child.lines)),
            pause=self._supervisor.pump,
        )

    def _environment(self) -> dict[str, str]:
        urls = settings_urls(self.paths.root, self._given)
        return self._given | {
            "QZ_DATA_DIR": str(self.paths.root),
            "QZ_PORT": str(self.options.port),
            "DATABASE_URL": urls.app_dsn,
            "DATABASE_ADMIN_URL": urls.admin_dsn,
            "BROKER_URL": urls.broker_url,
            "CACHE_URL": urls.cache_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _prepare_and_serve(self) -> None:
        """A database that this very code brought up is not looked over again.

        At the first start nobody knows the address yet: there the web server loads as soon as its files are collected.
        """
        compile_all(PROJECT)
        self._mark = self._expected_mark()
        self._remembered = self._mark.stored()
        if StaticStamp(PROJECT).is_fresh() and (self._is_current() or self._is_first()):
            self._start_web()
        self._prepare_data()
        if not self._supervisor.is_kept("web"):
            self._start_web()

    def _is_first(self) -> bool:
        return not self._given.get("DATABASE_URL") and not self._remembered

    def _is_current(self) -> bool:
        return self._remembered == self._mark.expected()

    def _prepare_data(self) -> None:
        assets = StaticStamp(PROJECT)
        commands = [] if self._is_current() else ["bootstrap"]
        if not assets.is_fresh():
            commands.append("collectstatic")
        self._run_commands(commands)
        assets.renew()

    def _files_are_there(self, command: str) -> None:
        if command == "collectstatic" and self._is_first():
            self._start_web()

    def _expected_mark(self) -> DatabaseMark:
        urls = settings_urls(self.paths.root, self._given)
        of = [urls.app_dsn, urls.admin_dsn, load_secrets(self.paths.root, self._given).secret_key]
        of += sorted(f"{name}={value}" for name, value in self._given.items() if name.startswith(MARKED_VARIABLES))
        return DatabaseMark(PROJECT, urls.admin_dsn, of)

    def _run_commands(self, commands: Sequence[str]) -> None:
        # One process for all that needs the database; the scheduler fills the pool once people can work.
        demo = ["--demo"] if self.options.demo else []
        arguments = {
            "collectstatic": ["--noinput", "--verbosity=0"],
            "bootstrap": ["--pool", "0", "--mark", self._mark.expected(), *demo],
        }
        codes = self._supervisor.run_once(
            *(self._program(name, [str(PROJECT / "manage.py"), name, *arguments.get(name, [])]) for name in commands),
            ended=self._files_are_there,
        )
        for name, code in zip(commands, codes, strict=True):
            if code:
                raise EmbeddedError(
                    f"命令 {name} 失败（退出码 {code}），原因见上面的输出。",
                    f"The command {name} failed (exit code {code}); the lines above say why.",
                )

    def _program(self, name: str, arguments: Sequence[str], stop_seconds: float = 15.0) -> Spec:
        return Spec(
            name=name,
            command=lambda: [sys.executable, *arguments],
            env=self._environment(),
            cwd=PROJECT,
            stage=STAGE_PROGRAMS,
            stop_seconds=stop_seconds,
        )

    def _start_web(self) -> None:
        self._supervisor.start(self._program("web", self._web()))

    def _start_workers(self) -> None:
        # After the web server: on two cores they would only delay the first page.
        self.paths.schedule.parent.mkdir(exist_ok=True)
        # As root (a container) the worker would warn at every start; tasks are JSON, so nothing is unpickled.
        quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
        celery = [*quiet, "-m", "celery", "--quiet", "-A", "config.celery"]
        worker = ["worker", "--pool", "prefork", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        self._supervisor.start(self._program("worker", [*celery, *worker], stop_seconds=20.0))
        beat = ["beat", "--schedule", str(self.paths.schedule), "--pidfile="]
        self._supervisor.start(self._program("scheduler", [*celery, *beat]))

    def _web(self) -> list[str]:
        # Threads, not green ones: a company's state lives on the thread's database connection.
        host = f"[{self.options.bind}]" if ":" in self.options.bind else self.options.bind
        memory = Path("/dev/shm")  # noqa: S108  # gunicorn's heartbeat files: a slow disk must not look like a hang
        return [
            *("-m", "gunicorn", "config.wsgi:application"),
            *("--bind", f"{host}:{self.options.port}"),
            *("--workers", "2", "--worker-class", "gthread", "--threads", "8"),
            # Loaded once and then forked: nothing of the product opens a connection or a thread while it is imported.
            *("--preload", "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket"),
            *(("--worker-tmp-dir", str(memory)) if os.access(memory, os.W_OK) else ()),
        ]

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + WEB_READY_SECONDS
        while not self._web_is_ready():
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    "网站在两分钟内没有就绪，原因见上面的输出。",
                    "The web server was not ready within two minutes; the lines above say why.",
                )
            self._supervisor.pump(0.2)

    def _web_is_ready(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.options.bind, self.options.bind)  # noqa: S104  # read
        connection = http.client.HTTPConnection(host, self.options.port, timeout=5)
        headers = {"Host": f"{self.options.base_domain}:{self.options.port}", "X-Forwarded-Proto": "https"}
        try:
            connection.request("GET", "/health/ready/", headers=headers)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _at_this_port(self, url: str) -> str:
        # The demo company remembers the address of the start that built it; the port may be another today.
        parts = urlsplit(url)
        if parts.scheme != "http":
            return url
        return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{self.options.port}", path="/"))

    def _tell(self) -> None:
        url, people = recall_sign_ins(self.paths.root) if self.options.demo else ("", [])
        lines = ["轻准已就绪 / Qingzhun is ready", ""]
        lines += [f"运营 operator  http://{self.options.base_domain}:{self.options.port}/"]
        if url:
            lines += [f"企业 company   {self._at_this_port(url)}", "登录 sign in   账号 account / 密码 password"]
        lines += [f"  {person.role}  {person.account} / {person.password}" for person in people]
        lines += ["", "停止 stop      Ctrl-C"]
        for line in ("━" * 64, *lines, "━" * 64):
            self._supervisor.say(line)
