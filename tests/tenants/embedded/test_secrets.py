"""Secrets are made once, kept private, and never made up in production."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tenants.embedded.endpoints import kept_port, settings_urls
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.secrets import load_secrets


def test_made_once_and_readable_by_the_owner_alone(folder: Path):
    first = load_secrets(folder, {})

    assert load_secrets(folder, {}) == first
    assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600
    assert Fernet(first.encryption_key)


def test_a_file_that_was_opened_to_others_is_closed_again(folder: Path):
    before = load_secrets(folder, {})
    (folder / "secrets.json").chmod(0o666)

    after = load_secrets(folder, {})

    assert after == before
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_port_that_is_none_is_a_sentence(folder: Path):
    (folder / "endpoints.json").write_text('{"postgres": "x"}')

    with pytest.raises(EmbeddedError, match="endpoints.json"):
        kept_port(folder, "postgres")


def test_the_environment_wins(folder: Path):
    secrets = load_secrets(folder, {"QZ_APP_PASSWORD": "from-the-vault"})

    assert secrets.app_password == "from-the-vault"
    assert load_secrets(folder, {}).app_password != "from-the-vault"


def test_many_first_starts_agree(folder: Path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_secrets(folder, {}).secret_key, range(16)))

    assert len(set(found)) == 1


def test_production_refuses_to_make_secrets_up_and_names_the_variables(folder: Path):
    with pytest.raises(EmbeddedError) as refusal:
        load_secrets(folder, {"QZ_ENV": "production", "DATABASE_URL": "postgresql://db/qz"})

    assert "QZ_SECRET_KEY" in refusal.value.zh
    assert "QZ_BROKER_PASSWORD" in refusal.value.zh
    assert "QZ_POSTGRES_PASSWORD" not in refusal.value.zh  # the real server's password is in its address
    assert not (folder / "secrets.json").exists()


def test_a_secret_is_not_printed(folder: Path):
    secrets = load_secrets(folder, {})

    assert secrets.secret_key not in repr(secrets)


def test_real_servers_win_over_the_embedded_ones(folder: Path):
    real = {"DATABASE_URL": "postgresql://app@db/qz", "BROKER_URL": "redis://queue:6379/3"}

    urls = settings_urls(folder, real)

    assert urls.app_dsn == urls.admin_dsn == "postgresql://app@db/qz"
    assert urls.broker_url == "redis://queue:6379/3"
    assert urls.cache_url == "redis://queue:6379/4"


def test_two_servers_keep_two_ports(folder: Path):
    first = settings_urls(folder, {})

    assert settings_urls(folder, {}) == first
    assert first.app_dsn.rsplit(":", 1)[1] != first.broker_url.rsplit(":", 1)[1]
