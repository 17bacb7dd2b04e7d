"""Secrets that must be read again (two-factor, webhooks) are kept encrypted; those that need not be are kept hashed."""

import hashlib
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings

from tenants.embedded import load_secrets


def seal(text: str) -> str:
    """Encrypt `text` with the installation's key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt what `seal` wrote. Raises InvalidToken when key and text do not fit."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> Fernet:
    return Fernet(load_secrets(Path(settings.DATA_DIR)).encryption_key.encode())


def new_token() -> str:
    """A random text for links and keys; 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
