"""Fields of request bodies: amounts are text, never floats; dates lie in years that have periods."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class NumberText(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A decimal as text with at most `places` decimals, 18 digits in all; whole JSON numbers pass, floats do not."""

    default_error_messages = {"invalid": _("请写成最多 {places} 位小数的数字文本，不带千分号和指数。")}

    def __init__(self, *, places: int = 2, **options: Any) -> None:
        self.places = places
        self._pattern = re.compile(rf"-?[0-9]{{1,{18 - places}}}(\.[0-9]{{1,{places}}})?")
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)) else ""
        if not self._pattern.fullmatch(text):
            self.fail("invalid", places=self.places)
        return Decimal(text).quantize(Decimal(1).scaleb(-self.places)) + 0

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.{self.places}f}"


class BookDay(serializers.DateField):  # type: ignore[misc,unused-ignore]  # as above
    """An ISO date from 1900 on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        found: date = super().to_internal_value(value)
        if found.year < 1900:
            self.fail("invalid", format="YYYY-MM-DD")
        return found


class Text(serializers.CharField):  # type: ignore[misc,unused-ignore]  # as above
    """Text that must be a JSON string: a number or a truth value is a slip of the client."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        found: str = super().to_internal_value(data)
        return found
