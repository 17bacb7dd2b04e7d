"""A data folder of its own for every test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenants.embedded.postgres import EmbeddedPostgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty data folder that the database's account can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="qz-embedded-"))
    yield path
    shutil.rmtree((path / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A running database that writes as carefully as in earnest."""
    server = EmbeddedPostgres(folder)
    server.start()
    yield server
    server.destroy()
