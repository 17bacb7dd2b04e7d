"""The operator's companies and subscriptions: look, extend a trial, change terms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.billing import offers
from apps.billing.forms import TermsDaysForm, UntilForm
from apps.billing.models import Subscription
from apps.billing.selectors import company_file, operator
from apps.billing.services import accounts, dunning, subscriptions
from apps.billing.views.common import back, operator_page, page_of, show
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.http.request import Request

STATES = ("trialing", "active", "past_due", "read_only", "suspended", "canceling", "closed")


@operator_page
@require_GET
def tenant_list(request: Request) -> HttpResponse:
    """企业: state, modules, MRR, receivable, last use."""
    text, state = request.GET.get("q", "").strip()[:100], request.GET.get("state", "")
    page = page_of(request, operator.tenants(search=text, state=state if state in STATES else ""))
    states = [("", _("全部"), None)] + [(code, offers.SUBSCRIPTION_WORDS[code][0], None) for code in STATES]
    context = {"page": page, "rows": company_file.list_rows(list(page)), "q": text, "state": state, "states": states}
    return show(request, "operator/tenants.html", context, fragment="table")


@operator_page
@require_GET
def tenant_page(request: Request, slug: str) -> HttpResponse:
    """One company's file."""
    return _file(request, slug)


def _file(request: Request, slug: str, **forms: Any) -> HttpResponse:
    context = company_file.tenant_page(slug, today())
    account = context["account"]
    context |= {
        "trial_form": UntilForm(prefix="trial"),
        "pause_form": UntilForm(prefix="pause"),
        "terms_form": TermsDaysForm(initial={"terms_days": account.terms_days if account else 15}),
        **forms,
    }
    return render(request, "operator/tenant.html", context, status=422 if forms else 200)


def _verb(
    request: Request, slug: str, name: str, form: Form, act: Callable[[int, dict[str, Any]], Any]
) -> HttpResponse:
    """Run `act` on the company when the form is sound; else its file again with the form and what is wrong."""
    tenant = operator.tenant_by_slug(slug)
    if form.is_valid():
        try:
            act(tenant.pk, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("已保存。"))
            return back("operator:tenant", slug)
    return _file(request, slug, **{name: form})


@operator_page
@require_POST
def extend_trial(request: Request, slug: str) -> HttpResponse:
    """延长试用 to a day, with the reason."""

    def act(tenant_id: int, data: dict[str, Any]) -> None:
        subscriptions.extend_trial(tenant_id=tenant_id, at=now(), actor=request.member, **data)

    return _verb(request, slug, "trial_form", UntilForm(request.POST, prefix="trial"), act)


@operator_page
@require_POST
def set_terms(request: Request, slug: str) -> HttpResponse:
    """付款期限 of future invoices."""

    def act(tenant_id: int, data: dict[str, Any]) -> None:
        accounts.set_terms(tenant_id=tenant_id, at=now(), actor=request.member, **data)

    return _verb(request, slug, "terms_form", TermsDaysForm(request.POST), act)


@operator_page
@require_POST
def pause_dunning(request: Request, slug: str) -> HttpResponse:
    """暂停催收 to a day, with the reason."""

    def act(tenant_id: int, data: dict[str, Any]) -> None:
        dunning.pause(tenant_id=tenant_id, at=now(), actor=request.member, **data)

    return _verb(request, slug, "pause_form", UntilForm(request.POST, prefix="pause"), act)


@operator_page
@require_GET
def subscription_list(request: Request) -> HttpResponse:
    """订阅: everybody's, by the day of the next bill."""
    state = request.GET.get("state", "")
    rows = Subscription.objects.across_tenants().select_related("tenant").prefetch_related("items__price")
    rows = rows.filter(state=state) if state in STATES else rows.exclude(state="closed")
    page = page_of(request, rows.order_by("period_end", "trial_end", "id"))
    states = [("", _("全部"), None)] + [(code, offers.SUBSCRIPTION_WORDS[code][0], None) for code in STATES]
    context = {"page": page, "rows": [_subscription_row(row) for row in page], "state": state, "states": states}
    return show(request, "operator/subscriptions.html", context, fragment="table")


def _subscription_row(row: Subscription) -> dict[str, Any]:
    held = [item for item in row.items.all() if item.valid_to is None and item.item != "base"]
    return {
        "subscription": row,
        "word": offers.state(offers.SUBSCRIPTION_WORDS, row.state),
        "items": [(offers.item_words(item.item, item.price.name), item.quantity) for item in held],
        "next_on": row.trial_end if row.state == "trialing" else row.period_end,
    }
