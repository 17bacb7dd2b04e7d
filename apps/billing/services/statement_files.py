"""The uploaded statement, kept encrypted and never shown: what was imported can be proved later."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants import secretbox


def keep_file(content: bytes) -> tuple[str, str]:
    """Store `content` encrypted; its name and the SHA-256 of the plain bytes."""
    digest = hashlib.sha256(content).hexdigest()
    name = default_storage.save(f"billing/statements/{digest}.bin", ContentFile(_sealed(content)))
    return name, digest


def _sealed(content: bytes) -> bytes:
    return secretbox.seal(content.hex()).encode()
