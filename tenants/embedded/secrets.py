"""Passwords and keys of one installation: from the environment, or made once at the first start."""

import base64
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from secrets import token_bytes, token_urlsafe

from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import locked, prepare, read_json, write_json

VARIABLES = {
    "secret_key": "QZ_SECRET_KEY",
    "encryption_key": "QZ_ENCRYPTION_KEY",
    "postgres_password": "QZ_POSTGRES_PASSWORD",
    "app_password": "QZ_APP_PASSWORD",
    "broker_password": "QZ_BROKER_PASSWORD",
}


@dataclass(frozen=True, repr=False)
class Secrets:
    """All secrets of an installation. No `repr`: they must not reach a log."""

    secret_key: str  # Django's SECRET_KEY
    encryption_key: str  # Fernet key for secrets stored in tables (two-factor, webhooks)
    postgres_password: str  # superuser `postgres` of the embedded server
    app_password: str  # login role `app`
    broker_password: str


def load_secrets(root: Path, env: Mapping[str, str] | None = None) -> Secrets:
    """Secrets of the installation in `root`; what the environment gives wins, the rest is made once and kept.

    Raises EmbeddedError when QZ_ENV=production and a secret that is needed would have to be made up.
    """
    env = os.environ if env is None else env
    given = {name: env[variable] for name, variable in VARIABLES.items() if env.get(variable)}
    if env.get("QZ_ENV") == "production":
        _refuse_missing(given, env)
        return Secrets(**{field.name: given.get(field.name, "") for field in fields(Secrets)})
    if len(given) == len(VARIABLES):
        return Secrets(**given)
    return Secrets(**{**_stored(root), **given})


def _refuse_missing(given: Mapping[str, str], env: Mapping[str, str]) -> None:
    needed = {"secret_key", "encryption_key"}
    if not env.get("DATABASE_URL"):
        needed |= {"postgres_password", "app_password"}
    if not env.get("BROKER_URL"):
        needed |= {"broker_password"}
    missing = "、".join(VARIABLES[name] for name in VARIABLES if name in needed - given.keys())
    if missing:
        raise EmbeddedError(
            f"生产环境（QZ_ENV=production）不使用自动生成的密钥，请设置环境变量：{missing}。",
            "In production (QZ_ENV=production) generated secrets are refused; set these environment "
            f"variables: {missing.replace('、', ', ')}.",
        )


def _stored(root: Path) -> dict[str, str]:
    path = prepare(root).secrets
    with locked(root):
        kept = {key: str(value) for key, value in read_json(path).items() if key in VARIABLES}
        _keep_to_owner(path)
        missing = VARIABLES.keys() - kept.keys()
        if missing:
            kept |= {name: _make(name) for name in missing}
            write_json(path, kept)
    return kept


def _keep_to_owner(path: Path) -> None:
    """A copy or a restore may have opened the file to others; as far as it is ours, it is closed again."""
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _make(name: str) -> str:
    if name == "encryption_key":
        return base64.urlsafe_b64encode(token_bytes(32)).decode()
    return token_urlsafe(48 if name == "secret_key" else 24)
