"""Shapes of what the API takes in. What a code, unit or lot means is decided by the services."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

# Wider than a ledger column on purpose: what is too fine for the unit is the service's refusal `too_many_decimals`.
WIDE: dict[str, Any] = {"max_digits": 30, "decimal_places": 12}
MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}
PRICE: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "min_value": 0}
RATE: dict[str, Any] = {"max_digits": 9, "decimal_places": 8, "min_value": 0, "max_value": Decimal("0.99999999")}
MOST_LINES = 1000


def chars(length: int = 200, *, required: bool = False, **more: Any) -> serializers.CharField:
    """A text; null counts as empty when it may be left out."""
    return serializers.CharField(
        max_length=length, required=required, allow_blank=not required, allow_null=not required, **more
    )


def decimal(shape: dict[str, Any], *, required: bool = False) -> serializers.DecimalField:
    return serializers.DecimalField(**shape, required=required, allow_null=not required)


def day(*, required: bool = False) -> serializers.DateField:
    return serializers.DateField(required=required, allow_null=not required)


def ident(*, required: bool = False) -> serializers.IntegerField:
    """The id of another record, as wide as the column that holds it."""
    return serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=required, allow_null=not required
    )  # fmt: skip


class Moment(serializers.DateTimeField):
    """A moment; one beyond either end of the calendar is a wrong one."""

    def enforce_timezone(self, value: Any) -> Any:
        try:
            return super().enforce_timezone(value)
        except OverflowError:
            self.fail("overflow")


def serials() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, allow_empty=True, max_length=5000
    )


def rows(kind: Any, **more: Any) -> Any:
    """Many bodies of one kind, no more than a document may have lines."""
    return kind(many=True, max_length=MOST_LINES, **more)


class Body(serializers.Serializer[Any]):
    """A body. A null that may be left out is as good as left out."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in attrs.items() if value is not None}


class OrderLineBody(Body):
    line = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100_000)
    item = chars(200)
    quantity = decimal(WIDE)
    unit = chars(64)
    unit_price = decimal(PRICE)
    tax_rate = serializers.DecimalField(**RATE, required=False, allow_null=True)
    due_on = day()
    promised_on = day()
    warehouse = chars(64)
    make_to_order = serializers.BooleanField(required=False, allow_null=True)
    closed = serializers.BooleanField(required=False, allow_null=True)
    note = chars(200)


class OrderBody(Body):
    partner = chars(64, required=True)
    ordered_on = day()
    number = chars(60)
    price_includes_tax = serializers.BooleanField(required=False, default=True)
    reserve = serializers.BooleanField(required=False, default=False)
    note = chars(500)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    lines = rows(OrderLineBody, allow_empty=False)


class VersionBody(Body):
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class ChangeBody(VersionBody):
    lines = rows(OrderLineBody, allow_empty=False)


class OrderMoveLineBody(Body):
    line = serializers.IntegerField(min_value=1, max_value=100_000)
    quantity = decimal(WIDE)
    lot = chars(64)
    serials = serials()
    made_on = day()
    expires_on = day()
    location = chars(64)


class OrderMoveBody(Body):
    """ship/, receive/ and return/: without `lines` all that is open."""

    warehouse = chars(64)
    moved_on = day()
    when_closed = serializers.ChoiceField(choices=["refuse", "first_open_day"], required=False)
    note = chars(500)
    lines = rows(OrderMoveLineBody, required=False)
