"""Fields of the shop floor's request bodies: quantities and money are text, moments carry an offset."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.production.services.shop_refusals import wrong_input


class NumberText(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A decimal >= 0 as text; whole JSON numbers pass, floats do not.

    More than `places` decimals are 400 `too_many_decimals`.
    """

    default_error_messages = {
        "invalid": _("请写成数字文本，例如 12.5，不带千分号和指数。"),
        "large": _("这个数太大了。"),
    }

    def __init__(self, *, places: int = 4, **options: Any) -> None:
        self.places = places
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)) else ""
        if not re.fullmatch(r"[0-9]{1,40}(\.[0-9]{1,40})?", text):
            self.fail("invalid")
        whole, _dot, decimals = text.partition(".")
        if len(whole.lstrip("0")) > 18 - max(self.places, 6):
            self.fail("large")
        if len(decimals.rstrip("0")) > self.places:
            sentence = _("最多 {places} 位小数。").format(places=self.places)
            raise wrong_input("too_many_decimals", sentence, str(self.field_name or "quantity"))
        return Decimal(text)

    def to_representation(self, value: Decimal) -> str:
        return f"{value.normalize():f}"


class Day(serializers.DateField):  # type: ignore[misc,unused-ignore]  # as above
    """An ISO date from 1990 to 2199."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        found: date = super().to_internal_value(value)
        if not 1990 <= found.year <= 2199:
            self.fail("invalid", format="YYYY-MM-DD")
        return found


class Moment(serializers.DateTimeField):  # type: ignore[misc,unused-ignore]  # as above
    """A moment from 1990 to 2199; without an offset it is Shanghai time."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            found: datetime = super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+08:00")
        if not 1990 <= found.year <= 2199:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss+08:00")
        return found


class Text(serializers.CharField):  # type: ignore[misc,unused-ignore]  # as above
    """Text that must be a JSON string: a number or a truth value is a slip of the client."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        found: str = super().to_internal_value(data)
        return found


class Reference(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # as above
    """Another record: its id as a number, or its number or version as text."""

    default_error_messages = {"invalid": _("请写编号或编码。")}

    def to_internal_value(self, data: Any) -> int | str:
        if isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**63:
            return data
        if isinstance(data, str) and 0 < len(data.strip()) <= 60 and "\x00" not in data:
            return data.strip()
        self.fail("invalid")
        return ""

    def to_representation(self, value: Any) -> Any:
        return value


def text(length: int = 200, *, required: bool = False) -> Text:
    return Text(max_length=length, required=required, allow_blank=not required)


def quantity(*, required: bool = False, places: int = 4) -> NumberText:
    return NumberText(places=places, required=required)


def seq(*, required: bool = True) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=99_999, required=required)


def version() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
