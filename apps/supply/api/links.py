"""Links and item maps over HTTP."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.supply.api import inputs, shapes
from apps.supply.api.base import SupplyView, uuid_of
from apps.supply.domain.canonical import number
from apps.supply.models import ItemMap
from apps.supply.selectors.links import link_view, links
from apps.supply.selectors.maps import converted, maps
from apps.supply.services import links as services
from apps.supply.services import mapping
from kernel.clock import now
from kernel.exports import Column

LINK_COLUMNS = [Column(key, key) for key in ("id", "kind", "role", "partner", "state")]
MAP_COLUMNS = [Column(key, key) for key in ("item", "partner_item", "partner_unit", "factor", "state")]


class LinkList(SupplyView):
    """GET ?state=&role=&partner= · POST invites → 201 with `invite_code`, shown this once."""

    rights = {"GET": "supply.view", "*": "supply.consent"}
    export_name, export_columns = "links", LINK_COLUMNS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows = [shapes.link(view) for view in links(request.query_params, now())]
        return self.listed(rows, plain)

    @extend_schema(request=inputs.LinkBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        if isinstance(request.data, dict) and request.data.get("role") == "buyer":
            self.pay()
        asked = self.taken(inputs.LinkBody)
        guest = services.Guest(**asked["guest"]) if asked.get("guest") is not None else None
        row, code = services.create_link(
            partner_code=asked["partner"], role=asked["role"], guest=guest, actor=self.member, at=now()
        )
        answer = shapes.link(link_view(row.pk, now()))
        return self.created({**answer, **({"invite_code": code} if code else {})})


def plain(rows: Any, many: bool = False, context: Any = None) -> Any:
    """Rows that are shapes already, where a serializer is expected."""
    return type("Shown", (), {"data": rows})()


class LinkAccept(SupplyView):
    """POST {code, partner} → the link; 404 for every code that opens none."""

    rights = {"*": "supply.consent"}

    @extend_schema(request=inputs.CodeBody, responses={200: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(inputs.CodeBody)
        row = services.accept_link(
            code=asked["code"], partner_code=asked["partner"], actor=self.member, at=now()
        )  # fmt: skip
        return Response(shapes.link(link_view(row.pk, now())))


class LinkClaim(SupplyView):
    """POST {code, partner} → the link; the company takes a guest party over."""

    rights = {"*": "supply.consent"}

    @extend_schema(request=inputs.CodeBody, responses={200: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(inputs.CodeBody)
        row = services.claim_link(code=asked["code"], partner_code=asked["partner"], actor=self.member, at=now())
        return Response(shapes.link(link_view(row.pk, now())))


class LinkDetail(SupplyView):
    """GET · PATCH {settings, party_ids, own_party_ids}."""

    rights = {"GET": "supply.view", "*": "supply.consent"}

    @extend_schema(responses={200: dict})
    def get(self, request: Any, link_id: UUID) -> Response:
        return Response(shapes.link(link_view(link_id, now())))

    @extend_schema(request=inputs.LinkChange, responses={200: dict})
    def patch(self, request: Any, link_id: UUID) -> Response:
        asked = self.taken(inputs.LinkChange)
        if "settings" in asked:
            asked["settings"] = {
                key: number(value) if isinstance(value, Decimal) else value
                for key, value in asked["settings"].items()
            }  # fmt: skip
        services.change_link(link_id=link_id, values=asked, actor=self.member)
        return Response(shapes.link(link_view(link_id, now())))


class LinkVerb(SupplyView):
    """POST confirm/ decline/ suspend/ resume/ revoke/ {reason}; 409 link_not_active."""

    rights = {"*": "supply.consent"}
    verb = "suspend"

    @extend_schema(request=inputs.ReasonBody, responses={200: dict})
    def post(self, request: Any, link_id: UUID) -> Response:
        asked = self.taken(inputs.ReasonBody)
        services.move_link(link_id=link_id, verb=self.verb, reason=asked["reason"], actor=self.member, at=now())
        return Response(shapes.link(link_view(link_id, now())))


class ItemMapList(SupplyView):
    """GET ?link=&search= · POST {link, item, partner_item, partner_unit, factor} → 201."""

    rights = {"GET": "supply.view", "*": "supply.answer"}
    export_name, export_columns = "item-maps", MAP_COLUMNS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Any:
        rows = [shapes.item_map(row) for row in maps(request.query_params)]
        return self.listed(rows, plain)

    @extend_schema(request=inputs.ItemMapBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        asked = self.taken(inputs.ItemMapBody)
        asked["link_id"] = asked.pop("link")
        row = mapping.save_map(**asked, actor=self.member)
        return self.created(shapes.item_map(ItemMap.objects.select_related("item").get(pk=row.pk)))


class ItemMapDetail(SupplyView):
    """DELETE forgets a map; orders keep what was mapped with it."""

    rights = {"*": "supply.answer"}

    @extend_schema(responses={204: None})
    def delete(self, request: Any, map_id: int) -> Response:
        mapping.drop_map(map_id=map_id, actor=self.member)
        return Response(status=204)


class ItemMapConvert(SupplyView):
    """GET ?link=&partner_item=&partner_unit=&quantity= → {item, quantity, unit}; &direction=out&item= the way back."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        asked = request.query_params
        return Response(converted(uuid_of(asked.get("link", "")), asked))
