"""Shapes of request bodies about posting rules and business facts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.finance.api.fields import BookDay, Text
from apps.finance.api.inputs import AuxField, Body
from apps.finance.domain.rules import RuleLine
from apps.finance.services.posting_rules import MOST_LINES, RuleInput, VersionInput


class Data(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """An object; what may stand in it is the service's to say."""

    default_error_messages = {"invalid": _("请写成 JSON 对象。")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


class RuleLineBody(Body):
    side = Text(max_length=6)
    account = Text(max_length=200)
    amount = Text(max_length=61)
    aux = AuxField(required=False)
    quantity = Text(max_length=61, required=False, allow_blank=True, allow_null=True)


class VersionBody(Body):
    when = Data(required=False)
    word = Text(max_length=8, required=False, allow_blank=True)
    summary = Text(max_length=200)
    lines = RuleLineBody(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]  # DRF hands it to the list

    @staticmethod
    def version(data: Mapping[str, Any]) -> VersionInput:
        """As the service takes it."""
        return VersionInput(**{**data, "lines": [RuleLine(**line) for line in data["lines"]]})


class RuleBody(Body):
    code = Text(max_length=40)
    name = Text(max_length=80)
    fact = Text(max_length=60)
    priority = serializers.IntegerField(required=False, min_value=0, max_value=9999)
    active = serializers.BooleanField(required=False)
    auto_review = serializers.BooleanField(required=False)
    grouping = Text(max_length=8, required=False)
    version = VersionBody()

    @staticmethod
    def rule(data: Mapping[str, Any]) -> RuleInput:
        """As the service takes it."""
        return RuleInput(**{**data, "version": VersionBody.version(data["version"])})


class RuleChange(Body):
    name = Text(max_length=80, required=False)
    priority = serializers.IntegerField(required=False, min_value=0, max_value=9999)
    active = serializers.BooleanField(required=False)
    auto_review = serializers.BooleanField(required=False)
    grouping = Text(max_length=8, required=False)


class FactBody(Body):
    fact = Text(max_length=60)
    source = Text(max_length=120)  # type: ignore[assignment]  # DRF takes it off the class
    occurred_on = BookDay()
    data = Data()  # type: ignore[assignment]  # as above
    document = Text(max_length=80, required=False, allow_blank=True)
