"""Turns a workbook into lines of JSON in a process of its own: `python workbook_child.py IN OUT ROWS COLUMNS BYTES`.

A hostile workbook can ask its reader for any amount of memory; here it meets the limits of this process and no other.
Runs without Django. The last line of OUT is {"end": reason}: ok, unreadable, protected, too_many_rows,
too_many_columns, too_much_text.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import python_calamine

try:
    import resource
except ImportError:  # Windows has no such limits; the supervisor's own ones apply
    resource = None  # type: ignore[assignment]

MEMORY = 1536 * 1024 * 1024
SECONDS = 120
LONGEST_CELL = 32_767


def main(source: str, target: str, rows: int, columns: int, size: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open(target, "w", encoding="utf-8") as out:
        end = _convert(source, out, rows, columns, size)
        out.write(json.dumps({"end": end}) + "\n")


def _convert(source: str, out: Any, most_rows: int, most_columns: int, most_bytes: int) -> str:
    try:
        book = python_calamine.load_workbook(source)
        sheet = book.get_sheet_by_index(0)
    except python_calamine.PasswordError:
        return "protected"
    except Exception:  # noqa: BLE001  # whatever the parser stumbles over, the file cannot be read
        return "unreadable"
    if sheet.width > most_columns:
        return "too_many_columns"
    filled = written = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_text(cell) for cell in cells]
        if not any(values):
            continue
        filled += 1
        if filled > most_rows + 1:
            return "too_many_rows"
        line = json.dumps([number, values], ensure_ascii=False)
        written += len(line)
        if written > most_bytes:
            return "too_much_text"
        out.write(line + "\n")
    return "ok"


def _text(cell: Any) -> str:
    """A cell as Excel shows its value: 15 digits, no exponent, ISO dates."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()[:LONGEST_CELL]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
