"""通知 and 常用筛选."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kernel import notices, saved_views
from kernel.clock import now
from kernel.http.gates import require_member
from kernel.http.request import Request, wants_fragment

PAGE = 50
NEWEST = 8


@require_member
@require_GET
def notice_list(request: Request) -> HttpResponse:
    """The page; for the bell the newest eight."""
    found = notices.of_member(request.member)
    fragment = wants_fragment(request)
    page = Paginator(found, NEWEST if fragment else PAGE).get_page(request.GET.get("page"))
    items = [{"notice": notice, "text": notices.text_of(notice)} for notice in page]
    context = {"items": items, "page": page, "unread_here": notices.unread_count(request.member)}
    return render(request, "notices/list.html#items" if fragment else "notices/list.html", context)


@require_member
@require_POST
def mark_all(request: Request) -> HttpResponse:
    notices.mark_read(member=request.member, at=now())
    return HttpResponseRedirect(reverse("notifications"))


@require_member
@require_POST
def open_one(request: Request, notice_id: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    url = notices.mark_read(member=request.member, at=now(), notice_id=notice_id)
    return HttpResponseRedirect(_inside(request, url) or reverse("notifications"))


@require_member
@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep the filter of a list under a name; back to the list."""
    saved = saved_views.save(
        member=request.member,
        list_path=request.POST.get("list", ""),
        name=request.POST.get("name", ""),
        querystring=request.POST.get("querystring", ""),
        at=now(),
    )
    return HttpResponseRedirect(_inside(request, f"{saved.list}?{saved.querystring}") or "/")


@require_member
@require_POST
def remove_view(request: Request, view_id: int) -> HttpResponse:
    """Forget a saved filter; back to its list."""
    return HttpResponseRedirect(_inside(request, saved_views.remove(member=request.member, view_id=view_id)) or "/")


def _inside(request: Request, url: str) -> str:
    """`url` when it stays on this host, else nothing."""
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}) else ""
