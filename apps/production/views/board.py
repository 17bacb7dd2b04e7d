"""排产看板: the plan of the shop as bars, the run that makes it, and moving one bar."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.production.board_forms import MoveForm
from apps.production.models import Schedule, ScheduledStep
from apps.production.selectors import board as selectors
from apps.production.selectors import schedules
from apps.production.services import schedule_moves, schedule_publishing, schedule_runs
from apps.production.services.plan_refusals import absent
from apps.production.services.schedule_moves import MoveAnswer
from apps.production.services.schedule_publishing import Overlap
from apps.production.views.plan_pages import asked, read, show
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.gates import require_module
from kernel.http.request import Request, wants_fragment

schedule = require_module("production", "production.schedule")
may_look_and_schedule = require_module("production", "production.view", write="production.schedule")
ACTIVE = schedule_runs.ACTIVE


@read
@require_GET
def board(request: Request) -> HttpResponse:
    """The published plan, or with ?run= what a run proposes; ?zoom= and ?from= choose the window."""
    part = "#answer" if wants_fragment(request) else ""
    return show(request, "production/board/board.html" + part, _context(request))


def _context(request: Request, **more: Any) -> dict[str, Any]:
    chosen = _run_of(request)
    published = schedules.published()
    shown = chosen if chosen is not None and chosen.status else published
    found = selectors.board(run=shown, first=_day(asked(request, "from")), zoom=asked(request, "zoom"), at=now())
    latest = schedules.runs().first()
    zooms = [("hour", _("按小时")), ("day", _("按日")), ("week", _("按周")), ("month", _("按季"))]
    return {
        "board": found,
        "run": chosen,
        "published": published,
        "is_preview": chosen is not None and not chosen.is_published and bool(chosen.status),
        "busy": latest if latest is not None and latest.state in ACTIVE else None,
        "latest": latest,
        "progress": schedule_runs.progress(latest) if latest is not None else 0,
        "zooms": [
            {"label": word, "url": f"?zoom={key}{_same_run(chosen)}", "current": key == found.zoom}
            for key, word in zooms
        ],
        "same_run": _same_run(chosen),
        "may_schedule": request.member.can("production.schedule"),
        **more,
    }  # fmt: skip


def _same_run(run: Schedule | None) -> str:
    return f"&run={run.pk}" if run is not None else ""


def _run_of(request: Request) -> Schedule | None:
    text = asked(request, "run", 18)
    return schedules.run_at(int(text)) if text.isascii() and text.isdigit() else None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and 2001 <= found.year <= 2099 else None


@schedule
@require_POST
def run_now(request: Request) -> HttpResponse:
    """自动排产: order a run of all open orders; the page tells when it is done."""
    try:
        run = schedule_runs.start_run(values={}, actor=request.member, at=now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("production:board")
    return redirect(f"{reverse('production:board')}?run={run.pk}")


@read
@require_GET
def run_progress(request: Request, run_id: int) -> HttpResponse:
    """The progress box; it asks again by itself until the run is over, then the page is fetched anew."""
    run = schedules.run_at(run_id)
    if run.state not in ACTIVE:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = f"{reverse('production:board')}?run={run.pk}"
        return answer
    context = {"busy": run, "progress": schedule_runs.progress(run), "may_schedule": True}
    return show(request, "production/board/_progress.html", context)


@schedule
@require_POST
def run_cancel(request: Request, run_id: int) -> HttpResponse:
    """Stop; the best so far is kept."""
    schedule_runs.cancel_run(run_id=run_id, actor=request.member, at=now())
    messages.success(request, _("正在停止，已找到的最好方案会保留。"))
    return redirect(f"{reverse('production:board')}?run={run_id}")


@schedule
@require_POST
def run_publish(request: Request, run_id: int) -> HttpResponse:
    """发布: the proposal becomes the plan."""
    try:
        schedule_publishing.publish_run(run_id=run_id, actor=request.member, at=now())
    except DomainError as error:
        if error.http_status == 404:
            raise
        messages.error(request, error.message)
        return redirect(f"{reverse('production:board')}?run={run_id}")
    messages.success(request, _("排产已发布，车间按新计划执行。"))
    return redirect("production:board")


@read
@require_GET
def late(request: Request, run_id: int) -> HttpResponseBase:
    """Late orders of a run: what held them up, what could be done."""
    run = schedules.run_at(run_id)
    return show(request, "production/board/late.html", {"run": run, "late": run.late})


@may_look_and_schedule
@require_http_methods(["GET", "POST"])
def step(request: Request, step_id: int) -> HttpResponse:
    """One bar of the plan: where it stands, 改期, 固定."""
    row = _planned(step_id)
    form = MoveForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        answer = _moved(form, row, request)
        if answer is not None:
            messages.success(request, _("工序已改期。"))
            return redirect("production:board")
    context = {"row": row, "form": form, "may_schedule": request.member.can("production.schedule")}
    return show(request, "production/board/step.html", context, 422 if form.errors else 200)


def _planned(step_id: int) -> ScheduledStep:
    rows = ScheduledStep.objects.select_related("work_centre", "schedule")
    row = rows.filter(step_id=step_id, published=True).first()
    if row is None:
        raise absent()
    return row


def _moved(form: MoveForm, row: ScheduledStep, request: Request) -> MoveAnswer | None:
    given = form.cleaned_data
    try:
        return schedule_moves.move_step(
            work_order=row.work_order,
            seq=row.seq,
            start_at=given["start_at"],
            work_centre=given["work_centre"],
            unit=given.get("unit"),
            push=given["push"],
            actor=request.member,
            at=now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        form.refusal = error
        return None


@schedule
@require_POST
def move(request: Request, step_id: int) -> HttpResponse:
    """A bar was dropped: the board as it now is, with 撤销; or the board as it was, and the question what to do."""
    row = _planned(step_id)
    before = (row.start_at.isoformat(), row.work_centre.code, row.unit)
    is_undo = "start_at" in request.GET
    form = MoveForm(request.GET if is_undo else request.POST, row=row)
    answer = _moved(form, row, request) if form.is_valid() else None
    if is_undo:
        return _taken_back(request, answer)
    if answer is None:
        blocked = form.refusal if isinstance(form.refusal, Overlap) else None
        said = next((str(text) for texts in form.errors.values() for text in texts), "")
        conflicts = blocked.extra.get("conflicts", []) if blocked else []
        asks = blocked is not None and schedule_moves.push_helps(conflicts)
        question = {"row": row, "posted": request.POST, "conflicts": conflicts} if asks else None
        return show(request, "production/board/board.html#answer", _context(request, question=question, refusal=said))
    undo = {"row": row, "start": before[0], "centre": before[1], "unit": before[2]}
    return show(
        request,
        "production/board/board.html#answer",
        _context(request, moved=answer, undo=None if answer.conflicts else undo),
    )


def _taken_back(request: Request, answer: MoveAnswer | None) -> HttpResponse:
    """After 撤销 the board is fetched anew."""
    if answer is None:
        messages.error(request, _("撤销不了：原来的位置已被占用。"))
    else:
        messages.success(request, _("已撤销改期。"))
    return redirect("production:board")


@schedule
@require_POST
def pin(request: Request, step_id: int) -> HttpResponse:
    """固定 or 取消固定."""
    row = _planned(step_id)
    pinned = request.POST.get("pinned") == "1"
    schedule_moves.pin_step(
        work_order=row.work_order, seq=row.seq, start_at=None, work_centre=None, pinned=pinned,
        actor=request.member, at=now(),
    )  # fmt: skip
    messages.success(request, _("工序已固定。") if pinned else _("已取消固定。"))
    return redirect("production:board-step", step_id)
