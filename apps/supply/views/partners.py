"""合作伙伴: all links, inviting and accepting, and the mail addresses that hear of partners."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.masterdata import public as masterdata
from apps.supply.forms import ChannelForm
from apps.supply.models import NoticeChannel
from apps.supply.selectors.links import links
from apps.supply.services import links as services
from apps.supply.services import notices
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from kernel.http.gates import require_right
from kernel.http.request import Request

WORDS = {
    "invited": "已邀请", "accepted": "待确认", "active": "已生效", "suspended": "已暂停", "closed": "已关闭",
    "declined": "已拒绝", "expired": "已过期",
}  # fmt: skip
MOST_DIGITS = 10


@require_right("supply.view", write="supply.consent")
@require_http_methods(["GET", "POST"])
def partner_list(request: Request) -> HttpResponse:
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            more = ACTS.get(request.POST.get("act", ""), _accept)(request)
        except DomainError as error:
            if error.http_status == 402:
                raise
            more, status = {"error": error, "typed": request.POST}, 422
    rows = [{"view": view, "word": WORDS[view.state]} for view in links({}, now())]
    context = {
        "rows": rows, "partners": masterdata.find_partners(limit=500, usable_only=True), "channels": _channels(),
        "may_invite": request.member.can("supply.consent"), "typed": {}, **more,
    }  # fmt: skip
    return render(request, "supply/partner/list.html", context, status=status)


def _invite(request: Request) -> dict[str, Any]:
    posted = request.POST
    role = posted.get("role", "")
    if role not in ("buyer", "seller"):
        raise refusal("invalid", field="role")
    if role == "buyer":
        common.pay(request)
    guest = None
    if posted.get("guest") == "1":
        guest = services.Guest(
            name=common.words(posted, "name", 60), mobile=common.words(posted, "mobile", 30),
            email=common.words(posted, "email", 254),
        )  # fmt: skip
    partner = common.words(posted, "partner", 64)
    _link, code = services.create_link(
        partner_code=partner, role=role, guest=guest, actor=request.member, at=now()
    )  # fmt: skip
    if not code:
        messages.success(request, _("免登录协同关系已生效，可在订单上生成供应商链接。"))
    return {"code": code}


def _accept(request: Request) -> dict[str, Any]:
    row = services.accept_link(
        code=common.words(request.POST, "code", 200), partner_code=common.words(request.POST, "partner", 64),
        actor=request.member, at=now(),
    )  # fmt: skip
    messages.success(request, _("已接受邀请。"))
    return {"accepted": row.pk}


def _hear(request: Request) -> dict[str, Any]:
    """A mail address more that hears of what partners do."""
    form = ChannelForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("请填写一个邮箱地址，如 buyer@example.cn。"))
    notices.save_channel(address=form.cleaned_data["url"], events=[], actor=request.member)
    messages.success(request, _("已保存"))
    return {}


def _channels() -> list[dict[str, Any]]:
    return [{"row": row, "shown": notices.masked(row.address)} for row in NoticeChannel.objects.order_by("id")]


def _channel(request: Request) -> int:
    number = request.POST.get("channel", "")
    return int(number) if number.isdigit() and len(number) < MOST_DIGITS else 0


def _silence(request: Request) -> dict[str, Any]:
    notices.drop_channel(channel_id=_channel(request), actor=request.member)
    messages.success(request, _("这个邮箱不再收到通知。"))
    return {}


def _try(request: Request) -> dict[str, Any]:
    notices.try_channel(channel_id=_channel(request))
    messages.success(request, _("测试邮件已发出。"))
    return {}


ACTS = {"invite": _invite, "accept": _accept, "hear": _hear, "silence": _silence, "try": _try}
