"""设置 of the company, and 一键清空 of its sample data."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import audit, sample, stuck
from kernel.clock import machine_now, now
from kernel.errors import Forbidden
from kernel.forms.accounts import CompanyNameForm
from kernel.forms.company import ClearForm
from kernel.http.gates import require_right
from kernel.http.request import Request, posted
from kernel.models import Webhook
from tenants.context import load_company, shared_context, tenant_context
from tenants.models import Tenant
from tenants.services.emptying import empty_company


@require_right("company.view", write="company.settings")
@require_http_methods(["GET", "POST"])
def settings_page(request: Request) -> HttpResponse:
    """设置: the company's name as its people see it, and the ways to what else can be set."""
    form = CompanyNameForm(posted(request), initial={"name": request.company.name})
    if request.method == "POST" and form.is_valid():
        _rename(request, form.cleaned_data["name"])
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("settings"))
    context: dict[str, Any] = {
        "form": form,
        "company_row": request.company,
        "webhooks": Webhook.objects.count(),
        "counts": stuck.counts(now=machine_now()),
        "can_change": request.member.can("company.settings"),
    }
    return render(request, "company/settings.html", context, status=422 if form.is_bound else 200)


def _rename(request: Request, name: str) -> None:
    before = request.company.name
    with shared_context():
        Tenant.objects.filter(pk=request.company.id).update(name=name)
    audit.record(
        actor=request.member, action="company.rename", object="company", label=name, changes={"name": [before, name]}
    )


@require_right("company.settings")
@require_POST
def load_sample(request: Request) -> HttpResponse:
    """载入示例数据 into a company in which nothing was entered yet; leads to the job that does it."""
    job = sample.start(member=request.member)
    return HttpResponseRedirect(reverse("member-job", args=[job.pk]))


@require_right("company.settings")
@require_http_methods(["GET", "POST"])
def clear(request: Request) -> HttpResponse:
    """一键清空: a company that began with sample data starts over, empty; only its owner, after typing its name."""
    if not request.company.is_demo or request.member.role != "owner":
        raise Forbidden(_("只有老板可以清空示例数据，正式数据不能清空。"))
    form = ClearForm(posted(request), expected=request.company.name)
    if request.method == "POST" and form.is_valid():
        with shared_context():
            empty_company(company=request.company, at=now())
        with tenant_context(load_company(request.company.id)):
            audit.record(actor=request.member, action="company.clear", object="company", label=request.company.name)
        messages.success(request, _("示例数据已清空，可以开始录入自己的数据。"))
        return HttpResponseRedirect(reverse("home"))
    return render(request, "company/clear.html", {"form": form}, status=422 if form.is_bound else 200)
