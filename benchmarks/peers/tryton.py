"""Tryton as a peer: an environment of its own, a database in the benchmark's server, and questions to it.

Tryton stands under the GPL. It is only measured: installed from the index into a separate environment that nothing of
the product reads, run as a program of its own (`tryton_side`), never imported by the product or shipped with it.

The environment is kept in `.data/peers/tryton` (`QZ_PEERS_DIR` names another folder) and made again when
`requirements.txt` changes, which `uv pip compile --universal --generate-hashes` makes from `requirements.in`.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tenants.embedded.postgres import EmbeddedPostgres

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REQUIREMENTS = HERE / "requirements.txt"
MODULES = ("stock", "production", "stock_supply", "stock_supply_production")
EMPTY = "tryton"


def interpreter() -> Path:
    """Python of the peer's environment, which is made on the first call."""
    home = Path(os.environ.get("QZ_PEERS_DIR") or ROOT / ".data" / "peers").resolve() / "tryton"
    python, stamp = home / "bin" / "python", home / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted and python.exists():
        return python
    print(f"installing {REQUIREMENTS.relative_to(ROOT)}", file=sys.stderr, flush=True)
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    command: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--require-hashes",
    ]
    subprocess.run([*command, "-r", REQUIREMENTS], check=True)
    stamp.write_text(wanted, encoding="ascii")
    return python


class Tryton:
    """Tryton on the server that ours runs on; every task has a copy of one empty database with one company."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.python = interpreter()
        self.dsn = server.dsn
        self.folder = server.paths.root
        self._make_database()

    def ask(self, task: str, **settings: Any) -> dict[str, Any]:
        """The answer of one task of `tryton_side`, in a database of its own."""
        database = f"{EMPTY}_{task}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (database, EMPTY))))
        return self._run(task, database, settings)

    def version(self) -> str:
        """`Tryton 8.2.1`, as the environment has it."""
        command: list[str | Path] = [self.python, "-c", "import trytond; print(trytond.__version__)"]
        return "Tryton " + subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _make_database(self) -> None:
        """trytond-admin without questions: the administrator's password is drawn and nobody keeps it."""
        print("making the peer's database", file=sys.stderr, flush=True)
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(EMPTY)))
        word = self.folder / "peer-password"
        word.touch(mode=0o600)
        word.write_text(secrets.token_urlsafe(24), encoding="ascii")
        admin = self.python.with_name("trytond-admin")
        command: list[str | Path] = [
            admin,
            "-d",
            EMPTY,
            "-u",
            *MODULES,
            "--activate-dependencies",
            "--email",
            "owner@peer.example",
        ]
        environment = {**self._environment(), "TRYTONPASSFILE": str(word)}
        try:
            subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL)
        finally:
            word.unlink()
        self._run("prepare", EMPTY, {})

    def _run(self, task: str, database: str, settings: dict[str, Any]) -> dict[str, Any]:
        command: list[str | Path] = [self.python, "-m", "tryton_side", task, database]
        given = json.dumps(settings)
        done = subprocess.run(
            command, check=True, env=self._environment(), input=given, stdout=subprocess.PIPE, text=True
        )
        answer = next(line for line in done.stdout.splitlines() if line.startswith("ANSWER\t"))
        found: dict[str, Any] = json.loads(answer.partition("\t")[2])
        return found

    def _environment(self) -> dict[str, str]:
        """Ours without what steers Python, with the address of the server, which no command line shows."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRYTON"))}
        kept["PYTHONPATH"] = str(HERE)
        return {**kept, "TRYTOND_DATABASE_URI": urlsplit(self.dsn)._replace(path="").geturl()}

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)
