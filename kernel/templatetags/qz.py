"""Tags and filters of every page: icons, money, quantities, a company's own words, form controls."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.template import engines
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from kernel.assets import keys
from kernel.devices import device_text

register = template.Library()

CENT = Decimal("0.01")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TONES = {
    "grey": "草稿 未开始 未结账 排队中 已关闭 已取消 已作废 已拒绝 已暂停 暂停 已停用 无需处理",
    "blue": "已审核 已下达 生产中 进行中 已确认 部分发货 部分收货 部分付款 试用中 变更中 运行中",
    "orange": "待确认 已还价 待核对 待付款 取消中 逾期 提醒 待处理 待审核",
    "green": "已记账 已入库 已出库 已调拨 已发货 已收货 已完工 已完成 已付清 已开通 已结账 通过 正常 已启用",
    "red": "延误 失败 只读 已红冲 未通过 需处理 已过期",
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the sprite; it says nothing to a screen reader, the words beside it do."""
    href = f"{static('vendor/icons.svg')}#{name}"
    return format_html('<svg class="q-i {}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@register.simple_tag
def spark(values: Sequence[Any], width: int = 92, height: int = 30) -> SafeString | str:
    """A spark line of at least two figures; decoration only, the figure itself stands beside it."""
    numbers = [float(value) for value in values or ()]
    if len(numbers) < 2:
        return ""
    low, span = min(numbers), (max(numbers) - min(numbers)) or 1.0
    step = (width - 4) / (len(numbers) - 1)
    dots = [(i * step, 3 + (height - 8) * (1 - (n - low) / span)) for i, n in enumerate(numbers)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    return format_html(
        '<svg class="q-spark" viewBox="0 0 {w} {h}" aria-hidden="true"><polygon points="0,{h} {line} {x},{h}"/>'
        '<polyline points="{line}"/><circle cx="{x}" cy="{y}" r="2.6"/></svg>',
        w=width,
        h=height,
        line=line,
        x=f"{dots[-1][0]:.1f}",
        y=f"{dots[-1][1]:.1f}",
    )


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter
def amount(value: Any) -> str:
    """CNY to the fen with separators for ledgers and reports; zero and nothing are blank, `-` before red figures."""
    number = _decimal(value)
    return f"{number.quantize(CENT, ROUND_HALF_UP):,}" if number else ""


@register.filter
def money(value: Any) -> str:
    """`¥1,234.50`, zero shown; for totals, prices and bills."""
    number = (_decimal(value) or Decimal(0)).quantize(CENT, ROUND_HALF_UP)
    return f"-¥{-number:,}" if number < 0 else f"¥{number:,}"


@register.filter
def qty(value: Any) -> str:
    """A quantity or rate without trailing zeros, with separators; nothing is blank."""
    number = _decimal(value)
    if number is None:
        return ""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def price(value: Any) -> str:
    """A price for one unit: to the fen at least, finer where it was agreed finer; nothing is blank."""
    text = qty(value)
    whole, _dot, rest = text.partition(".")
    return f"{whole}.{rest:0<2}" if text else ""


@register.filter
def tail(name: Any) -> str:
    """The last word of a name, which tells a size from its sisters: 法兰盘 DN50 → DN50; at most six characters."""
    words = str(name or "").split()
    return words[-1][-6:] if words else ""


@register.filter
def named(code: Any, names: Any) -> str:
    """The name of a code where `names` ({code: name}) knows one."""
    return str(names.get(code, code) if names else code)


@register.filter
def person(name: Any) -> SafeString | str:
    """Who did it; a posting rule (`rule:STD-SELL@1`) reads 自动生成, the system is named in the reader's language."""
    text = str(name or "")
    return _("自动生成") if text.startswith("rule:") else _("系统") if text == "系统" else data(name)


@register.filter
def device(user_agent: Any) -> str:
    """The browser of a signed-in device."""
    return device_text(str(user_agent or ""))


@register.filter
def neg(value: Any) -> str:
    """Class of a red figure, for `class="q-num {{ line.amount|neg }}"`."""
    return "q-neg" if (_decimal(value) or 0) < 0 else ""


@register.filter
def data(value: Any) -> SafeString | str:
    """A company's own words. On English pages Chinese ones are marked, so that they are read and drawn as Chinese."""
    text = "" if value is None else str(conditional_escape(value))
    if (get_language() or "").startswith("en") and CHINESE.search(text):
        return format_html('<bdi lang="zh-CN">{}</bdi>', SafeString(text))
    return SafeString(text)


@register.filter
def tone(word: Any) -> str:
    """Colour of a state word, in the source language or already translated: grey, blue, orange, green or red."""
    text = str(word)
    return TONE_OF.get(text) or _translated_tones(get_language() or "").get(text, "grey")


@lru_cache(maxsize=4)
def _translated_tones(language: str) -> dict[str, str]:
    return {gettext(source): tone for source, tone in TONE_OF.items()}


@register.filter
def kind(field: BoundField) -> str:
    """How a form field is laid out: check, choices, file or line."""
    widget = field.field.widget
    name = type(widget).__name__
    if name == "CheckboxInput":
        return "check"
    if name in ("RadioSelect", "CheckboxSelectMultiple"):
        return "choices"
    return "file" if getattr(widget, "needs_multipart_form", False) else "line"


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The widget of a bound field; ids, aria-invalid and aria-describedby come from Django."""
    given = {key.replace("_", "-"): value for key, value in attrs.items() if value not in ("", None, False)}
    return field.as_widget(attrs=given)


@register.simple_tag
def drawn(name: str, **seen: Any) -> SafeString:
    """A part of the page that Jinja draws; it sees only what it is given: `kernel.jinja`."""
    return mark_safe(engines["jinja"].get_template(name).render(seen))  # noqa: S308  # Jinja escapes


@register.simple_tag
def shortcut_groups() -> list[Any]:
    """Shortcuts by page for the dialog 键盘快捷键."""
    return list(keys.groups())
