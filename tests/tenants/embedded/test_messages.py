"""Catalogues compiled here are read by Python's gettext as those of the GNU tools are."""

import gettext
import os
from pathlib import Path

import pytest

from tenants.embedded.prepared import DatabaseMark, StaticStamp, compile_all

CATALOGUE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

# a note
#: apps/finance/views.py:17
msgid "凭证"
msgstr "Voucher"

msgctxt "stock"
msgid "凭证"
msgstr "Slip \"A\"\n"

msgid ""
"多行"
"文字"
msgstr ""
"several "
"lines"

#, python-format
msgid "%(n)s 张凭证"
msgid_plural "%(n)s 张凭证们"
msgstr[0] "%(n)s voucher"
msgstr[1] "%(n)s vouchers"

#, fuzzy
msgid "旧词"
msgstr "guess"

msgid "未译"
msgstr ""

#~ msgid "不用"
#~ msgstr "gone"
"""


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(CATALOGUE, encoding="utf-8")
    return tmp_path / "locale"


def test_texts_contexts_and_plurals(locale: Path):
    compile_all(locale.parent)

    words = gettext.translation("django", locale, ["en"])
    assert words.gettext("凭证") == "Voucher"
    assert words.pgettext("stock", "凭证") == 'Slip "A"\n'
    assert words.gettext("多行文字") == "several lines"
    assert words.ngettext("%(n)s 张凭证", "%(n)s 张凭证们", 3) == "%(n)s vouchers"


@pytest.mark.parametrize("word", ["旧词", "未译", "不用"])
def test_what_is_not_translated_stays_chinese(locale: Path, word: str):
    compile_all(locale.parent)

    assert gettext.translation("django", locale, ["en"]).gettext(word) == word


def test_a_second_run_writes_nothing_until_the_source_changes(locale: Path):
    source = locale / "en" / "LC_MESSAGES" / "django.po"
    written = compile_all(locale.parent)

    assert written == [source.with_suffix(".mo")]
    assert compile_all(locale.parent) == []
    os.utime(source, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns + 10**9))
    os.utime(written[0], (0, 0))
    assert compile_all(locale.parent) == written


def test_an_error_names_file_and_line(locale: Path):
    source = locale / "en" / "LC_MESSAGES" / "django.po"
    source.write_text('msgid "凭证"\nmsgstr "Voucher\n', encoding="utf-8")

    with pytest.raises(ValueError, match=r"django\.po:2"):
        compile_all(locale.parent)


def test_static_files_are_collected_again_only_after_a_change(tmp_path: Path):
    (tmp_path / "static").mkdir()
    (tmp_path / "staticfiles").mkdir()
    stamp = StaticStamp(tmp_path)
    assert not stamp.is_fresh()

    stamp.renew()

    assert stamp.is_fresh()
    (tmp_path / "static" / "q.css").write_text("body {}")
    assert not stamp.is_fresh()


def test_the_mark_of_the_code_changes_with_every_source_and_with_what_the_tables_depend_on(tmp_path: Path):
    for folder in ("apps/finance/sql", "kernel"):
        (tmp_path / folder).mkdir(parents=True)

    def mark(*of: str) -> str:
        return DatabaseMark(tmp_path, "postgresql://127.0.0.1:1/none", of).expected()

    before = mark("password")
    (tmp_path / "kernel" / "made.pyc").write_bytes(b"made by running")
    untouched = mark("password")
    (tmp_path / "apps" / "finance" / "sql" / "0001.sql").write_text("SELECT 1")

    assert untouched == before
    assert len({before, mark("password"), mark("another")}) == 3


def test_a_database_that_does_not_answer_tells_no_mark(tmp_path: Path):
    assert DatabaseMark(tmp_path, "postgresql://127.0.0.1:1/none", ()).stored() == ""
