"""用量: what was counted, what of it is free, what it costs so far; caps and alerts."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.billing.forms import LimitForm
from apps.billing.selectors import company_pages
from apps.billing.services.limits import set_limit
from apps.billing.views.common import back, company_page
from kernel.clock import now, today
from kernel.errors import DomainError, NotFound
from kernel.http.request import Request


@company_page("billing.view")
@require_GET
def usage_page(request: Request) -> HttpResponse:
    """Every meter with its allowance and the charge so far, up to this moment."""
    return render(request, "billing/usage.html", company_pages.usage_page(request.company.id, today=today(), now=now()))


@company_page("billing.view")
@require_GET
def meter_page(request: Request, meter: str) -> HttpResponse:
    """One meter by day, with the events behind the figure."""
    return _show_meter(request, meter, None)


def _show_meter(request: Request, meter: str, form: LimitForm | None) -> HttpResponse:
    context = company_pages.meter_page(request.company.id, meter=meter, today=today(), now=now())
    cap, alert = context["meter"]["cap"], context["alert"]
    initial = {
        "meter": meter,
        "amount": cap["amount"] if cap else None,
        "hard": bool(cap and cap["mode"] == "hard"),
        "thresholds": ", ".join(str(value) for value in alert.thresholds) if alert else "",
    }
    context |= {"form": form or LimitForm(initial=initial), "can_manage": request.member.can("billing.manage")}
    return render(request, "billing/meter.html", context, status=422 if form else 200)


@company_page("billing.manage")
@require_POST
def limit(request: Request) -> HttpResponse:
    """Set cap and alerts of one meter."""
    form = LimitForm(request.POST)
    meter = request.POST.get("meter", "")[:60]
    if not form.is_valid():
        return _show_meter(request, meter, form)
    try:
        set_limit(tenant_id=request.company.id, at=now(), actor=request.member, **form.cleaned_data)
    except NotFound:
        raise
    except DomainError as error:
        form.add_error("amount", error.message)
        return _show_meter(request, meter, form)
    messages.success(request, _("上限与提醒已保存。"))
    return back("billing:usage-meter", meter)
