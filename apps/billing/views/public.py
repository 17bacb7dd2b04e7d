"""Pages for everybody: what it is, what it costs, terms and privacy."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.billing import offers
from apps.billing.forms import EstimateForm
from apps.billing.promises import PROMISES
from apps.billing.selectors.estimates import estimate
from apps.billing.selectors.public_pages import price_page
from kernel.clock import today
from kernel.http.request import Request, wants_fragment

BEGINNING = {"modules": [offer.module for offer in offers.OFFERS[:1]], "seats": 3, "interval": "month", "vouchers": 200}
TEN_THOUSAND = 10_000  # revenue is asked for in 万元


@require_GET
def home(request: Request) -> HttpResponse:
    """首页 with the price list and a calculator."""
    asked = "seats" in request.GET
    form = EstimateForm(request.GET if asked else None, initial=BEGINNING)
    context: dict[str, Any] = {"form": form}
    if asked and form.is_valid():
        context["estimate"] = _estimate(form.cleaned_data)
    elif not asked:
        context["estimate"] = _estimate({**BEGINNING, "yearly_revenue": None})
    if wants_fragment(request):
        return render(request, "billing/public/home.html#answer", context)
    return render(request, "billing/public/home.html", {**context, **price_page(today())})


def _estimate(data: dict[str, Any]) -> dict[str, Any]:
    revenue = data["yearly_revenue"]
    return estimate(
        today=today(),
        modules=data["modules"],
        seats=data["seats"],
        interval=data["interval"],
        usage={"finance.vouchers_posted": Decimal(data["vouchers"] or 0)},
        yearly_revenue=revenue * TEN_THOUSAND if revenue else None,
    )


@require_GET
def terms(request: Request) -> HttpResponse:
    """服务协议."""
    return render(request, "billing/public/terms.html", price_page(today()))


@require_GET
def privacy(request: Request) -> HttpResponse:
    """隐私政策 with the data promises."""
    return render(request, "billing/public/privacy.html", {"promises": PROMISES})
