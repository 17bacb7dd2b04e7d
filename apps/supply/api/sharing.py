"""Guest links, consents and notice channels over HTTP."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.supply.api import inputs, shapes
from apps.supply.api.base import SupplyView
from apps.supply.api.links import plain
from apps.supply.models import Consent, NoticeChannel, SupplyNotice
from apps.supply.selectors.guest_tokens import TokenView, api_address, page_address, token_view, tokens
from apps.supply.services import consents, guest_links, notices
from apps.supply.services.orders import live_link
from apps.supply.services.refusals import refusal
from kernel.clock import machine_now, now
from kernel.exports import Column

Moment = serializers.DateTimeField


class GuestLinkBody(inputs.Body):
    partner = inputs.Text(max_length=64)
    scope = serializers.ChoiceField(["chain", "desk"])
    chain = serializers.UUIDField(required=False, allow_null=True)
    verbs = serializers.ListField(
        child=serializers.ChoiceField(guest_links.VERBS), required=False, max_length=len(guest_links.VERBS)
    )
    check = serializers.ChoiceField(["code", "none"], required=False)
    expires_at = Moment(required=False, allow_null=True)


class ConsentBody(inputs.Body):
    link = serializers.UUIDField()
    scope = serializers.ChoiceField(consents.SCOPES)
    items = serializers.JSONField(default=lambda: "all")  # type: ignore[assignment,arg-type,return-value,unused-ignore]  # DRF
    granularity = serializers.ChoiceField(consents.GRANULARITIES, default="exact")
    until = Moment(required=False, allow_null=True)

    def validate_items(self, value: Any) -> Any:
        good = value == "all" or (
            isinstance(value, list)
            and len(value) <= 1000
            and all(isinstance(one, str) and len(one) <= 64 and one.isprintable() for one in value)
        )
        if not good:
            raise refusal("invalid", field="items")
        return value


class ChannelBody(inputs.Body):
    kind = serializers.ChoiceField(["mail"])
    url = serializers.EmailField(max_length=254)
    events = serializers.ListField(child=inputs.Text(max_length=30), required=False, max_length=30)


def token_shape(view: TokenView, token: str = "") -> dict[str, Any]:
    row = view.row
    shown = {
        "id": str(row.pk),
        "partner": view.link.partner.code,
        "state": view.state,
        "scope": "chain" if row.chain else "desk",
        "chain": str(row.chain) if row.chain else None,
        "verbs": row.verbs,
        "check": row.check_mode,
        "expires_at": shapes.at(view.until),
        "created_at": shapes.at(row.created_at),
        "api_url": api_address(),
    }
    return {**shown, "token": token, "url": page_address(token)} if token else shown


class GuestLinkList(SupplyView):
    """GET ?partner=&chain=&state= · POST → 201 with `token` and `url`, shown this once."""

    rights = {"GET": "supply.view", "*": "supply.send"}
    export_name = "guest-links"
    export_columns = [Column(key, key) for key in ("id", "partner", "state", "scope", "expires_at")]

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        return self.listed([token_shape(view) for view in tokens(request.query_params, now())], plain)

    @extend_schema(request=GuestLinkBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        self.pay()
        asked = self.taken(GuestLinkBody)
        if (asked["scope"] == "chain") != bool(asked.get("chain")):
            raise refusal("invalid", field="chain")
        link = live_link(asked["partner"], role="buyer")
        row, token = guest_links.create_guest_link(
            link_id=link.pk, chain=asked.get("chain"), verbs=asked.get("verbs", ()), check=asked.get("check", ""),
            expires_at=asked.get("expires_at"), actor=self.member,
        )  # fmt: skip
        return self.created(token_shape(token_view(row.pk, now()), token))


class GuestLinkRevoke(SupplyView):
    """POST: the link is dead from the next request on."""

    rights = {"*": "supply.send"}

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, token_id: UUID) -> Response:
        guest_links.revoke_guest_link(token_id=token_id, actor=self.member)
        return Response(token_shape(token_view(token_id, now())))


class GuestLinkReissue(SupplyView):
    """POST: a new token of the same scope, shown this once; the old one is dead."""

    rights = {"*": "supply.send"}

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, token_id: UUID) -> Response:
        self.pay()
        row, token = guest_links.reissue_guest_link(token_id=token_id, actor=self.member)
        return Response(token_shape(token_view(row.pk, now()), token))


def consent_shape(row: Consent, ended: set[Any]) -> dict[str, Any]:
    return {
        "id": str(row.pk), "link": str(row.link), "scope": row.scope, "items": row.items,
        "granularity": row.granularity, "until": shapes.at(row.until),
        "state": consents.state_of(row, ended, machine_now()), "given_at": shapes.at(row.starts_at),
    }  # fmt: skip


def _ended() -> set[Any]:
    return set(Consent.objects.exclude(revokes=None).values_list("revokes", flat=True))


class ConsentList(SupplyView):
    """GET ?link=&state= of both ends · POST {link, scope, items, granularity, until} → 201."""

    rights = {"GET": "supply.view", "*": "supply.consent"}
    export_name = "consents"
    export_columns = [Column(key, key) for key in ("id", "link", "scope", "granularity", "state")]

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        ended = _ended()
        rows = Consent.objects.filter(revokes=None).order_by("-starts_at", "id")
        shown = [consent_shape(row, ended) for row in rows]
        for name in ("link", "state"):
            wanted = request.query_params.get(name)
            shown = [row for row in shown if not wanted or row[name] == wanted]
        return self.listed(shown, plain)

    @extend_schema(request=ConsentBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(ConsentBody)
        row = consents.give_consent(
            link_id=asked["link"], scope=asked["scope"], items=asked["items"], granularity=asked["granularity"],
            until=asked.get("until"), actor=self.member,
        )  # fmt: skip
        return self.created(consent_shape(row, set()))


class ConsentRevoke(SupplyView):
    """POST ends the consent at once."""

    rights = {"*": "supply.consent"}

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, consent_id: UUID) -> Response:
        row = consents.revoke_consent(consent_id=consent_id, actor=self.member)
        return Response(consent_shape(row, _ended()))


def channel_shape(row: NoticeChannel) -> dict[str, Any]:
    return {
        "id": row.pk, "kind": row.kind, "url": notices.masked(row.address), "events": row.events,
        "state": "paused" if row.is_paused else "live",
    }  # fmt: skip


class ChannelShape:
    """Prints channels where a serializer is expected."""

    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [channel_shape(row) for row in rows]


class NoticeShape:
    def __init__(self, rows: Any, many: bool = False, context: Any = None) -> None:
        self.data = [
            {
                "id": row.pk, "channel": row.channel_id, "kind": row.kind, "number": row.number,
                "state": row.state, "at": shapes.at(row.created_at),
            }
            for row in rows
        ]  # fmt: skip


class ChannelList(SupplyView):
    """GET · POST {kind: mail, url: address, events} → 201; the address is masked in every answer."""

    rights = {"GET": "supply.view", "*": "supply.consent"}
    export_name, export_columns = "notice-channels", [Column("id", "id"), Column("kind", "kind")]

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        return self.listed(NoticeChannel.objects.order_by("id"), ChannelShape)

    @extend_schema(request=ChannelBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(ChannelBody)
        row = notices.save_channel(address=asked["url"], events=asked.get("events", []), actor=self.member)
        return self.created(channel_shape(row))


class ChannelDetail(SupplyView):
    rights = {"*": "supply.consent"}

    @extend_schema(responses={204: None})
    def delete(self, request: Any, channel_id: int) -> Response:
        notices.drop_channel(channel_id=channel_id, actor=self.member)
        return Response(status=204)


class ChannelTest(SupplyView):
    """POST sends a word to see that it arrives."""

    rights = {"*": "supply.consent"}

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, channel_id: int) -> Response:
        notices.try_channel(channel_id=channel_id)
        return Response({"sent": True})


class NoticeList(SupplyView):
    """GET ?state= newest first."""

    export_name = "notices"
    export_columns = [Column(key, key) for key in ("id", "kind", "number", "state")]

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows = SupplyNotice.objects.order_by("-id")
        state = request.query_params.get("state")
        return self.listed(rows.filter(state=state) if state else rows, NoticeShape)
