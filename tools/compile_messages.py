"""Compile the translations: `python tools/compile_messages.py`. Needs no gettext."""

import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tenants.embedded.prepared import compile_all  # noqa: E402  # the project's folder must be known first

if __name__ == "__main__":
    for path in compile_all(PROJECT):
        print(f"wrote {path.relative_to(PROJECT)}")
