"""外部通知: addresses of other systems that hear what happens here."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.clock import now
from kernel.errors import DomainError
from kernel.forms.company import WebhookForm
from kernel.http.gates import require_right
from kernel.http.request import Request, posted
from kernel.webhooks import services

RIGHT = "company.settings"
LATEST = 20


@never_cache
@require_right(RIGHT)
@require_http_methods(["GET", "POST"])
def webhooks(request: Request) -> HttpResponse:
    """Addresses and what was sent last; POST adds one and shows its secret on that one answer."""
    form = WebhookForm(posted(request), names=services.known_events())
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            _row, secret = services.create(
                url=form.cleaned_data["url"], names=form.wanted(), member=request.member, at=now()
            )
            form = WebhookForm(names=services.known_events())
        except DomainError as error:
            form.add_error("events" if "events" in error.fields else "url", error.message)
    context: dict[str, Any] = {
        "form": form,
        "secret": secret,
        "webhooks": services.all_webhooks(),
        "deliveries": services.deliveries()[:LATEST],
    }
    return render(request, "company/webhooks.html", context, status=422 if form.is_bound else 200)


@require_right(RIGHT)
@require_POST
def webhook_verb(request: Request, webhook_id: int, verb: str) -> HttpResponse:
    """试发, 暂停, 启用 or 删除 of one address."""
    member = request.member
    if verb == "test":
        services.try_out(webhook_id=webhook_id, member=member, at=now())
        words = _("已发送一条测试通知，结果见下方投递记录。")
    elif verb == "remove":
        services.remove(webhook_id=webhook_id, member=member)
        words = _("已删除。")
    else:
        services.change(webhook_id=webhook_id, member=member, changes={"is_active": verb == "enable"})
        words = _("已启用。") if verb == "enable" else _("已暂停。")
    messages.success(request, words)
    return HttpResponseRedirect(reverse("webhooks"))
