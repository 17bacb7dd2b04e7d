"""English is complete: every text that is marked for translation stands in a catalogue, with the same placeholders."""

import re
from collections import defaultdict
from functools import lru_cache

import pytest

from tenants.embedded.messages import CONTEXT_END, read_catalogue
from tests.english.messages import ROOT, messages

pytestmark = pytest.mark.xdist_group("sources")  # they are read once, by one worker
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
PARTS = ("kernel", "tenants", "billing", "masterdata", "finance", "inventory", "production", "supply", "config")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (*ROOT.glob("apps/*/locale/en/LC_MESSAGES/django.po"), ROOT / "locale/en/LC_MESSAGES/django.po"):
        for key, text in read_catalogue(path).items():
            found[key.partition("\0")[0]] = text.partition("\0")[0]
    return found


@lru_cache(maxsize=1)
def by_part() -> dict[str, dict[str, str]]:
    """Part of the product -> message as its key -> the file that says it."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (context, text), path in messages().items():
        names = set(path.split("/"))
        part = next((part for part in PARTS if part in names), "kernel")
        found[part][f"{context}{CONTEXT_END}{text}" if context else text] = path
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_marked_text_has_its_english(part):
    missing = {text: path for text, path in by_part()[part].items() if text not in catalogue()}

    assert missing == {}


def test_what_is_filled_in_is_the_same_in_both_languages():
    known = {key.rpartition(CONTEXT_END)[2]: text for key, text in catalogue().items() if key}
    odd = [key for key, text in known.items() if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(key))]

    # A Chinese word in braces is an illustration that people type, not something that is filled in.
    assert [key for key in odd if not re.search(r"\{[^}a-z]", key)] == []


def test_the_scanner_sees_what_people_write():
    found = messages()

    assert len(found) > 1500
    assert ("one", "物料") in found  # pgettext_lazy in Python
    assert found[("", "选择凭证 #%(number)s")].endswith(".jinja")
    assert found[("", "等 %(n)s 项")].endswith((".jinja", ".html"))  # ngettext
    assert any("%(n)s" in text for _context, text in found)  # a variable of a template
