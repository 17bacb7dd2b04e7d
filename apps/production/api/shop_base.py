"""Base of the shop floor's API views, and the query string read with care."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView
from kernel.errors import Invalid
from tenants.rights import Member

Json = dict[str, Any]


class ShopView(ExportListMixin, ModuleAPIView):
    """Everybody with `production.view` reads; what changes an order needs `production.plan` unless a view says more."""

    module = "production"
    rights: dict[str, str | None] = {"GET": "production.view", "*": "production.plan"}

    def body(self, kind: type[serializers.Serializer[Any]]) -> Json:
        """The request body in shape. Raises ValidationError (400 `invalid`, fields name the spot)."""
        data = kind(data=self.request.data)
        data.is_valid(raise_exception=True)
        return dict(data.validated_data)

    def asked(self, name: str) -> str:
        """A text of the query string without NUL characters."""
        return str(self.request.query_params.get(name, "")).replace("\x00", "").strip()[:200]

    def asked_day(self, name: str) -> date | None:
        """An ISO date of the query string. Raises Invalid."""
        value = self.asked(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            message = _("日期要写成 2026-06-30。")
            raise Invalid(message, fields={name: [message]}) from error

    def asked_number(self, name: str) -> int | None:
        """A whole number of the query string. Raises Invalid."""
        value = self.asked(name)
        if value and not (value.isascii() and value.isdigit() and len(value) <= 9):
            message = _("这里要写整数。")
            raise Invalid(message, fields={name: [message]})
        return int(value) if value else None


def shaped(shape: Any) -> type[serializers.BaseSerializer[Any]]:
    """A serializer that prints rows with `shape(row, member)`."""

    class Output(serializers.BaseSerializer[Any]):
        def to_representation(self, row: Any) -> Json:
            member: Member = self.context["request"].auth
            found: Json = shape(row, member)
            return found

    return Output
