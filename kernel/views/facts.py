"""待处理消息: what happened but was not taken further, with the reason; and outgoing notices that are not answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import audit, stuck
from kernel.clock import machine_now
from kernel.http.gates import require_right
from kernel.http.request import Request
from kernel.webhooks import services as webhooks
from tenants.rights import label_of

PAGE = 50
RIGHT = "company.settings"


@require_right(RIGHT)
@require_GET
def facts(request: Request) -> HttpResponse:
    """Failed deliveries of facts and of webhooks, each with its reason."""
    page = Paginator(stuck.stuck_facts(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"delivery": row, "module": _module(row.reaction)} for row in page],
        "webhooks": stuck.stuck_webhooks()[:PAGE],
        "counts": stuck.counts(now=machine_now()),
    }
    return render(request, "company/facts.html", context)


def _module(reaction: str) -> str:
    """The module whose reaction failed: `apps.finance.reactions.draft` → 财务."""
    parts = reaction.split(".")
    return label_of(parts[1] if parts[0] == "apps" and len(parts) > 1 else parts[0])


@require_right(RIGHT)
@require_POST
def retry_fact(request: Request, delivery_id: int) -> HttpResponse:
    """Try one again now."""
    stuck.retry_fact(delivery_id=delivery_id)
    audit.record(actor=request.member, action="fact.retry", object=f"delivery:{delivery_id}", label=str(delivery_id))
    messages.success(request, _("已重新处理。"))
    return HttpResponseRedirect(reverse("facts"))


@require_right(RIGHT)
@require_POST
def retry_webhook(request: Request, delivery_id: int) -> HttpResponse:
    """Send one again now."""
    webhooks.retry(delivery_id=delivery_id, member=request.member)
    messages.success(request, _("已重新发送。"))
    return HttpResponseRedirect(reverse("facts"))
