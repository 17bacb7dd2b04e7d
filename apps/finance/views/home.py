"""The corner of finance on the home page: figures, what waits, first steps, a chart, and records for Ctrl+K."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Voucher
from apps.finance.selectors import home_figures, voucher_pages
from apps.finance.selectors.account_names import account_names, initials
from apps.finance.selectors.voucher_pages import VoucherFilter
from apps.finance.views.common import book_of, show
from kernel.clock import today
from kernel.http.gates import require_module
from kernel.http.request import Request
from tenants.rights import Member

WIDTH, HEIGHT, FOOT, LEFT = 720, 280, 26, 46
TEN_THOUSAND = Decimal(10_000)
HITS = 8


def _month() -> Month:
    return Month.of(today())


def _whole(value: Decimal) -> str:
    return f"{value:,.0f}"


def _tile(label: str, url: str, values: list[Decimal]) -> dict[str, Any]:
    now, before = values[-1], values[-2]
    tile: dict[str, Any] = {"label": label, "url": url, "unit": "¥", "value": _whole(now), "spark": values}
    if before > 0:
        change = (now - before) / before * 100
        tile |= {
            "change": f"{change:+.1f}%",
            "trend": "up" if change > 0 else "down" if change else "",
            "note": _("较上月"),
        }
    return tile


def cash_tile(member: Member) -> dict[str, Any] | None:
    """资金余额: cash and bank at the end of this month so far."""
    return _tile(_("资金余额"), f"{reverse('finance:journal')}?to={_month()}", home_figures.cash(_month()))


def revenue_tile(member: Member) -> dict[str, Any] | None:
    """本月收入."""
    values = [one.revenue for one in home_figures.earnings(_month())]
    return _tile(_("本月收入"), f"{reverse('finance:income-statement')}?period={_month()}", values)


def profit_tile(member: Member) -> dict[str, Any] | None:
    """本月利润."""
    values = [one.profit for one in home_figures.earnings(_month())]
    return _tile(_("本月利润"), f"{reverse('finance:income-statement')}?period={_month()}", values)


def waiting_tile(member: Member) -> dict[str, Any] | None:
    """待审核凭证."""
    count = home_figures.waiting().get(Voucher.State.DRAFT, 0)
    url = f"{reverse('finance:voucher-list')}?state=draft"
    return {"label": _("待审核凭证"), "url": url, "unit": "", "value": str(count), "trend": "warn" if count else "",
            "of": _("张"), "note": "" if count else _("全部处理完")}  # fmt: skip


def review_task(member: Member) -> dict[str, Any] | None:
    count = home_figures.waiting().get(Voucher.State.DRAFT, 0)
    text = ngettext("%(count)s 张凭证待审核", "%(count)s 张凭证待审核", count) % {"count": count}
    return _task(count, text, f"{reverse('finance:voucher-list')}?state=draft", "clipboard-check", "blue")


def post_task(member: Member) -> dict[str, Any] | None:
    count = home_figures.waiting().get(Voucher.State.REVIEWED, 0)
    text = ngettext("%(count)s 张凭证待记账", "%(count)s 张凭证待记账", count) % {"count": count}
    return _task(count, text, f"{reverse('finance:voucher-list')}?state=reviewed", "notebook", "blue")


def close_task(member: Member) -> dict[str, Any] | None:
    count = home_figures.pending(_month())["periods"]
    text = ngettext("%(count)s 个期间未结账", "%(count)s 个期间未结账", count) % {"count": count}
    return _task(count, text, reverse("finance:close"), "calendar-check", "orange")


def facts_task(member: Member) -> dict[str, Any] | None:
    count = home_figures.pending(_month())["facts"]
    text = ngettext("%(count)s 笔业务等待生成凭证", "%(count)s 笔业务等待生成凭证", count) % {"count": count}
    return _task(count, text, f"{reverse('finance:facts')}?state=open", "clock", "orange")


def _task(count: int, text: str, url: str, icon: str, tone: str) -> dict[str, Any] | None:
    if not count:
        return None
    return {"text": text, "module": _("财务"), "url": url, "icon": icon, "tone": tone}


def start_step(member: Member) -> dict[str, Any]:
    """First step: the book is set up and started."""
    book = home_figures.book()
    done = book is not None and book.state == Book.State.STARTED
    return {"text": _("建账并启用账套"), "url": reverse("finance:accounts"), "done": done}


def first_voucher_step(member: Member) -> dict[str, Any]:
    return {
        "text": _("录入第一张凭证"),
        "url": reverse("finance:voucher-new"),
        "done": bool(home_figures.pending(_month())["vouchers"]),
    }


@require_module("finance", "finance.view")
@require_GET
def panel(request: Request) -> HttpResponse:
    """收入、成本与利润: the last twelve months as a drawing and as a table for those who hear it."""
    months = home_figures.earnings(_month())
    return show(request, "finance/home/panel.html", {"months": months, "chart": _chart(months), "month": _month()})


def _chart(months: list[home_figures.MonthFigures]) -> dict[str, Any]:
    """Places of bars, line and axis; amounts in 万元."""
    values = [value for one in months for value in (one.revenue, one.costs, one.profit)]
    # A book without figures shows whole 万元; a very small one still shows its own.
    top = max([*values, Decimal(100)]) if any(values) else 5 * TEN_THOUSAND
    unit = _round_step(top)
    high = unit * (top / unit).to_integral_value(ROUND_CEILING)
    low = unit * (min([*values, Decimal(0)]) / unit).to_integral_value(ROUND_FLOOR)
    step = (WIDTH - LEFT) / len(months)
    scale = (HEIGHT - FOOT - 10) / float(high - low)

    def y(value: Decimal) -> float:
        return round(10 + float(high - value) * scale, 1)

    bars = [_bar(one, LEFT + index * step, step, y) for index, one in enumerate(months)]
    marks = [low + unit * count for count in range(int((high - low) / unit) + 1)]
    ticks = [{"y": y(value), "text": f"{(value / TEN_THOUSAND).normalize():f}"} for value in marks]
    line = " ".join(f"{bar['x'] + step / 2:.1f},{bar['profit_y']}" for bar in bars)
    return {
        "bars": bars,
        "ticks": ticks,
        "line": line,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "zero": y(Decimal(0)),
    }


def _round_step(highest: Decimal) -> Decimal:
    """A step of 1, 2 or 5 times a power of ten that cuts the height into five or fewer."""
    power = Decimal(10) ** (highest / 5).adjusted()
    return next(power * times for times in (1, 2, 5, 10) if power * times * 5 >= highest)


def _bar(one: home_figures.MonthFigures, x: float, step: float, y: Any) -> dict[str, Any]:
    zero, wide = y(Decimal(0)), round(step * 0.3, 1)
    english = (get_language() or "").startswith("en")
    return {
        "x": round(x, 1), "wide": wide, "second": round(x + step * 0.18 + wide, 1), "first": round(x + step * 0.16, 1),
        "revenue_y": min(y(one.revenue), zero), "revenue_h": round(abs(zero - y(one.revenue)), 1),
        "costs_y": min(y(one.costs), zero), "costs_h": round(abs(zero - y(one.costs)), 1),
        "profit_y": y(one.profit), "middle": round(x + step / 2, 1), "figures": one,
        "label": str(one.month.month) if english else f"{one.month.month}月",
    }  # fmt: skip


def search(text: str, member: Member) -> list[dict[str, str]]:
    """Vouchers and accounts for Ctrl+K."""
    if not member.can("finance.view"):
        return []
    wanted = text.casefold()
    accounts = [
        {"label": str(one), "detail": _("科目"), "icon": "list-numbers",
         "url": f"{reverse('finance:account-ledger')}?account={one.code}"}
        for one in account_names().values()
        if one.code.startswith(wanted) or wanted in one.name.casefold() or wanted in initials(one.name)
    ]  # fmt: skip
    rows = list(voucher_pages.vouchers(VoucherFilter(text=text))[:HITS])
    vouchers = [
        {"label": row.voucher.shown_number or f"#{row.voucher.pk}", "detail": row.summary, "icon": "receipt",
         "url": reverse("finance:voucher", args=[row.voucher.pk])}
        for row in voucher_pages.listed(rows)
    ]  # fmt: skip
    return [*accounts[: HITS // 2], *vouchers][:HITS]


def subtitle(request: HttpRequest) -> str:
    """Under the company's name: year and standard, once there are books."""
    if book_of(request) is None:
        return ""
    return _("%(year)s 年 · 小企业准则") % {"year": today().year}


def draft_badge(member: Member) -> int:
    """The count beside 凭证 in the menu."""
    return home_figures.waiting().get(Voucher.State.DRAFT, 0)
