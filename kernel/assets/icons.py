"""The icon sprite: which names pages use, and one SVG of exactly those."""

import json
import re
import tempfile
from html import escape
from pathlib import Path

from kernel.assets import sources

IN_TEMPLATES = re.compile(r"""(?:\{%\s*icon\s+["']|\bicon=["'])([a-z0-9-]+)["']""")
IN_PYTHON = re.compile(r"""\bicon["']?\s*[=:]\s*["']([a-z0-9-]+)["']""")
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)".*?</symbol>')
COMPUTED = {
    "home",
    "receipt",
    "receipt-yuan",
    "box",
    "scan",
    "calendar-time",
    "menu-2",
}  # chosen by kernel.menu at run time
PYTHON_ROOTS = ("kernel", "tenants", "apps", "config")

Nodes = list[tuple[str, dict[str, str]]]


def names_in_use(root: Path) -> set[str]:
    """Icon names written in templates and, as `icon="…"`, in Python."""
    names: set[str] = set(COMPUTED)
    for path in (root / "templates").rglob("*.html"):
        names.update(IN_TEMPLATES.findall(path.read_text(encoding="utf-8")))
    for folder in PYTHON_ROOTS:
        for path in (root / folder).rglob("*.py"):
            names.update(IN_PYTHON.findall(path.read_text(encoding="utf-8")))
    return names


def sprite_path() -> Path:
    return sources.vendor_dir() / sources.read_assets()["icons"]["sprite"]


def names_in_sprite() -> set[str]:
    path = sprite_path()
    return set(SYMBOL.findall(path.read_text(encoding="utf-8"))) if path.exists() else set()


def symbol(name: str, nodes: Nodes) -> str:
    """One `<symbol>`; strokes and colours come from the page's style sheet."""
    shapes = "".join(_shape(tag, attrs) for tag, attrs in nodes)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def _shape(tag: str, attrs: dict[str, str]) -> str:
    words = " ".join(f'{key}="{escape(str(value))}"' for key, value in attrs.items() if key != "key")
    return f"<{tag} {words}/>"


def build_sprite(names: set[str]) -> str:
    """The sprite of `names`, sorted. Raises AssetProblem naming every icon that does not exist."""
    icons = sources.read_assets()["icons"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = sources.unpack(icons["name"], icons["version"], Path(scratch))
        known: dict[str, Nodes] = json.loads((folder / icons["outline"]).read_text(encoding="utf-8"))
        licence, _ = sources.licence_of(folder)
    unknown = sorted(names - known.keys())
    if unknown:
        raise sources.AssetProblem(f"no such icon in {icons['name']} {icons['version']}: {', '.join(unknown)}")
    body = "\n".join(symbol(name, known[name]) for name in sorted(names))
    note = f"<!-- {icons['name']} {icons['version']}, {licence} licence -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{note}\n{body}\n</svg>\n'
