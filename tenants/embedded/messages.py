"""Translation catalogues: reading `.po`, writing `.mo`. So that nobody needs gettext to start the product.

Formats: the GNU gettext manual, chapters "The Format of PO Files" and "The Format of GNU MO Files".
"""

import ast
import struct
from pathlib import Path

MAGIC = 0x950412DE
CONTEXT_END = "\x04"


class _Entry:
    """One message while its lines are read."""

    def __init__(self) -> None:
        self.fuzzy = False
        self.parts: dict[str, str] = {}
        self.part = ""

    def add(self, key: str, text: str) -> None:
        if key:
            self.part = key
        self.parts[self.part] = self.parts.get(self.part, "") + text

    def identity(self) -> str:
        text = self.parts.get("msgid", "")
        if "msgctxt" in self.parts:
            text = self.parts["msgctxt"] + CONTEXT_END + text
        return text + ("\0" + self.parts["msgid_plural"] if "msgid_plural" in self.parts else "")

    def translation(self) -> str:
        """Empty unless every form is translated."""
        forms = [text for key, text in self.parts.items() if key.startswith("msgstr")]
        return "\0".join(forms) if all(forms) else ""


def read_catalogue(path: Path) -> dict[str, str]:
    """Messages of a `.po` file and their translations; fuzzy, obsolete and empty ones are left out.

    Raises ValueError with file and line when a line is not understood.
    """
    entries = [_Entry()]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            _read_line(entries, line.strip())
        except (ValueError, SyntaxError) as error:
            raise ValueError(f"{path}:{number}: {line.strip()!r} is not understood") from error
    found = {}
    for entry in entries:
        usable = "msgid" in entry.parts and entry.translation()
        if usable and (not entry.fuzzy or not entry.identity()):
            found[entry.identity()] = entry.translation()
    return found


def _read_line(entries: list[_Entry], line: str) -> None:
    begins = line.startswith(("#", "msgctxt", "msgid ", 'msgid"'))
    if begins and any(key.startswith("msgstr") for key in entries[-1].parts):
        entries.append(_Entry())
    if line.startswith("#,"):
        entries[-1].fuzzy = "fuzzy" in line
    elif line.startswith('"'):
        entries[-1].add("", _text(line))
    elif line and not line.startswith("#"):
        key, _, text = line.partition(" ")
        if not key.startswith(("msgctxt", "msgid", "msgstr")):
            raise ValueError(key)
        entries[-1].add(key, _text(text.strip()))


def _text(quoted: str) -> str:
    text = ast.literal_eval(quoted)
    if not isinstance(text, str):
        raise ValueError(quoted)
    return text


def write_catalogue(messages: dict[str, str]) -> bytes:
    """The `.mo` form of a catalogue: a sorted table of messages, then one of translations."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    header = struct.Struct("<7I")
    keys_at = header.size
    texts_at = keys_at + 8 * len(pairs)
    data_at = texts_at + 8 * len(pairs)
    tables, data = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<2I", len(pair[column]), data_at + len(data))
            data += pair[column] + b"\0"
    return header.pack(MAGIC, 0, len(pairs), keys_at, texts_at, 0, data_at) + tables + data
