"""What a file is, by its first bytes: a name proves nothing."""

import zipfile
from typing import IO

TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "txt": "text/plain",
    "xml": "application/xml",
    "zip": "application/zip",
    "ofd": "application/ofd",
}
SAME = {"jpeg": "jpg"}
HEAD = 4096
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls
TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
MOST_ENTRIES = 10_000


def ending_of(name: str) -> str:
    """`pdf` for 合同.PDF; empty without one."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return SAME.get(ending, ending)


def matches(ending: str, file: IO[bytes]) -> bool:
    """True when the content of `file` is what `ending` says. Leaves the file at its start."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if ending in ("csv", "txt"):
        return _is_text(head)
    if ending in ("xlsx", "ofd", "zip"):
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and _holds(ending, file)
    return _starts_as(ending, head)


def _starts_as(ending: str, head: bytes) -> bool:
    if ending == "webp":
        return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if ending == "xml":
        text = _without_bom(head).lstrip()
        return _is_text(head) and text.startswith((b"<", b"<\x00", b"\x00<"))
    starts = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "xls": OLE}
    return ending in starts and head.startswith(starts[ending])


def _is_text(head: bytes) -> bool:
    # A program or an archive has zero bytes near its start; text in UTF-8 or GB18030 has none.
    return head.startswith(TEXT_BOMS) or b"\x00" not in head and not head.startswith((b"MZ", b"\x7fELF", b"PK\x03\x04"))


def _without_bom(head: bytes) -> bytes:
    for mark in TEXT_BOMS:
        head = head.removeprefix(mark)
    return head


def _holds(ending: str, file: IO[bytes]) -> bool:
    """The archive can be opened and holds the entry that makes it a workbook or an OFD document."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        return False
    finally:
        file.seek(0)
    if len(names) > MOST_ENTRIES:
        return False
    wanted = {"xlsx": "xl/workbook", "ofd": "OFD.xml"}.get(ending, "")
    return any(name.lstrip("/").startswith(wanted) for name in names) if wanted else True
