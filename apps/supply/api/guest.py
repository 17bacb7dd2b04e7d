"""The API of guests on the bare domain: `Authorization: Guest <token>`. Acts take `pin` where the link asks for it."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.supply.api import delivery_inputs, inputs
from apps.supply.api.base import changes_of
from apps.supply.api.deliveries import wish_of
from apps.supply.guests import acts, pins, shapes
from apps.supply.guests.acts import Hand, idem_of
from apps.supply.guests.desk import Desk, Token, deliveries, ended, note_look, open_desk, order_of, orders
from kernel.clock import now
from tenants.middleware import client_ip

SCHEME = "Guest "


class Pin(inputs.Body):
    """The code that was mailed; only the first act within twelve hours of a browser needs it."""

    pin = inputs.Note(max_length=12)


class RespondBody(inputs.RespondBody, Pin):
    """An answer."""


class ChangeBody(inputs.ChangeBody, Pin):
    """Other terms."""


class CancelBody(inputs.CancelBody, Pin):
    """The end."""


class DespatchBody(delivery_inputs.GuestDespatchBody, Pin):
    """A delivery."""


class GuestView(APIView):
    """No account, no session: the token is everything, and the database itself knows what it opens."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    known: Token | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if self.known is not None and response.status_code < HTTPStatus.BAD_REQUEST:
            pins.remember(response, self.known)
        response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    @property
    def token(self) -> str:
        """Raises LinkEnded for a header without one."""
        header = self.request.headers.get("Authorization", "")
        if not header.startswith(SCHEME):
            raise ended()
        return str(header[len(SCHEME) :].strip())

    def desk(self) -> Any:
        return open_desk(self.token, now())

    def taken(self, kind: Any) -> dict[str, Any]:
        data = kind(data=self.request.data)
        data.is_valid(raise_exception=True)
        found: dict[str, Any] = data.validated_data
        return found

    def hand(self, pin: str) -> Hand:
        """Check the code, in a transaction of its own. Raises code_required, code_wrong, code_locked, LinkEnded."""
        with self.desk() as desk:
            token, target = desk.token, pins.target_of(desk)
        cookie = self.request.COOKIES.get(pins.cookie_name(token), "")
        pins.check_code(token, pin, cookie)
        self.known = token
        key = self.request.headers.get("Idempotency-Key", "").strip()[:200]
        return Hand(
            check=token.check, target=target, address=client_ip(self.request._request),
            agent=self.request.headers.get("User-Agent", ""),
            idem=idem_of(self.request._request.path, key, dict(self.request.data)),
        )  # fmt: skip


def _told(desk: Desk, hand: Hand) -> dict[str, str]:
    """The header of an answer that is given again. Raises IdempotencyConflict."""
    return {"Idempotent-Replayed": "true"} if acts.said_before(desk, hand) else {}


class GuestDesk(GuestView):
    """GET {buyer {name}, scope, verbs, orders}."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        with self.desk() as desk:
            found = orders(desk)
            for one in found:
                note_look(desk, one.chain, one.order.seq, via="api")
            return Response(
                {
                    "buyer": {"name": desk.buyer.name},
                    "scope": "chain" if desk.token.chain else "desk",
                    "verbs": sorted(desk.token.verbs),
                    "check": desk.token.check,
                    "orders": [shapes.order(desk, one) for one in found],
                    "despatches": [shapes.delivery(chain, row) for chain, row in deliveries(desk).items() if row.lines],
                }
            )


class GuestOrderDetail(GuestView):
    """GET one order of the token's scope; any other is 404 guest_link_ended."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, order_id: UUID) -> Response:
        with self.desk() as desk:
            one = order_of(desk, order_id)
            note_look(desk, one.chain, one.order.seq, via="api")
            return Response(shapes.order(desk, one))


class GuestVerb(GuestView):
    """POST respond/, change/, cancel/: 200 with the whole order."""

    body: Any = RespondBody

    @extend_schema(responses={200: dict})
    def post(self, request: Any, order_id: UUID) -> Response:
        self.first_look()
        asked = self.taken(self.body)
        hand = self.hand(asked["pin"])
        with self.desk() as desk:
            told = _told(desk, hand)
            one = self.do(desk, order_id, asked, hand)
            return Response(shapes.order(desk, one), headers=told)

    def first_look(self) -> None:
        """A dead or narrow link is refused before the body is read. Raises LinkEnded, VerbNotAllowed."""
        with self.desk() as desk:
            desk.need("respond")

    def do(self, desk: Desk, order_id: UUID, asked: dict[str, Any], hand: Hand) -> Any:
        raise NotImplementedError


class GuestRespond(GuestVerb):
    def do(self, desk: Desk, order_id: UUID, asked: dict[str, Any], hand: Hand) -> Any:
        return acts.respond(
            desk, order_id, seen=asked["version"], code=asked["code"], changes=changes_of(asked.get("lines")),
            reason=asked["reason"], hand=hand,
        )  # fmt: skip


class GuestChange(GuestVerb):
    body = ChangeBody

    def do(self, desk: Desk, order_id: UUID, asked: dict[str, Any], hand: Hand) -> Any:
        return acts.change(
            desk, order_id, seen=asked["version"], changes=changes_of(asked["lines"]), reason=asked["reason"], hand=hand
        )


class GuestCancel(GuestVerb):
    body = CancelBody

    def do(self, desk: Desk, order_id: UUID, asked: dict[str, Any], hand: Hand) -> Any:
        return acts.cancel(desk, order_id, seen=asked["version"], reason=asked["reason"], hand=hand)


class GuestDespatches(GuestView):
    """GET the deliveries of the scope · POST ships → 201."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        with self.desk() as desk:
            return Response([shapes.delivery(chain, row) for chain, row in deliveries(desk).items() if row.lines])

    @extend_schema(request=DespatchBody, responses={201: dict})
    def post(self, request: Any) -> Response:
        with self.desk() as desk:
            desk.need("despatch")
        asked = self.taken(DespatchBody)
        hand = self.hand(asked.pop("pin"))
        with self.desk() as desk:
            told = _told(desk, hand)
            chain = acts.despatch(desk, wish=wish_of(asked), hand=hand)
            return Response(shapes.delivery(chain, deliveries(desk)[chain]), status=201, headers=told)


class GuestCode(GuestView):
    """POST mails the six digits to the contact of the link; 1 a minute, 5 a day."""

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any) -> Response:
        with self.desk() as desk:
            address, shown, pin = pins.new_code(desk)
        pins.mail_code(address, pin)
        return Response({"sent_to": shown, "valid_minutes": 10})


class GuestClaim(GuestView):
    """POST {pin} → {claim_code}: a company takes this party over with it."""

    @extend_schema(request=Pin, responses={200: dict})
    def post(self, request: Any) -> Response:
        with self.desk() as desk:
            desk.need("claim")
        self.hand(self.taken(Pin)["pin"])
        with self.desk() as desk:
            return Response({"claim_code": acts.ask_claim(desk)})
