"""后台任务: the member's own, each with its progress; the fragment asks again until the work is over."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kernel import jobs
from kernel.clock import now
from kernel.http.gates import require_member
from kernel.http.request import Request, wants_fragment

PAGE = 50


@require_member
@require_GET
def job_list(request: Request) -> HttpResponse:
    page = Paginator(jobs.of_member(request.member), PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/list.html", {"page": page})


@require_member
@require_GET
def job(request: Request, job_id: int) -> HttpResponse:
    """One job; as a fragment it carries the next question itself, and none once it is over."""
    found = jobs.job_of(job_id, request.member)
    done, total = jobs.progress_of(found)
    age = (now() - found.created_at).total_seconds()
    context = {"job": found, "done": done, "total": total, "delay": "1s" if age < 10 else "2s" if age < 60 else "5s"}
    return render(request, "jobs/job.html#progress" if wants_fragment(request) else "jobs/job.html", context)
