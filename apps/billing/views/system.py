"""How the operator's machine runs: usage pipeline, price plans, jobs, audit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.billing import log_words, offers
from apps.billing.forms import ReasonForm
from apps.billing.models import AuditLog, JobRun, UsageQuarantine
from apps.billing.selectors import board, operator, plans, usage
from apps.billing.services import jobs, quarantine
from apps.billing.services import plans as plan_services
from apps.billing.views.common import back, operator_page, page_of, show
from kernel.clock import now
from kernel.errors import DomainError, NotFound
from kernel.http.request import Request


@operator_page
@require_GET
def usage_page(request: Request) -> HttpResponse:
    """用量: pace, lag, and what waits for a person."""
    waiting = UsageQuarantine.objects.across_tenants().filter(state="quarantined").select_related("tenant")
    page = page_of(request, waiting.order_by("-id"))
    rows = [{"row": row, "name": offers.item_words(row.meter)} for row in page]
    context = {"page": page, "rows": rows, "pipeline": usage.health(now=now()), "form": ReasonForm()}
    return render(request, "operator/usage.html", context)


@operator_page
@require_POST
def release(request: Request, event_id: int) -> HttpResponse:
    """放行: it counts as late usage."""
    try:
        quarantine.release(event_id=event_id, at=now(), actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已放行，计入补报用量。"))
    return back("operator:usage")


@operator_page
@require_POST
def discard(request: Request, event_id: int) -> HttpResponse:
    """丢弃 with the reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明原因。"))
        return back("operator:usage")
    try:
        quarantine.discard(event_id=event_id, reason=form.cleaned_data["reason"], at=now(), actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已丢弃。"))
    return back("operator:usage")


@operator_page
@require_GET
def plan_list(request: Request) -> HttpResponse:
    """价格: all versions; what was published never changes."""
    rows = [_plan_words(plans.shown(plan)) for plan in plans.plans()]
    return render(request, "operator/prices.html", {"plans": rows})


def _plan_words(plan: dict[str, Any]) -> dict[str, Any]:
    words = {"draft": (_("草稿"), "grey"), "published": (_("已发布"), "green"), "retired": (_("已停用"), "grey")}
    items = [{**row, "name": offers.item_words(row["item"], row["name"])} for row in plan["items"]]
    meters = [
        {
            **row,
            "name": offers.item_words(row["meter"], row["name"]),
            "unit": offers.unit_words(row["meter"], row["unit"]),
        }
        for row in plan["meters"]
    ]
    word, tone = words[plan["state"]]
    return {**plan, "word": word, "tone": tone, "items": items, "meters": meters}


@operator_page
@require_GET
def plan_page(request: Request, plan_id: int) -> HttpResponse:
    """One version: its prices and, for a draft, whom it touches, when and by how much."""
    plan = plans.plans().filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有这个价目表。"))
    context = {"plan": _plan_words(plans.shown(plan)), "impact": plans.impact(plan_id)}
    return render(request, "operator/price.html", context)


@operator_page
@require_POST
def publish(request: Request, plan_id: int) -> HttpResponse:
    """发布 a draft."""
    try:
        plan_services.publish(plan_id=plan_id, at=now(), actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已发布。"))
    return back("operator:price", plan_id)


@operator_page
@require_GET
def job_list(request: Request) -> HttpResponse:
    """任务: the last run of each, its failures, and running one now."""
    latest: dict[str, JobRun] = {}
    for run in operator.job_runs()[:300]:
        latest.setdefault(run.name, run)
    rows = [_run_row(name, latest.get(name)) for name in jobs.JOBS]
    page = page_of(request, operator.job_runs())
    context = {"rows": rows, "page": page, "failures": board.failures(),
               "runs": [_run_row(run.name, run) for run in page]}  # fmt: skip
    return show(request, "operator/jobs.html", context)


def _run_row(name: str, run: JobRun | None) -> dict[str, Any]:
    counts = log_words.counts_text(run.counts) if run else ""
    return {"name": name, "word": offers.JOB_WORDS.get(name, name), "run": run, "counts": counts}


@operator_page
@require_POST
def run_job(request: Request, name: str) -> HttpResponse:
    """立即运行; two at once are safe."""
    outcome = jobs.run(name, at=now())
    word, counts = offers.JOB_WORDS[name], log_words.counts_text(outcome.counts)
    if outcome.failed:
        messages.error(request, _("%(job)s 有 %(n)s 处失败。") % {"job": word, "n": len(outcome.failed)})
    else:
        messages.success(request, _("%(job)s 已完成：%(counts)s。") % {"job": word, "counts": counts})
    return back("operator:jobs")


@operator_page
@require_GET
def audit(request: Request) -> HttpResponse:
    """审计: who changed what of which company, before and after, and why."""
    text = request.GET.get("q", "").strip()[:100]
    rows = AuditLog.objects.select_related("tenant").order_by("-id")
    if text:
        rows = rows.filter(tenant__slug__icontains=text) | rows.filter(action__icontains=text)
    page = page_of(request, rows)
    rows_shown = [log_words.entry_row(entry) for entry in page]
    return show(request, "operator/audit.html", {"page": page, "rows": rows_shown, "q": text}, fragment="table")
