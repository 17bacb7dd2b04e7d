"""应用与订阅: cards, the running bill, and changes that show their price before the click."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.billing import offers
from apps.billing.forms import ChangeForm, TermsForm
from apps.billing.models import Subscription, SubscriptionChange
from apps.billing.selectors import company_pages, subscriptions
from apps.billing.services import changes
from apps.billing.services import subscriptions as services
from apps.billing.services.changes import Preview, QuoteChanged
from apps.billing.views.common import back, company_page, show
from kernel.clock import now, today
from kernel.errors import DomainError, NotFound
from kernel.http.once import fresh_key
from kernel.http.request import Request, posted, wants_fragment


@company_page("billing.view")
@require_GET
def apps_page(request: Request) -> HttpResponse:
    """Four modules, each with its state and price; what this period costs and when the next invoice comes."""
    context = company_pages.apps_page(request.company.id, today())
    manages = request.member.can("billing.manage")
    asks = "" if manages else company_pages.who_manages(request.company.id)
    return render(request, "billing/apps.html", {**context, "can_manage": manages, "ask": asks})


@dataclass(frozen=True)
class _Dialog:
    """What a dialog is called and how its button says yes."""

    title: str
    confirm: str
    choices: tuple[tuple[str, str], ...] = ()


@company_page("billing.manage")
@require_GET
def change_dialog(request: Request) -> HttpResponse:
    """A dialog with the price of the change it begins with; looking changes nothing."""
    return _answer(request, ChangeForm(request.GET), key=fresh_key())


@company_page("billing.manage")
@require_GET
def change_preview(request: Request) -> HttpResponse:
    """The price alone, asked while the person types."""
    form = ChangeForm(request.GET)
    context = _priced(request, form) if form.is_valid() else {"refused": _first_error(form)}
    return render(request, "billing/change.html#price", context)


@company_page("billing.manage")
@require_POST
def change(request: Request) -> HttpResponse:
    """Confirm. The quote that the person saw binds; when anything moved, the new price is shown instead."""
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _answer(request, form, key=request.POST.get("key") or fresh_key(), status=422)
    data = form.cleaned_data
    try:
        row, _fresh = changes.change(
            tenant_id=request.company.id, steps=form.steps, quote=data["quote"], key=data["key"] or fresh_key(),
            at=now(), actor=request.member,
        )  # fmt: skip
    except QuoteChanged as error:
        return _answer(request, form, key=fresh_key(), said=error.message, status=409)
    except DomainError as error:
        form.add_error(None, error.message)
        return _answer(request, form, key=fresh_key(), status=422)
    messages.success(request, _done_words(row))
    return back("billing:apps")


def _done_words(row: SubscriptionChange) -> str:
    invoice = row.invoices.order_by("id").first()
    if invoice is None:
        return _("订阅已更新。")
    return _("订阅已更新，账单 %(number)s 共 ¥%(total)s。") % {"number": invoice, "total": f"{invoice.total:,.2f}"}


def _answer(request: Request, form: ChangeForm, *, key: str, said: str = "", status: int = 200) -> HttpResponse:
    """The dialog for htmx (its form alone after a press), the same form on a page without a script."""
    known = form.is_valid() or "do" in form.cleaned_data
    if not known:
        raise NotFound(_("没有这项变更。"))
    form.cleaned_data.setdefault("seats", None)
    context = {
        "form": form,
        "key": key,
        "said": said,
        "do": form.cleaned_data["do"],
        "item": form.cleaned_data.get("item", ""),
        **_priced(request, form),
    }
    context |= {"dialog": _dialog_of(request, form, context["subscription"])}
    part = "form" if request.method == "POST" else "dialog"
    template = "billing/change.html"
    return render(request, f"{template}#{part}" if wants_fragment(request) else template, context, status=status)


def _priced(request: Request, form: ChangeForm) -> dict[str, Any]:
    """Preview, or the sentence why there is none."""
    subscription = subscriptions.current(request.company.id)
    context: dict[str, Any] = {"subscription": subscription, "is_trial": subscription.period_start is None}
    if not form.is_valid():
        return {**context, "refused": _first_error(form)}
    try:
        preview = changes.preview(tenant_id=request.company.id, steps=form.steps, at=now())
    except DomainError as error:
        return {**context, "refused": error.message}
    data = form.cleaned_data
    interval = data["to"] if data["do"] == "change_interval" else subscription.next_interval or subscription.interval
    return {
        **context,
        "preview": preview,
        "do": data["do"],
        "days": _days(preview),
        "left": preview.net < 0,
        "yearly": interval == "year",
    }


def _days(preview: Preview) -> tuple[int, int] | None:
    """(billed days, days of the period) of the first prorated line."""
    parts = [(line.billed_days, line.period_days) for line in preview.lines if line.kind != "fixed"]
    return parts[0] if parts else None


def _first_error(form: ChangeForm) -> str:
    return next((str(texts[0]) for texts in form.errors.values()), "")


def _dialog_of(request: Request, form: ChangeForm, subscription: Subscription) -> _Dialog:
    do, item = form.cleaned_data["do"], form.cleaned_data.get("item", "")
    brand = offers.item_words(item)
    if do == "seats":
        return _Dialog(_("调整席位"), _("确认调整"))
    if do == "change_interval":
        return _Dialog(_("更改付款周期"), _("确认更改"))
    if do == "add":
        return _Dialog(_("开通%(brand)s") % {"brand": brand}, _("确认开通"))
    return _Dialog(_("管理%(brand)s") % {"brand": brand}, _("确认调整"), _ways(subscription, item))


def _ways(subscription: Subscription, item: str) -> tuple[tuple[str, str], ...]:
    """What can be done with a module that is held."""
    if subscription.scheduled.get(item) == 0:
        return (("keep", _("继续使用，不停用")), ("remove_now", _("立即停用，按天退回余额")))
    if subscription.period_start is None:
        return (("remove_now", _("立即停用，试用期内不收费")),)
    return (
        ("remove_at_period_end", _("用到本期结束，下期不再收费")),
        ("remove_now", _("立即停用，按天退回余额")),
    )


@company_page("billing.manage")
@require_http_methods(["GET", "POST"])
def terms(request: Request) -> HttpResponse:
    """接受服务条款: monthly bills from the end of the trial on; an expired trial goes on from today."""
    form = TermsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.accept_terms(tenant_id=request.company.id, at=now(), actor=request.member)
        messages.success(request, _("已确认，试用结束后不会中断。"))
        return back("billing:apps")
    context = company_pages.apps_page(request.company.id, today())
    part = "form" if form.is_bound else "dialog"
    status = 422 if form.is_bound else 200
    return show(request, "billing/terms.html", {**context, "form": form}, fragment=part, status=status)


@company_page("billing.manage")
@require_http_methods(["GET", "POST"])
def cancel(request: Request) -> HttpResponse:
    """退订: says what happens to access and data, then asks."""
    if request.method == "POST":
        services.cancel(tenant_id=request.company.id, at=now(), actor=request.member)
        messages.success(request, _("已退订。到期前可以随时恢复，数据一直可以导出。"))
        return back("billing:apps")
    context = company_pages.apps_page(request.company.id, today())
    return show(request, "billing/cancel.html", context, fragment="dialog")


@company_page("billing.manage")
@require_POST
def resume(request: Request) -> HttpResponse:
    """Take the cancellation back."""
    services.resume(tenant_id=request.company.id, at=now(), actor=request.member)
    messages.success(request, _("订阅已恢复。"))
    return back("billing:apps")
