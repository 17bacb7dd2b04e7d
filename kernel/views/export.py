"""数据导出: take all of the company's data away, whatever its subscription says."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kernel import company_export
from kernel.clock import now
from kernel.http.gates import require_right
from kernel.http.request import Request


@require_right("company.export", always_open=True)
@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponse:
    """What an archive holds and the newest one; POST orders a new one and leads to its progress."""
    if request.method == "POST":
        job = company_export.start(member=request.member, at=now())
        return HttpResponseRedirect(reverse("member-job", args=[job.pk]))
    context = {
        "archives": company_export.archives(),
        "running": company_export.running(at=now()),
        "mine": request.member.user_id,
    }
    return render(request, "company/export.html", context)
