"""Reads assets.toml and fetches packages with `npm pack`; the only place that needs npm, and only for developers."""

import hashlib
import json
import subprocess
import tarfile
import tempfile
import tomllib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

SOURCE_MAP_MARKS = (b"//# sourceMappingURL=", b"/*# sourceMappingURL=")
LICENCE_NAMES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE")


class AssetProblem(Exception):
    """A package, a file in it or an icon is not what assets.toml says."""


@dataclass(frozen=True)
class Package:
    """One npm package and the files we take: path in the package -> name in static/vendor/."""

    name: str
    version: str
    files: dict[str, str]
    use: str


def root() -> Path:
    """Directory that holds assets.toml."""
    return Path(settings.BASE_DIR)


def vendor_dir() -> Path:
    return root() / "static" / "vendor"


def read_assets() -> dict[str, Any]:
    """assets.toml as it stands: `package` list and `icons` table."""
    return tomllib.loads((root() / "assets.toml").read_text(encoding="utf-8"))


def packages() -> list[Package]:
    return [Package(p["name"], p["version"], p["files"], p["use"]) for p in read_assets()["package"]]


def sha384(content: bytes) -> str:
    """Subresource-integrity form: `sha384-` and base64."""
    return "sha384-" + b64encode(hashlib.sha384(content).digest()).decode()


def without_source_map(content: bytes) -> bytes:
    """The file without its sourceMappingURL line: the map is not shipped, and browsers would ask for it."""
    lines = content.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.lstrip().startswith(SOURCE_MAP_MARKS))


def unpack(name: str, version: str, into: Path) -> Path:
    """Fetch one package and unpack it below `into`; returns its folder. Raises AssetProblem without npm or package."""
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    try:
        done = subprocess.run(command, cwd=into, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        raise AssetProblem(f"npm pack {name}@{version} failed: {error}") from error
    folder = into / name.replace("/", "_")
    with tarfile.open(into / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def licence_of(folder: Path) -> tuple[str, str]:
    """SPDX name from package.json and the licence text beside it (empty when the package carries none)."""
    spdx = str(json.loads((folder / "package.json").read_text(encoding="utf-8")).get("license", ""))
    texts = [folder / name for name in LICENCE_NAMES if (folder / name).exists()]
    return spdx, texts[0].read_text(encoding="utf-8") if texts else ""


def fetch_all() -> dict[str, Any]:
    """Copy every package's files into static/vendor/ and return the manifest that describes them."""
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for package in packages():
            found.append(_copy(package, unpack(package.name, package.version, Path(scratch))))
    return {"packages": found}


def _copy(package: Package, folder: Path) -> dict[str, Any]:
    spdx, text = licence_of(folder)
    files: dict[str, dict[str, Any]] = {}
    for source, target in package.files.items():
        path = folder / source
        if not path.exists():
            raise AssetProblem(f"{package.name}@{package.version} has no {source}")
        content = without_source_map(path.read_bytes())
        (vendor_dir() / target).write_bytes(content)
        files[target] = {"source": source, "sha384": sha384(content), "bytes": len(content)}
    return {
        "name": package.name,
        "version": package.version,
        "licence": spdx,
        "licence_text": text,
        "use": package.use,
        "files": files,
    }
