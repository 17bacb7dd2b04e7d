"""See that the libraries for printing (Pango, HarfBuzz) and a Chinese font are there, or install them as root."""

import ctypes.util
import os
import shutil
import subprocess
import sys

LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig", "fonts-noto-cjk")


def main() -> None:
    """Exit 1 with a sentence when something is missing and cannot be installed."""
    if not _missing():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", *command], env=environment, stdin=subprocess.DEVNULL)
    missing = _missing()
    if missing:
        sys.exit(
            f"缺少打印所需的组件：{'、'.join(missing)}。请安装：{' '.join(PACKAGES)}\n"
            f"Missing for printing: {', '.join(missing)}. Install: {' '.join(PACKAGES)}"
        )


def _missing() -> list[str]:
    missing = [name for name in LIBRARIES if ctypes.util.find_library(name) is None]
    return missing if _has_chinese_font() else [*missing, "中文字体 (a Chinese font)"]


def _has_chinese_font() -> bool:
    program = shutil.which("fc-list")
    if program is None:
        return False
    fonts = subprocess.run([program, ":lang=zh-cn", "family"], capture_output=True, text=True)
    return bool(fonts.stdout.strip())


if __name__ == "__main__":
    main()
