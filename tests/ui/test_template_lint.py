"""What no template may contain: inline scripts and styles, spellings of htmx 2, half-width punctuation in Chinese."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path
    for folder in (ROOT / "templates", *ROOT.glob("apps/*/templates"))
    for kind in ("*.html", "*.jinja")
    for path in folder.rglob(kind)
)
ON_PAPER = re.compile(r"/(print|pdf|paper|mail)s?/")  # WeasyPrint and mail take their styles along
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=[\"']application/json))", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "htmx 2 spelling": re.compile(
        r"hx-disabled-elt|hx-disinherit|hx-ext=|hx-vars|hx-history-elt"
        r"|htmx:(?:afterSwap|beforeSwap|afterSettle|configRequest|afterRequest|beforeRequest|responseError|sendError)"
    ),
    "hx-on": re.compile(r"\bhx-on[:=-]"),
    "js: value": re.compile(r"hx-[a-z-]+\s*=\s*[\"']\s*(?:js|javascript):"),
    "trigger filter": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\["),
    "boost": re.compile(r"\bhx-boost\b"),
    "native confirm": re.compile(r"\bhx-confirm\b"),
    "foreign address": re.compile(r"(?:src|href)\s*=\s*[\"']https?://(?!www\.w3\.org)[^\"']*\.(?:js|css|woff2?)\b"),
}
CHINESE = r"[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(
    rf"{CHINESE}[,;:!?]|{CHINESE}\.(?![\w{{])|{CHINESE}\.\.\.|{CHINESE}\([^)]*\)|\([^)]*{CHINESE}[^)]*\)"
)
BUTTON = re.compile(r"<button\b[^>]*>", re.DOTALL)


def source(path: Path) -> str:
    """The template without its comments and template tags' arguments that never reach a page."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", "", text)
    return re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", text, flags=re.DOTALL)


def words(text: str) -> str:
    """What people read: no tags' logic, only literals of translations and plain text."""
    literals = re.findall(r"\{%\s*trans\s+\"([^\"]*)\"|\{%\s*trans\s+'([^']*)'", text)
    literals += re.findall(r"\b_\(\"([^\"]*)\"()\)", text)  # as Jinja says it
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    return "\n".join([plain, *(one or other for one, other in literals)])


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_obeys_the_page_rules(path):
    if ON_PAPER.search(str(path)):
        return
    text = source(path)

    broken = {name: match.group(0) for name, rule in FORBIDDEN.items() if (match := rule.search(text))}

    assert not broken


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_has_full_width_punctuation(path):
    assert not HALF_WIDTH.findall(words(source(path)))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_button_says_whether_it_submits(path):
    silent = [tag for tag in BUTTON.findall(source(path)) if "type=" not in tag]

    assert not silent


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_post_forms_carry_the_token_and_work_without_a_script(path):
    text = source(path)

    for form in re.findall(r"<form\b.*?</form>|<form\b[^>]*>", text, flags=re.DOTALL):
        head = form.partition(">")[0] + ">"
        if "hx-post" in head:
            assert 'method="post"' in head, f"{path.name}: an hx form needs method and action: {head}"
            assert "action=" in head, f"{path.name}: an hx form needs method and action: {head}"
        if 'method="post"' in head and "</form>" in form:
            assert "csrf_token" in form, f"{path.name}: no csrf_token in {head}"
