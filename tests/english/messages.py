"""Every text that the code marks for translation, read from the sources: no gettext is needed to know them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2, "pgettext": -1,
         "pgettext_lazy": -1}  # fmt: skip
TRANS = re.compile(r"""\{%\s*(?:trans|translate)\s+(?:"([^"]*)"|'([^']*)')(?:\s+context\s+["']([^"']*)["'])?""")
BLOCK = re.compile(r"\{%\s*(?:blocktrans|blocktranslate)\b([^%]*)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
JINJA = re.compile(r"""\b(?:_|ngettext)\(\s*(?:"([^"]*)"|'([^']*)')\s*[,)]""")
VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
Message = tuple[str, str]  # (context, msgid)


def in_python(path: Path) -> Iterator[Message]:
    """Messages of one module, whatever name the call was imported under."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = dict(CALLS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname: CALLS[alias.name] for alias in node.names if alias.asname and alias.name in CALLS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kind := names.get(_name(node.func))):
            texts = [_text(argument) for argument in node.args[:2]]
            if kind == -1 and len(texts) == 2 and texts[0] is not None and texts[1] is not None:
                yield texts[0], texts[1]
            elif kind > 0 and texts and texts[0] is not None:
                yield "", texts[0]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else (node.attr if isinstance(node, ast.Attribute) else "")


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_template(path: Path) -> Iterator[Message]:
    """Messages of one template."""
    source = path.read_text(encoding="utf-8")
    for found in TRANS.finditer(source):
        yield found.group(3) or "", (found.group(1) or found.group(2) or "")
    for found in BLOCK.finditer(source):
        body = PLURAL.split(found.group(2))[0]
        if "trimmed" in found.group(1):
            body = " ".join(line.strip() for line in body.strip().splitlines())
        yield "", VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))


def in_jinja(path: Path) -> Iterator[Message]:
    """Messages of one part that Jinja draws."""
    for found in JINJA.finditer(path.read_text(encoding="utf-8")):
        yield "", found.group(1) or found.group(2) or ""


@cache
def messages() -> dict[Message, str]:
    """Every message with Chinese in it -> the file that says it first."""
    found: dict[Message, str] = {}
    sources = [path for folder in ("tenants", "kernel", "apps", "config") for path in (ROOT / folder).rglob("*.py")]
    templates = [path for folder in ("templates", "apps") for path in (ROOT / folder).rglob("*.html")]
    drawn = list((ROOT / "templates").rglob("*.jinja"))
    for read, paths in ((in_python, sources), (in_template, templates), (in_jinja, drawn)):
        for path in sorted(paths):
            for message in read(path):
                if any("\u3400" <= letter <= "\u9fff" for letter in message[1]):
                    found.setdefault(message, str(path.relative_to(ROOT)))
    return found
