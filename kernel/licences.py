"""Other people's work in ours: what the pages carry (from the manifest of copied files), what the server runs on."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")

SPRITE = re.compile(r"<!-- (\S+) (\S+), (.+) licence -->")


@dataclass(frozen=True)
class Work:
    """One package with its licence; `text` is empty where the package brings none."""

    name: str
    version: str
    licence: str
    text: str = ""


@lru_cache(maxsize=1)
def in_pages() -> tuple[Work, ...]:
    """What browsers are sent, from `static/vendor/manifest.json`."""
    manifest = json.loads((_root() / "static/vendor/manifest.json").read_text(encoding="utf-8"))
    works = [Work(row["name"], row["version"], row["licence"], row["licence_text"]) for row in manifest["packages"]]
    return (*works, _icons())


@lru_cache(maxsize=1)
def on_server() -> tuple[Work, ...]:
    """The libraries of `requirements/base.txt` that are installed, by name."""
    lines = (_root() / "requirements/base.txt").read_text(encoding="utf-8").splitlines()
    pinned = [found.groups() for line in lines if (found := PINNED.match(line))]
    return tuple(Work(name, version, _licence(name)) for name, version in pinned if _is_installed(name))


def _icons() -> Work:
    """The sprite says in its first comment whose icons it holds."""
    head = (_root() / "static/vendor/icons.svg").read_text(encoding="utf-8")[:400]
    found = SPRITE.search(head)
    if found is None:
        raise ValueError("static/vendor/icons.svg does not say where its icons come from.")
    return Work(*found.groups())


def _root() -> Path:
    return Path(settings.BASE_DIR)


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _licence(name: str) -> str:
    known: Any = metadata.metadata(name)  # a message of the mail library, which the declared type does not say
    classifiers = [row.rpartition(" :: ")[2] for row in known.get_all("Classifier") or [] if row.startswith("License")]
    written = known.get("License-Expression") or known.get("License") or ""
    # Some packages write the whole text into the field: then the classifier is the name.
    return written if written and len(written) <= 60 and "\n" not in written else ", ".join(classifiers) or "—"
