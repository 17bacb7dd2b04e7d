"""What is drawn many times on a page is written in Jinja: rows of lists and the links of the menu.

Jinja compiles a template to Python, so a row costs some fifty microseconds where the page's own language costs a
thousand. A page names such a part by `{% drawn "finance/voucher/_rows.jinja" rows=rows %}`; it sees what it is
given, the filters of `kernel.templatetags.qz`, and `url`, `icon` and `_`. A name that it was not given is an error.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined

from kernel.links import link
from kernel.templatetags import qz


def environment(**options: Any) -> Environment:
    """The environment of `settings.TEMPLATES`; escaping is on, as everywhere."""
    made = Environment(**(options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}))  # noqa: S701  # Django's backend sets autoescape
    made.globals.update(_=word, ngettext=ngettext, url=link, icon=qz.icon)
    made.filters.update(
        amount=qz.amount,
        money=qz.money,
        qty=qz.qty,
        neg=qz.neg,
        data=qz.data,
        named=qz.named,
        tone=qz.tone,
        day=day,
        minute=minute,
        choice=choice,
        month_day=month_day,
    )
    return made


def word(text: Any) -> str:
    """`gettext`, remembered: a list says 借 and 贷 fifty times."""
    return _word(get_language(), str(text))


@lru_cache(maxsize=5000)
def _word(_language: str | None, text: str) -> str:
    return gettext(text)


def choice(row: Model, field: str) -> str:
    """The word for a choice of a row, as `get_…_display` gives it: `voucher|choice("state")`."""
    return _choice(get_language(), type(row), field, getattr(row, field))


@lru_cache(maxsize=1000)
def _choice(_language: str | None, model: type[Model], field: str, value: Any) -> str:
    choices = getattr(model._meta.get_field(field), "flatchoices", ())  # Django's public name for it
    return str(dict(choices).get(value, value))


def day(value: date | datetime | None) -> str:
    """`2026-03-04`; a moment is told in the company's time."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


def minute(value: datetime) -> str:
    """`2026-03-04 09:30` in the company's time."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def month_day(value: date | datetime | None) -> str:
    """`03-04`, for lists of one year."""
    return day(value)[5:]
