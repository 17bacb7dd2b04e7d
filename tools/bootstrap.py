"""Make the environment `.venv` from the pinned, hashed requirements: `python3 tools/bootstrap.py base|dev`.

Runs on the system's Python with nothing installed. A second run with unchanged requirements does nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)


def main() -> None:
    """Install `base` (to run) or `dev` (to test and check); exits with a sentence when that cannot be done."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "base"
    if sys.version_info < OLDEST:
        sys.exit(
            f"需要 Python 3.11 或更新版本，当前是 {sys.version.split()[0]}；可用 make PYTHON=python3.12 指定。\n"
            f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}; name another with make PYTHON=..."
        )
    requirements = PROJECT / "requirements" / f"{kind}.txt"
    if any(_stamp(larger).is_file() and _is_fresh(larger) for larger in {kind, "dev"}):
        return
    if not _works(PYTHON):
        _make_venv()
    print(f"安装依赖 / installing {requirements.relative_to(PROJECT)} …", flush=True)
    _install(requirements)
    _stamp(kind).write_text(_fingerprint(kind))


def _stamp(kind: str) -> Path:
    return VENV / f".stamp-{kind}"


def _is_fresh(kind: str) -> bool:
    return _works(PYTHON) and _stamp(kind).read_text() == _fingerprint(kind)


def _fingerprint(kind: str) -> str:
    """Changes with the requirements and with the place of the environment, which does not survive a move."""
    content = (PROJECT / "requirements" / f"{kind}.txt").read_bytes()
    return hashlib.sha256(content + os.fsencode(VENV)).hexdigest()


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    if not _can_make_venv():
        _install_venv_module()
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", VENV]).returncode:
        sys.exit("无法建立 .venv，原因见上面的输出。\n.venv could not be made; the lines above say why.")


def _can_make_venv() -> bool:
    return subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def _install_venv_module() -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-q"])
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", package])
    if not _can_make_venv():
        sys.exit(
            f"这台机器的 Python 缺少 venv 模块，请先执行：sudo apt-get install {package}\n"
            f"Python on this machine lacks the venv module; first run: sudo apt-get install {package}"
        )


def _install(requirements: Path) -> None:
    """With uv, which is quick and itself pinned by hash; with pip where uv has no program for the machine."""
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r"]
    uv = VENV / "bin" / "uv"
    subprocess.run([*pip, PROJECT / "requirements" / "uv.txt"], env=environment)
    if uv.is_file():
        command: list[str | Path] = [
            uv,
            "pip",
            "install",
            "-q",
            "--python",
            PYTHON,
            "--require-hashes",
            "-r",
            requirements,
        ]
        if subprocess.run(command, env=environment, cwd=PROJECT).returncode == 0:
            return
    if subprocess.run([*pip, requirements], env=environment, cwd=PROJECT).returncode:
        sys.exit(
            f"无法安装 {requirements}，请检查网络后重试。\n"
            f"{requirements} could not be installed; check the network and try again."
        )


if __name__ == "__main__":
    main()
