"""One link: its life, our settings of it, the item map, what the other firm may see, guest links, who looked."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.supply.forms import ConsentForm, MapForm, SettingsForm
from apps.supply.models import Despatch, Look, SharedOrder, SupplyLink
from apps.supply.selectors.consents import ConsentView, consents_of
from apps.supply.selectors.guest_tokens import tokens
from apps.supply.selectors.links import LinkView, link_view
from apps.supply.selectors.looks import looks_at_ours
from apps.supply.selectors.maps import maps
from apps.supply.services import consents, guest_links, mapping
from apps.supply.services import links as services
from apps.supply.services.refusals import refusal
from apps.supply.views import common
from apps.supply.views.partners import WORDS
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.gates import require_right
from kernel.http.request import Request

MOST_LOOKS = 100
MOVES = ("confirm", "decline", "suspend", "resume", "close")


@require_right("supply.view")
@require_GET
def link_detail(request: Request, link_id: UUID) -> HttpResponse:
    return _page(request, link_id)


def _page(request: Request, link_id: UUID, status: int = 200, **typed: Any) -> HttpResponse:
    view = link_view(link_id, now())
    looked = list(looks_at_ours({}).filter(link=link_id)[:MOST_LOOKS])
    context = {
        "view": view, "row": view.row, "word": WORDS[view.state], "maps": maps({"link": str(link_id)}),
        "tokens": [token for token in tokens({}, now()) if token.row.link == link_id], "looks": _named(looked),
        "may_change": request.member.can("supply.consent"), "may_map": request.member.can("supply.answer"),
        "verbs": _verbs(view), "consents": _worded(consents_of(view.row)), "map_form": MapForm(auto_id="map-%s"),
        "settings_form": SettingsForm(view.row), "consent_form": ConsentForm(auto_id="consent-%s"), **typed,
    }  # fmt: skip
    return render(request, "supply/partner/detail.html", context, status=status)


def _named(rows: list[Look]) -> list[dict[str, Any]]:
    chains = [row.chain for row in rows]
    numbers = dict(SharedOrder.objects.filter(pk__in=chains).values_list("pk", "number"))
    numbers |= dict(Despatch.objects.filter(pk__in=chains).values_list("pk", "number"))
    return [{"look": row, "number": numbers.get(row.chain, "")} for row in rows]


def _worded(rows: list[ConsentView]) -> list[dict[str, Any]]:
    words = dict(ConsentForm.base_fields["granularity"].choices)  # type: ignore[attr-defined]  # a ChoiceField
    return [{"view": view, "word": words.get(view.row.granularity, "")} for view in rows]


def _verbs(view: LinkView) -> list[tuple[str, str]]:
    names = {
        "confirm": _("确认"),
        "decline": _("拒绝"),
        "suspend": _("暂停往来"),
        "resume": _("恢复往来"),
        "close": _("关闭"),
    }
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
    """One form of the page; a refusal shows the page again with what was typed."""
    act = request.POST.get("act", "")
    verb = {"map": _map, "unmap": _unmap, "revoke": _revoke, "settings": _settings, "allow": _allow, "end": _end}.get(
        act
    )
    if verb is not None:
        return verb(request, link_id)
    if act not in MOVES:
        return redirect("supply:link", link_id)
    common.need(request, "consent")
    return _tried(
        request, link_id, _("已保存"),
        lambda: services.move_link(
            link_id=link_id, verb=act, reason=common.words(request.POST, "reason"), actor=request.member, at=now()
        ),
    )  # fmt: skip


def _settings(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "consent")
    form = SettingsForm(_link(link_id), request.POST)
    return _saved(
        request, link_id, "settings_form", form,
        lambda: services.change_link(link_id=link_id, values=form.values(), actor=request.member),
    )  # fmt: skip


def _map(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "answer")
    form = MapForm(request.POST, auto_id="map-%s")
    return _saved(
        request, link_id, "map_form", form,
        lambda: mapping.save_map(link_id=link_id, actor=request.member, **form.cleaned_data),
    )  # fmt: skip


def _unmap(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "answer")
    number = request.POST.get("map", "")
    return _tried(
        request, link_id, _("对照已删除，已对照过的订单不变。"),
        lambda: mapping.drop_map(map_id=int(number) if number.isdigit() else 0, actor=request.member),
    )  # fmt: skip


def _revoke(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "send")
    return _tried(
        request, link_id, _("链接已作废。"),
        lambda: guest_links.revoke_guest_link(token_id=_id(request.POST.get("token", "")), actor=request.member),
    )  # fmt: skip


def _allow(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "consent")
    form = ConsentForm(request.POST, auto_id="consent-%s")
    return _saved(
        request, link_id, "consent_form", form,
        lambda: consents.give_consent(
            link_id=link_id, scope="scorecard", items="all", granularity=form.cleaned_data["granularity"],
            until=_end_of(form.cleaned_data["until"]), actor=request.member,
        ),
    )  # fmt: skip


def _end_of(day: Any) -> datetime | None:
    """The midnight after a local day."""
    return None if day is None else datetime.combine(day, time(), get_default_timezone()) + timedelta(days=1)


def _end(request: Request, link_id: UUID) -> HttpResponse:
    common.need(request, "consent")
    return _tried(
        request, link_id, _("授权已撤销，对方立即看不到了。"),
        lambda: consents.revoke_consent(consent_id=_id(request.POST.get("consent", "")), actor=request.member),
    )  # fmt: skip


def _link(link_id: UUID) -> SupplyLink:
    return link_view(link_id, now()).row


def _tried(request: Request, link_id: UUID, said: str, act: Callable[[], Any]) -> HttpResponse:
    return common.tried(request, act, said=said, back="supply:link", link_id=link_id)


def _saved(request: Request, link_id: UUID, name: str, form: forms.Form, save: Callable[[], Any]) -> HttpResponse:
    """Save what is in shape; else, or when it is refused, the page with this form as it was typed."""
    if form.is_valid():
        try:
            save()
        except DomainError as error:
            _mark(form, error)
        else:
            messages.success(request, _("已保存"))
            return redirect("supply:link", link_id)
    return _page(request, link_id, 422, **{name: form})


def _mark(form: forms.Form, error: DomainError) -> None:
    """A refusal stands beside the field it names, else above the form."""
    spots = [name for name in error.fields if name in form.fields]
    for name in spots:
        form.add_error(name, error.fields[name])
    if not spots:
        form.add_error(None, error.message)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise refusal("not_found") from error
