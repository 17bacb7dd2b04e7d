"""A writer that knows what the database acknowledged."""

import threading
import time
from contextlib import suppress

import psycopg


class Clerk:
    """Writes numbered vouchers and remembers those whose commit was answered."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.acknowledged: list[int] = []
        self.pid = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self, at_least: int = 50) -> "Clerk":
        """Begin, and return when some vouchers are acknowledged."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS voucher (number integer PRIMARY KEY)")
        self._thread.start()
        deadline = time.monotonic() + 30
        while len(self.acknowledged) < at_least and time.monotonic() < deadline:
            time.sleep(0.01)
        return self

    def finish(self) -> None:
        """Stop writing; a broken connection has stopped it already."""
        self._stop.set()
        self._thread.join(timeout=30)

    def missing(self, dsn: str) -> set[int]:
        """Acknowledged vouchers that the database no longer has."""
        with psycopg.connect(dsn) as connection:
            kept = {number for (number,) in connection.execute("SELECT number FROM voucher")}
        return set(self.acknowledged) - kept

    def _work(self) -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(self.dsn, autocommit=True) as connection:
            self.pid = connection.info.backend_pid
            while not self._stop.is_set():
                number = len(self.acknowledged) + 1
                connection.execute("INSERT INTO voucher VALUES (%s)", [number])
                self.acknowledged.append(number)
