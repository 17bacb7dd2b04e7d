"""Base of the production API: module, rights, bodies and query parameters read with care."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from apps.masterdata import public as masterdata
from apps.production.services.plan_refusals import wrong
from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView

LONGEST = 200
MAX_ID = 2**63 - 1


class ProductionView(ExportListMixin, ModuleAPIView):
    """A view of production. Subclasses say which rights they need."""

    module = "production"
    rights: dict[str, str | None] = {"GET": "production.view", "*": "production.plan"}

    def body(self, kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """The request body in the shape of `kind`; only what was sent, plus defaults of required input."""
        data = kind(data=self.request.data, partial=partial)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def text(self, name: str) -> str:
        """A query parameter, trimmed; empty when it is absent. Raises Invalid."""
        found = str(self.request.query_params.get(name, "")).strip()
        if "\x00" in found or len(found) > LONGEST:
            raise wrong("invalid", _("%(name)s 格式不对，请检查。") % {"name": name}, name)
        return found

    def needed(self, name: str) -> str:
        found = self.text(name)
        if not found:
            raise wrong("invalid", _("请提供参数 %(name)s。") % {"name": name}, name)
        return found

    def whole(self, name: str) -> int | None:
        """A whole number that an id can be."""
        found = self.text(name)
        if not found:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", found):
            raise wrong("invalid", _("%(name)s 要是整数。") % {"name": name}, name)
        return int(found)

    def day(self, name: str) -> date | None:
        found = self.text(name)
        if not found:
            return None
        try:
            return date.fromisoformat(found) if re.fullmatch(r"\d{4}-\d\d-\d\d", found) else self._no_day(name)
        except ValueError:
            return self._no_day(name)

    def _no_day(self, name: str) -> date:
        raise wrong("invalid", _("%(name)s 不是日期，请写成 2026-01-31。") % {"name": name}, name)

    def item(self, name: str = "item") -> masterdata.ItemInfo | None:
        """The item that a parameter names; None when it is absent. Raises Invalid `unknown_item`."""
        found = self.text(name)
        if not found:
            return None
        item = masterdata.item_by_code(found)
        if item is None:
            raise wrong("unknown_item", _("没有物料“%(code)s”。") % {"code": found[:64]}, name)
        return item


class Row(serializers.Serializer[Any]):
    """A row of a list that may itself be null or left out: null is no row."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        if data is None:
            self.fail("null")
        found: tuple[bool, Any] = super().validate_empty_values(data)
        return found


class Number(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A decimal as text, not negative unless said; whole JSON numbers pass, floats do not.

    More than `places` decimals are 400 `too_many_decimals`.
    """

    default_error_messages = {"invalid": gettext_lazy("请写成数字文本，不带千分号和指数。")}

    def __init__(self, *, places: int = 4, whole: int = 12, positive: bool = False, **options: Any) -> None:
        self.places, self.positive = places, positive
        self._pattern = re.compile(rf"[0-9]{{1,{whole}}}(\.[0-9]{{1,30}})?")
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        found = str(data) if isinstance(data, str) or (isinstance(data, int) and not isinstance(data, bool)) else ""
        if not self._pattern.fullmatch(found.strip()):
            self.fail("invalid")
        value = Decimal(found.strip())
        if value != round(value, self.places):
            sentence = _("最多 %(places)s 位小数。") % {"places": self.places}
            raise wrong("too_many_decimals", sentence, str(self.field_name or "quantity"))
        if self.positive and value <= 0:
            raise serializers.ValidationError(_("必须大于零。"))
        return round(value, self.places)

    def to_representation(self, value: Decimal) -> str:
        return f"{value.normalize():f}"


class Code(serializers.CharField):  # type: ignore[misc,unused-ignore]  # as above
    """A code: text, or a whole number as some clients send it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=options.pop("max_length", 64), **options)


def plain(value: Decimal | None) -> str | None:
    """`2.5000` -> `"2.5"`."""
    if value is None:
        return None
    text = f"{value:f}"
    stripped = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if stripped in ("", "-0") else stripped
