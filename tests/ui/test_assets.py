"""Vendored files are what the manifest says, the sprite holds every icon in use, and our own files stay small."""

import gzip
import json
import re
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from kernel.assets import icons, sources

STATIC = Path(settings.BASE_DIR) / "static"
KB = 1024


def wire(*names):
    """Bytes on the wire of files sent as they are, each compressed alone."""
    return sum(len(gzip.compress((STATIC / name).read_bytes(), 9, mtime=0)) for name in names)


def manifest():
    return json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))


def test_vendored_files_are_unchanged():
    for package in manifest()["packages"]:
        for name, told in package["files"].items():
            content = (STATIC / "vendor" / name).read_bytes()

            assert sources.sha384(content) == told["sha384"], f"{name} was edited; run manage.py vendor_assets"
            assert len(content) == told["bytes"]


def test_manifest_and_assets_toml_name_the_same_packages():
    told = {(package["name"], package["version"]) for package in manifest()["packages"]}

    assert told == {(package.name, package.version) for package in sources.packages()}


def test_every_vendored_package_has_a_licence():
    assert all(package["licence"] and package["licence_text"] for package in manifest()["packages"])


def test_no_vendored_file_points_at_a_source_map():
    for path in (STATIC / "vendor").iterdir():
        assert b"sourceMappingURL=" not in path.read_bytes().splitlines()[-1]


def test_sprite_holds_every_icon_in_use(capsys):
    call_command("icon_sprite", check=True)

    assert "icons in use" in capsys.readouterr().out


def test_unknown_icon_is_found_in_templates_and_python(tmp_path):
    for folder in ("templates", "apps"):
        (tmp_path / folder).mkdir()
    (tmp_path / "templates" / "a.html").write_text('{% icon "home" %}<c-button icon="plus">x</c-button>')
    (tmp_path / "apps" / "a.py").write_text('NavItem(icon="ruler-measure")')

    assert icons.names_in_use(tmp_path) - icons.COMPUTED == {"plus", "ruler-measure"}


def test_style_sheets_are_within_10_kb_and_scripts_within_8_kb():
    assert wire("css/q.css") < 8.5 * KB
    assert wire("css/q.css", "css/q-work.css") < 11 * KB  # q-work.css only on pages of entry, schedule and scanning
    assert wire("js/q.js", "js/q-lookup.js") < 8 * KB


def test_style_sheets_run_on_chromium_109():
    for name in ("q.css", "q-work.css"):
        text = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / name).read_text(encoding="utf-8"), flags=re.DOTALL)

        assert not re.search(r"color-mix|oklch|light-dark\(|@scope|@layer|(?<![\w-])&", text)
        assert deepest_rule(text) == 1


def deepest_rule(text):
    """How deep style rules stand in each other; at-rules around them do not count."""
    deepest = 0
    stack: list[bool] = []
    for head, brace in re.findall(r"([^{}]*)([{}])", text):
        if brace == "}":
            stack.pop()
            continue
        stack.append(not head.split(";")[-1].strip().startswith("@"))
        deepest = max(deepest, sum(stack))
    return deepest


def test_own_classes_begin_with_q():
    for name in ("q.css", "q-work.css"):
        text = re.sub(
            r"/\*.*?\*/|url\([^)]*\)", "", (STATIC / "css" / name).read_text(encoding="utf-8"), flags=re.DOTALL
        )
        selectors = re.sub(r"\{[^{}]*\}", " ", text)

        strange = {one for one in re.findall(r"\.([a-zA-Z][\w-]*)", selectors) if not one.startswith(("q-", "htmx-"))}

        assert not strange
