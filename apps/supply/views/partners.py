"""合作伙伴: links, item maps, guest links, and who looked at what we sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import public as masterdata
from apps.supply.models import Look, SharedOrder
from apps.supply.selectors.guest_tokens import tokens
from apps.supply.selectors.links import LinkView, link_view, links
from apps.supply.selectors.looks import looks_at_ours
from apps.supply.selectors.maps import maps
from apps.supply.services import guest_links, mapping
from apps.supply.services import links as services
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.gates import require_right
from kernel.http.request import Request

WORDS = {
    "invited": "已邀请", "accepted": "待确认", "active": "已生效", "suspended": "已暂停", "closed": "已关闭",
    "declined": "已拒绝", "expired": "已过期",
}  # fmt: skip
MOST_LOOKS = 100


@require_right("supply.view", write="supply.consent")
@require_http_methods(["GET", "POST"])
def partner_list(request: Request) -> HttpResponse:
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            more = _invite(request) if request.POST.get("act") == "invite" else _accept(request)
        except DomainError as error:
            if error.http_status == 402:
                raise
            more, status = {"error": error, "typed": request.POST}, 422
    rows = [{"view": view, "word": WORDS[view.state]} for view in links({}, now())]
    context = {
        "rows": rows, "partners": masterdata.find_partners(limit=500, usable_only=True),
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


@require_right("supply.view")
@require_GET
def link_detail(request: Request, link_id: UUID) -> HttpResponse:
    view = link_view(link_id, now())
    looked = list(looks_at_ours({}).filter(link=link_id)[:MOST_LOOKS])
    context = {
        "view": view, "row": view.row, "word": WORDS[view.state], "maps": maps({"link": str(link_id)}),
        "tokens": [token for token in tokens({}, now()) if token.row.link == link_id], "looks": _named(looked),
        "may_change": request.member.can("supply.consent"), "may_map": request.member.can("supply.answer"),
        "verbs": _verbs(view),
    }  # fmt: skip
    return render(request, "supply/partner/detail.html", context)


def _named(rows: list[Look]) -> list[dict[str, Any]]:
    numbers = dict(SharedOrder.objects.filter(pk__in=[row.chain for row in rows]).values_list("pk", "number"))
    return [{"look": row, "number": numbers.get(row.chain, "")} for row in rows]


def _verbs(view: LinkView) -> list[tuple[str, str]]:
    names = {"confirm": _("确认"), "decline": _("拒绝"), "suspend": _("暂停"), "resume": _("恢复"), "close": _("关闭")}
    allowed = {
        "invited": ["close"],
        "accepted": ["confirm", "decline", "close"] if view.is_inviter else ["close"],
        "active": ["suspend", "close"],
        "suspended": ["resume", "close"] if view.may_resume else ["close"],
    }.get(view.state, [])
    return [(verb, names[verb]) for verb in allowed]


@require_right("supply.view")
@require_POST
def link_act(request: Request, link_id: UUID) -> HttpResponse:
    act, posted = request.POST.get("act", ""), request.POST
    if act == "map":
        common.need(request, "answer")
        return common.tried(
            request,
            lambda: mapping.save_map(
                link_id=link_id, item=common.words(posted, "item", 64),
                factor=common.words(posted, "factor", 40) or "1",
                partner_item=common.words(posted, "partner_item", 64),
                partner_unit=common.words(posted, "partner_unit", 64), actor=request.member,
            ),
            said=_("已保存"), back="supply:link", link_id=link_id,
        )  # fmt: skip
    if act == "revoke":
        common.need(request, "send")
        return common.tried(
            request,
            lambda: guest_links.revoke_guest_link(token_id=_id(posted.get("token", "")), actor=request.member),
            said=_("链接已作废。"), back="supply:link", link_id=link_id,
        )  # fmt: skip
    common.need(request, "consent")
    if act not in ("confirm", "decline", "suspend", "resume", "close"):
        return redirect("supply:link", link_id)
    return common.tried(
        request,
        lambda: services.move_link(
            link_id=link_id, verb=act, reason=common.words(posted, "reason"), actor=request.member, at=now()
        ),
        said=_("已保存"), back="supply:link", link_id=link_id,
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise refusal("not_found") from error
