"""期末结账: the checklist, the steps that mend it, closing and reopening."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.finance.domain.checklist import Checklist, ChecklistItem
from apps.finance.domain.periods import Period as Month
from apps.finance.forms import ReasonForm, month_or_none
from apps.finance.models import Book, Period
from apps.finance.selectors.account_names import names_by_code
from apps.finance.selectors.close_pages import first_open, periods, step_vouchers
from apps.finance.selectors.periods import of_month
from apps.finance.services import close_period, reopen_period, run_step
from apps.finance.services.checklist import build_checklist, count_for
from apps.finance.services.ledger import standing_balances
from apps.finance.services.stock_facts import stock_accounts
from apps.finance.services.stock_ties import stock_ties
from apps.finance.views.common import act, needs_book, period_label, show
from kernel.clock import now
from kernel.http.gates import require_module
from kernel.http.request import Request

WORDS = {
    "ok": gettext_lazy("通过"),
    "todo": gettext_lazy("未通过"),
    "blocked": gettext_lazy("未通过"),
    "warning": gettext_lazy("提醒"),
    "not_needed": gettext_lazy("无需处理"),
}
TONES = {"ok": "green", "todo": "red", "blocked": "red", "warning": "orange", "not_needed": "grey"}
STEPS = {"profit_transfer": gettext_lazy("结转损益"), "year_profit": gettext_lazy("年结本年利润")}
_ACCOUNT_OF = {"overhead_cleared": "4101", "cost_of_sales_done": "5401", "vat_transferred": "222101"}


@require_module("finance", "finance.view")
@require_GET
@needs_book()
def close_page(request: Request, book: Book) -> HttpResponse:
    """One list with buttons for the month chosen, else for the first open one."""
    rows = periods()
    due = first_open(rows)
    month = month_or_none(request.GET.get("period")) or due or book.start
    period = of_month(month, rows)
    counts = count_for(book, period)
    found = build_checklist(book, period, counts)
    failed = any(item.status in ("todo", "blocked") for item in found.items)
    context = {
        "month": month, "month_label": period_label(month), "view": counts, "items": _items(found, month, due),
        "failed": failed, "closed": period.is_closed, "months": _months(month, rows),
        "steps": _steps(found, month), "vouchers": step_vouchers(period), "form": ReasonForm(),
    }  # fmt: skip
    return show(request, "finance/close/close.html", context)


def _items(found: Checklist, month: Month, due: Month | None) -> list[dict[str, Any]]:
    return [
        {
            "title": _(item.title), "word": WORDS[item.status], "tone": TONES[item.status],
            "detail": _detail(item),
            "url": _way(item, month, due) if item.status in ("todo", "blocked", "warning") else "",
        }
        for item in found.items
    ]  # fmt: skip


def _detail(item: ChecklistItem) -> str:
    if item.status not in ("todo", "blocked", "warning") or not item.count:
        return ""
    return ngettext("还有 %(count)s 项", "还有 %(count)s 项", item.count) % {"count": item.count}


def _way(item: ChecklistItem, month: Month, due: Month | None) -> str:
    """Where an item is mended; `due` is the first open month."""
    span = f"from={month}&to={month}"
    ways = {
        "no_unposted_vouchers": f"{reverse('finance:voucher-list')}?{span}",
        "trial_balance_balanced": f"{reverse('finance:trial-balance')}?{span}",
        "numbers_without_gap": f"{reverse('finance:voucher-list')}?{span}&state=posted",
        "cash_never_negative": f"{reverse('finance:journal')}?{span}",
        "facts_waiting": f"{reverse('finance:facts')}?state=waiting&from={month.first_day}&to={month.last_day}",
        "stock_ties_to_ledger": f"{reverse('finance:stock-ledger')}?period={month}",
        "cash_flow_untagged": f"{reverse('finance:cash-flow')}?period={month}",
    }
    if item.code == "earlier_periods_closed":
        return f"{reverse('finance:close')}?period={due or month}"
    if item.code in _ACCOUNT_OF:
        return f"{reverse('finance:account-ledger')}?account={_ACCOUNT_OF[item.code]}&{span}"
    return ways.get(item.code, f"#step-{item.step}" if item.step else reverse("finance:voucher-list"))


def _steps(found: Checklist, month: Month) -> list[dict[str, Any]]:
    wanted = ["profit_transfer"] + (["year_profit"] if month.is_december else [])
    open_steps = {item.step for item in found.items if item.status == "todo"}
    return [{"key": step, "words": STEPS[step], "due": step in open_steps} for step in wanted]


def _months(month: Month, rows: list[Period]) -> list[dict[str, Any]]:
    return [
        {"value": str(row), "month": row.month, "closed": row.is_closed, "current": row.as_month == month,
         "state": row.get_state_display()}
        for row in rows if row.year == month.year
    ]  # fmt: skip


@require_module("finance", "finance.view")
@require_GET
@needs_book()
def stock_ledger(request: Request, book: Book) -> HttpResponse:
    """存货与账面核对: each stock account beside the value of what lies in stock at the end of the month."""
    month = month_or_none(request.GET.get("period")) or first_open() or book.start
    ties = stock_ties(month, standing_balances("14", at=month.index), chosen=stock_accounts())
    names = names_by_code()
    rows = [{"tie": tie, "name": names[tie.account].name if tie.account in names else ""} for tie in ties or []]
    context = {"month": month, "month_label": period_label(month), "rows": rows, "kept": ties is not None}
    return show(request, "finance/close/stock.html", context)


def _back(month: Month) -> str:
    return f"{reverse('finance:close')}?period={month}"


def _asked(request: Request) -> Month:
    return month_or_none(request.POST.get("period")) or first_open() or Month.of(now().date())


@require_module("finance", "finance.view", write="finance.prepare")
@require_POST
def step(request: Request, name: str) -> HttpResponse:
    """Run a step: it drafts, a person reviews and posts."""
    month = _asked(request)
    return act(
        request, _back(month), lambda: run_step(step=name, period=str(month), actor=request.member, at=now()),
        lambda made: _("已生成 %(count)s 张结转凭证，请审核后记账") % {"count": len(made)}
        if made else _("没有需要结转的余额"),
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.close")
@require_POST
def close(request: Request) -> HttpResponse:
    """结账."""
    month = _asked(request)
    return act(
        request, _back(month), lambda: close_period(period=str(month), actor=request.member, at=now()),
        lambda row: _("%(period)s 已结账") % {"period": period_label(month)},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.reopen")
@require_POST
def reopen(request: Request) -> HttpResponse:
    """反结账, with a reason for the log."""
    month, form = _asked(request), ReasonForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "month": month, "month_label": period_label(month)}
        return show(request, "finance/close/_reopen.html", context, status=422)
    reason = form.cleaned_data["reason"]
    return act(
        request, _back(month), lambda: reopen_period(period=str(month), reason=reason, actor=request.member),
        lambda row: _("%(period)s 已反结账") % {"period": period_label(month)},
    )  # fmt: skip


def index(request: Request) -> HttpResponse:
    """`/finance/` leads to the vouchers."""
    return HttpResponseRedirect(reverse("finance:voucher-list"))
