"""Shapes of request bodies. What they mean is decided by the services."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

MOST_LINES = 500


class Body(serializers.Serializer):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A request body."""


class Text(serializers.CharField):  # type: ignore[misc,unused-ignore]  # as above
    """Text that must be a JSON string."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        found: str = super().to_internal_value(data)
        return found


class PackageNo(Text):
    """The number of a package inside its despatch; counters may come as numbers too."""

    def to_internal_value(self, data: Any) -> str:
        is_counter = isinstance(data, int) and not isinstance(data, bool)
        return super().to_internal_value(str(data) if is_counter else data)


class Note(Text):
    """A remark that may be left out or empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 500, "required": False, "allow_blank": True, "default": "", **options})


class Figure(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # as above
    """A number as text with at most `places` decimals; whole JSON numbers pass, floats do not."""

    default_error_messages = {
        "invalid": _("请写成最多 {places} 位小数的数字文本，不带千分号和指数。"),
        "small": _("数字太小。"),
        "large": _("数字太大。"),
    }

    def __init__(self, *, places: int, least: str = "0", most: str = "", above: bool = False, **options: Any) -> None:
        self.places, self.least, self.above = places, Decimal(least), above
        self.most = Decimal(most) if most else None
        self._pattern = re.compile(rf"-?[0-9]{{1,{18 - places}}}(\.[0-9]{{1,{places}}})?")
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)) else ""
        if not self._pattern.fullmatch(text):
            self.fail("invalid", places=self.places)
        value = Decimal(text)
        if value < self.least or (self.above and value == self.least):
            self.fail("small")
        if self.most is not None and value > self.most:
            self.fail("large")
        return value


class Day(serializers.DateField):  # type: ignore[misc,unused-ignore]  # as above
    """An ISO date of this century or the last."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        found: date = super().to_internal_value(value)
        if not 1900 <= found.year <= 2200:
            self.fail("invalid", format="YYYY-MM-DD")
        return found


class Number(serializers.IntegerField):  # type: ignore[misc,unused-ignore]  # as above
    """A whole JSON number; a truth value is none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool | float):
            self.fail("invalid")
        found: int = super().to_internal_value(data)
        return found


class LineNo(Number):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=10_000, **options)


def many(kind: Any, **options: Any) -> Any:
    """A list of `kind`, of limited length."""
    return kind(many=True, **options)


class Words(serializers.DictField):  # type: ignore[misc,unused-ignore]  # as above
    """A few named texts: {"address": "…", "receiver": "…"}."""

    child = Text(max_length=300, allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        found: dict[str, str] = super().to_internal_value(data)
        if len(found) > 20 or any(len(key) > 30 or not key.isidentifier() for key in found):
            raise serializers.ValidationError(_("最多 20 项，名称只能用字母、数字和下划线。"))
        return found


class Seen(Number):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=10**6, **options)


def quantity(**options: Any) -> Figure:
    return Figure(places=4, above=True, **options)


def price(**options: Any) -> Figure:
    return Figure(places=6, most="999999999", **options)


class GuestBody(Body):
    name = Note(max_length=60)
    mobile = Note(max_length=30)
    email = serializers.EmailField(required=False, allow_blank=True, default="", max_length=254)


class LinkBody(Body):
    partner = Text(max_length=64)
    role = serializers.ChoiceField(["buyer", "seller"])
    guest = GuestBody(required=False, allow_null=True)


class CodeBody(Body):
    code = Text(max_length=200)
    partner = Text(max_length=64)


class ReasonBody(Body):
    reason = Note()


class SettingsBody(Body):
    price_tolerance = Figure(places=6, most="1", required=False)
    quantity_tolerance = Figure(places=6, most="1", required=False)
    auto_share = serializers.BooleanField(required=False)
    guest_check = serializers.ChoiceField(["code", "none"], required=False)


class PartyId(Body):
    scheme = Text(max_length=30)
    value = Text(max_length=100)


class LinkChange(Body):
    settings = SettingsBody(required=False)
    party_ids = PartyId(many=True, required=False)
    own_party_ids = PartyId(many=True, required=False)


class MaterialBody(Body):
    item = Text(max_length=64)
    quantity_per = quantity()
    loss_rate = Figure(places=6, most="1", required=False)


class OrderLine(Body):
    line = LineNo(required=False)
    item = Text(max_length=64)
    quantity = quantity()
    unit = Note(max_length=64)
    unit_price = price()
    tax_rate = Figure(places=4, most="0.9999", required=False)
    requested_date = Day(required=False, allow_null=True)
    note = Note()
    internal_note = Note(max_length=2000)
    materials = MaterialBody(many=True, required=False)


class OrderBody(Body):
    partner = Text(max_length=64)
    number = Note(max_length=64)
    type = serializers.ChoiceField(["standard", "subcontract"], default="standard")
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="CNY")
    price_includes_tax = serializers.BooleanField(default=True)
    over_tolerance = Figure(places=4, most="1", required=False)
    payment_terms = Note(max_length=100)
    delivery_to = Words(required=False)
    note = Note(max_length=2000)
    internal_note = Note(max_length=2000)
    purchase_order = Note(max_length=64)
    lines = many(OrderLine, required=False, allow_empty=False, max_length=MOST_LINES)


class CounterLine(Body):
    line = LineNo()
    action = serializers.ChoiceField([1, 3, 5, 7])
    quantity = quantity(required=False, allow_null=True)
    unit_price = price(required=False, allow_null=True)
    promised_date = Day(required=False, allow_null=True)
    split_of = LineNo(required=False, allow_null=True)
    note = Note()


class ChangeLine(CounterLine):
    action = serializers.ChoiceField([1, 2, 3, 4])
    requested_date = Day(required=False, allow_null=True)
    item = Text(max_length=64, required=False, allow_null=True)
    unit = Note(max_length=64)
    tax_rate = Figure(places=4, most="0.9999", required=False, allow_null=True)


class RespondBody(Body):
    version = Seen()
    code = serializers.ChoiceField(["AP", "CA", "RE"])
    lines = many(CounterLine, required=False, max_length=MOST_LINES)
    reason = Note()


class ChangeBody(Body):
    version = Seen()
    lines = many(ChangeLine, allow_empty=False, max_length=MOST_LINES)
    reason = Note()


class CancelBody(Body):
    version = Seen()
    reason = Note()


class VersionBody(Body):
    version = Seen()


class MapLine(Body):
    line = LineNo()
    item = Text(max_length=64, allow_null=True)
    factor = Text(max_length=40, default="1")
    remember = serializers.BooleanField(default=False)


class MapBody(Body):
    lines = many(MapLine, allow_empty=False, max_length=MOST_LINES)


class ItemMapBody(Body):
    link = serializers.UUIDField()
    item = Text(max_length=64)
    partner_item = Text(max_length=64)
    partner_unit = Text(max_length=64)
    factor = Text(max_length=40, default="1")
