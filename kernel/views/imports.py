"""导入向导 for every kind: 上传 → 匹配列 → 检查 → 完成. One set of pages; what is imported is the module's business."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import attachments
from kernel.api.imports import template_response
from kernel.clock import now
from kernel.errors import DomainError
from kernel.forms.imports import MatchForm, StartForm, UploadForm
from kernel.http.gates import check_access, check_module, check_right, require_member
from kernel.http.request import Request, posted, wants_fragment
from kernel.imports import kinds, mapping, runner, services
from kernel.imports.kinds import ImportKind
from kernel.imports.reader import open_sheet
from kernel.models import ImportJob

SAMPLE = 3
State = ImportJob.State


def _kind(request: Request, key: str) -> ImportKind:
    """The kind, when the module is paid for, the company may write and the member holds the right."""
    kind = kinds.get(key)
    if kind.module is not None:
        check_module(request.company, kind.module, request.method or "GET")
    else:
        check_access(request.company, request.method or "GET")
    check_right(request.member, kind.right)
    return kind


def _page(kind: ImportKind, at: int, **context: Any) -> dict[str, Any]:
    steps = [_("上传"), _("匹配列"), _("检查"), _("完成")]
    title = _("导入%(what)s") % {"what": kind.title}
    return {"kind": kind, "steps": steps, "at": at, "title": title, **context}


@require_member
@require_http_methods(["GET", "POST"])
def upload(request: Request, key: str) -> HttpResponse:
    """步骤一; below it the imports of the last weeks."""
    kind = _kind(request, key)
    # A form field of the module (the bank account) may be given in the address of the link that led here.
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(*sent, kind=kind, initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        try:
            job = _take_in(request, kind, form)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return HttpResponseRedirect(_after_upload(kind, job))
    jobs = ImportJob.objects.filter(kind=key).exclude(state=State.DRAFT).select_related("file").order_by("-id")[:10]
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "imports/upload.html", _page(kind, 1, form=form, jobs=jobs), status=status)


def _take_in(request: Request, kind: ImportKind, form: UploadForm) -> ImportJob:
    options = {name: form.cleaned_data[name] for name in kind.options}
    job = services.take_in(
        kind=kind,
        upload=form.cleaned_data["file"],
        member=request.member,
        now=now(),
        options=options,
        state=State.DRAFT,
    )
    if kind.read_file is not None:  # no columns to match: straight to the check
        services.start(services.order(job_id=job.pk, kind=kind, is_trial=True, member=request.member, changes={}))
    return job


def _after_upload(kind: ImportKind, job: ImportJob) -> str:
    return reverse("import-match" if kind.read_file is None else "import-job", args=[kind.key, job.pk])


@require_member
@require_http_methods(["GET", "POST"])
def match(request: Request, key: str, job_id: int) -> HttpResponse:
    """步骤二: the columns of the file, as they were matched last time or by name."""
    kind = _kind(request, key)
    job = services.job_of(job_id, key)
    try:
        headings, sample = _first_lines(job)
    except DomainError as error:
        return render(request, "imports/unreadable.html", _page(kind, 2, job=job, error=error), status=422)
    matched = mapping.match(kind, headings, _still_there(mapping.remembered(kind), headings))
    sent = posted(request)
    form = MatchForm(sent, kind=kind, headings=headings, matched=matched)
    if form.is_bound and form.is_valid():
        changes = {"mapping": form.mapping()}
        services.start(services.order(job_id=job.pk, kind=kind, is_trial=True, member=request.member, changes=changes))
        return HttpResponseRedirect(reverse("import-job", args=[key, job.pk]))
    context = _page(kind, 2, job=job, form=form, headings=headings, sample=sample)
    return render(request, "imports/match.html", context, status=422 if form.is_bound else 200)


def _still_there(remembered: dict[str, str], headings: list[str]) -> dict[str, str]:
    # What was chosen last time counts only where this file has that heading; the rest is matched by name.
    return {key: heading for key, heading in remembered.items() if heading in headings}


def _first_lines(job: ImportJob) -> tuple[list[str], list[list[str]]]:
    with attachments.open_file(job.file) as file, open_sheet(file, job.file.name) as sheet:
        sample = [cells for _at, (_number, cells) in zip(range(SAMPLE), sheet.rows, strict=False)]
        return sheet.headings, sample


@require_member
@require_GET
def show(request: Request, key: str, job_id: int) -> HttpResponse:
    """步骤三 and 四: progress, what the check found, what was imported."""
    kind = _kind(request, key)
    job = services.job_of(job_id, key)
    if job.state == State.DRAFT:
        return HttpResponseRedirect(reverse("import-match", args=[key, job.pk]))
    waiting = job.state in (State.QUEUED, State.RUNNING)
    done, total = runner.progress_of(job.pk) if waiting else (job.rows_total, job.rows_total)
    context = _page(
        kind,
        3 if job.state == State.CHECKED or job.is_trial else 4,
        job=job,
        waiting=waiting,
        done=done,
        total=total,
        form=_start_form(kind, job),
        can_undo=_can_undo(kind, job),
    )
    template = "imports/job.html#state" if wants_fragment(request) else "imports/job.html"
    return render(request, template, context)


def _start_form(kind: ImportKind, job: ImportJob) -> StartForm | None:
    if job.state != State.CHECKED:
        return None
    skip = job.rows_bad and job.rows_ok
    initial = {"mode": "skip_bad_rows" if skip else "all_or_nothing", "on_existing": job.on_existing}
    return StartForm(kind=kind, initial=initial)


def _can_undo(kind: ImportKind, job: ImportJob) -> bool:
    open_until = job.undo_until
    return kind.undo is not None and open_until is not None and job.undone_at is None and now() <= open_until


@require_member
@require_POST
def start(request: Request, key: str, job_id: int) -> HttpResponse:
    """Import what was checked."""
    kind = _kind(request, key)
    form = StartForm(request.POST, kind=kind)
    changes = form.changes() if form.is_valid() else {}
    services.start(services.order(job_id=job_id, kind=kind, is_trial=False, member=request.member, changes=changes))
    return HttpResponseRedirect(reverse("import-job", args=[key, job_id]))


@require_member
@require_POST
def undo(request: Request, key: str, job_id: int) -> HttpResponse:
    """Take it back; a refusal is shown as any other."""
    kind = _kind(request, key)
    services.undo(job_id=job_id, kind=kind, member=request.member, now=now())
    return HttpResponseRedirect(reverse("import-job", args=[key, job_id]))


@require_member
@require_GET
def template(request: Request, key: str) -> HttpResponse:
    """The workbook to fill in."""
    answer: HttpResponse = template_response(_kind(request, key))
    return answer
