"""What is remembered between pages, and what Jinja draws: quick, escaped, and never another company's."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.urls import NoReverseMatch, reverse, set_urlconf
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler
from jinja2 import UndefinedError

from kernel import figures
from kernel.clock import now
from kernel.links import link
from kernel.models import Notification
from tenants.context import tenant_context

AMOUNTS = [f"{kind}_{side}" for kind in ("opening", "ytd", "closing") for side in ("debit", "credit")]
LINE = SimpleNamespace(level=1, code="1403", name="<b>法兰</b>", debit=0, credit=0, **dict.fromkeys(AMOUNTS, 0))
SPAN = SimpleNamespace(first="2026-01", last="2026-03")


def page(source: str, **context: object) -> str:
    return engines["django"].from_string(CottonCompiler().process(source)).render(context)


def test_a_drawn_row_is_escaped():
    drawn = page(
        '{% drawn "finance/report/_trial_rows.jinja" rows=rows totals=sums span=span %}',
        rows=[LINE],
        sums=LINE,
        span=SPAN,
    )

    assert "&lt;b&gt;法兰&lt;/b&gt;" in drawn
    assert "<b>" not in drawn
    assert "?account=1403&amp;from=2026-01&amp;to=2026-03" in drawn


def test_a_drawn_part_sees_only_what_it_is_given():
    with pytest.raises(UndefinedError, match="span"):
        page('{% drawn "finance/report/_trial_rows.jinja" rows=rows totals=sums %}', rows=[LINE], sums=LINE, span=SPAN)


def test_a_page_speaks_the_language_of_each_reader():
    template = engines["django"].from_string(
        '{% trans "草稿" %} {% trans "草稿" as word %}{{ word }} {% trans other %}'
    )

    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.append(template.render({"other": "已审核"}))

    assert said == ["草稿 草稿 已审核", "Draft Draft Reviewed", "草稿 草稿 已审核"]


def test_an_address_belongs_to_its_site():
    """The company's pages and the operator's are two tables; a name of one is unknown in the other."""
    assert link("finance:voucher", 12) == reverse("finance:voucher", args=[12]) == "/finance/vouchers/12/"
    set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
    try:
        with pytest.raises(NoReverseMatch):
            link("finance:voucher", 12)
    finally:
        set_urlconf(None)


def test_an_unknown_address_is_an_error_unless_it_is_asked_for():
    assert page('{% url "nowhere" as there %}[{{ there }}]') == "[]"
    with pytest.raises(NoReverseMatch):
        page('{% url "nowhere" %}')


def test_one_statement_serves_every_company_with_its_own_figures(hongda, hengxin, alice):
    """Charlie's company asks the very statement that Alice's company asked, and hears of its own rows only."""
    statement = figures.written(counts={"unread": Notification.objects.filter(read_at=None)})
    with tenant_context(hongda):
        before = statement.ask()["unread"]
        Notification.objects.create(user_id=alice.user_id, kind="short", message="M6-BOLT 缺料", created_at=now())
        after = statement.ask()["unread"]

    with tenant_context(hengxin):
        elsewhere = statement.ask()["unread"]

    assert (after - before, elsewhere) == (1, 0)
