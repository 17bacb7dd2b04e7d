"""A data folder that cannot be used is one sentence, and nothing in it is overwritten."""

import json
import os
from pathlib import Path

import pytest

from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import prepare
from tenants.embedded.postgres import EmbeddedPostgres
from tenants.embedded.process import Account, account_folder


def test_a_cluster_without_its_version_is_not_overwritten(server: EmbeddedPostgres, folder: Path):
    server.stop()
    (server.cluster / "PG_VERSION").unlink()

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(folder).start()

    assert "PG_VERSION" in refusal.value.zh
    assert (server.cluster / "global").is_dir()


def test_a_cluster_of_another_version_names_both(server: EmbeddedPostgres, folder: Path):
    server.stop()
    (server.cluster / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(folder).start()

    assert "PostgreSQL 9" in refusal.value.en


def test_a_damaged_cluster_says_what_the_server_said(server: EmbeddedPostgres, folder: Path):
    server.stop()
    (server.cluster / "global" / "pg_control").unlink()

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(folder).start()

    assert "pg_control" in refusal.value.en or "control file" in refusal.value.en


def test_secrets_that_do_not_fit_are_told_apart_from_damage(server: EmbeddedPostgres, folder: Path):
    server.stop()
    kept = json.loads(server.paths.secrets.read_text())
    server.paths.secrets.write_text(json.dumps({**kept, "postgres_password": "not-the-one"}))

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(folder).start()

    assert "secrets.json" in refusal.value.en


def test_secrets_that_cannot_be_read_are_not_made_anew(folder: Path):
    (folder / "secrets.json").write_text("{broken")

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedPostgres(folder)

    assert "secrets.json" in refusal.value.zh
    assert (folder / "secrets.json").read_text() == "{broken"


def test_a_file_where_the_folder_should_be(folder: Path):
    (folder / "data").write_text("")

    with pytest.raises(EmbeddedError) as refusal:
        prepare(folder / "data")

    assert "QZ_DATA_DIR" in refusal.value.zh and "QZ_DATA_DIR" in refusal.value.en


def test_below_a_private_folder_the_cluster_is_kept_where_its_account_can_reach_it(folder: Path):
    private = folder / "home"
    private.mkdir(mode=0o700)

    server = EmbeddedPostgres(private / "qz", fsync=False)
    server.start()

    assert server.answers()
    as_root = os.geteuid() == 0  # then the database runs as another account
    assert server.paths.postgres.is_symlink() == as_root
    assert private.stat().st_mode & 0o777 == 0o700
    server.destroy()


def test_a_folder_put_back_where_its_account_cannot_go_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    account = Account(os.geteuid(), os.getegid())
    (folder / "postgres").mkdir()
    monkeypatch.setattr(Account, "reaches", lambda self, path: False)

    with pytest.raises(EmbeddedError, match="chmod o\\+x"):
        account_folder(folder / "postgres", account)
