"""How a browser is found: the order of the ways, the system's packages as root, the npm package; with a fake PATH."""

import os
import tarfile
from pathlib import Path

import brotli
import pytest

from tools import find_browser


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of our own with nothing but what a test puts there; no BROWSER_BIN, an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("BROWSER_BIN", raising=False)
    monkeypatch.setattr(find_browser, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return folder


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def found(capfd: pytest.CaptureFixture[str]) -> str:
    find_browser.main()
    return capfd.readouterr().out.strip()


def test_a_named_browser_comes_before_the_path(programs, tmp_path, monkeypatch, capfd):
    program(programs / "chromium", "exit 0")
    named = program(tmp_path / "my-chromium", "exit 0")
    monkeypatch.setenv("BROWSER_BIN", str(named))

    assert found(capfd) == str(named)


def test_a_browser_that_does_not_run_is_passed_over(programs, tmp_path, monkeypatch, capfd):
    broken = program(tmp_path / "broken", "exit 1")
    monkeypatch.setenv("BROWSER_BIN", str(broken))
    works = program(programs / "google-chrome", "exit 0")

    assert found(capfd) == str(works)


def test_root_installs_the_packages_of_the_system(programs, tmp_path, capfd):
    said = tmp_path / "said"
    script = f'echo "$DEBIAN_FRONTEND $@" >> {said}; [ "$1" = install ] || exit 0; '
    script += f'echo "#!/bin/sh" > {programs}/chromium; /bin/chmod 755 {programs}/chromium'
    program(programs / "apt-get", script)

    assert found(capfd) == str(programs / "chromium")

    updated, installed = said.read_text(encoding="utf-8").splitlines()
    assert updated == "noninteractive update -q"
    assert installed.startswith("noninteractive install -y")
    assert all(package in installed for package in find_browser.PACKAGES)


def test_nobody_but_root_touches_the_packages_of_the_system(programs, monkeypatch, capfd):
    program(programs / "apt-get", f"echo '#!/bin/sh' > {programs}/chromium; /bin/chmod 755 {programs}/chromium")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit):
        find_browser.main()

    assert not (programs / "chromium").exists()


def npm_package(folder: Path) -> Path:
    """The archive as `npm pack` leaves it: the program and its libraries, squeezed."""
    inside = folder / "package" / "bin"
    inside.mkdir(parents=True)
    (inside / "chromium.br").write_bytes(brotli.compress(b"#!/bin/sh\necho Chromium $LD_LIBRARY_PATH\n"))
    library = folder / "lib" / "libnss3.so"
    library.parent.mkdir()
    library.write_bytes(b"nss")
    with tarfile.open(folder / "al2023.tar", "w") as archive:
        archive.add(library, arcname="lib/libnss3.so")
    (inside / "al2023.tar.br").write_bytes(brotli.compress((folder / "al2023.tar").read_bytes()))
    made = folder / "sparticuz-chromium.tgz"
    with tarfile.open(made, "w:gz") as archive:
        archive.add(folder / "package", arcname="package")
    return made


def test_the_npm_package_is_unpacked_once_with_its_libraries(programs, tmp_path, capfd):
    (tmp_path / "npm").mkdir()
    archive, said = npm_package(tmp_path / "npm"), tmp_path / "said"
    program(programs / "npm", f'echo "$@" >> {said}; /bin/cp {archive} .')

    first, second = found(capfd), found(capfd)

    cache = tmp_path / "cache"
    assert first == second == str(cache / "chromium.sh")
    assert said.read_text(encoding="utf-8").splitlines() == [f"pack --silent {find_browser.NPM_PACKAGE}"]
    assert (cache / "al2023" / "lib" / "libnss3.so").read_bytes() == b"nss"
    assert f'LD_LIBRARY_PATH="{cache}/al2023/lib"' in (cache / "chromium.sh").read_text(encoding="utf-8")


def test_without_any_way_it_says_what_to_do(programs, capfd):
    program(programs / "npm", "exit 1")

    with pytest.raises(SystemExit) as left:
        find_browser.main()

    assert "BROWSER_BIN" in str(left.value)
