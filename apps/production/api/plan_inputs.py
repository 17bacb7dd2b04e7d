"""Shapes of what engineering and planning take in."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.production.api.base import Code, Number
from apps.production.models import Demand, PlanningData
from apps.production.services.plan_refusals import wrong


class Body(serializers.Serializer[Any]):
    """A body; `version` is what the writer read, and may be left out."""


def stamp() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)


def day(*, required: bool = False) -> serializers.DateField:
    return serializers.DateField(required=required, allow_null=not required, input_formats=["%Y-%m-%d"])


class SettingsInput(Body):
    plan_calendar = Code(required=False)
    report_tolerance = Number(places=6, whole=1, required=False)
    horizon_days = serializers.IntegerField(required=False, min_value=1, max_value=1830)
    time_limit_s = serializers.IntegerField(required=False, min_value=1, max_value=3600)
    workers = serializers.IntegerField(required=False, min_value=1, max_value=64)
    overhead_rate = Number(places=6, required=False)
    hold_partial = serializers.BooleanField(required=False)
    version = stamp()

    def validate_report_tolerance(self, value: Any) -> Any:
        if value > 1:
            raise serializers.ValidationError(_("是 0 到 1 之间的比例。"))
        return value


class AlternateInput(Body):
    item = Code()
    ratio = Number(places=6, positive=True, required=False)
    priority = serializers.IntegerField(required=False, min_value=1, max_value=999)


class BomLineInput(Body):
    line = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10**6)
    component = Code()
    quantity = Number(places=6, required=False)
    unit = Code(required=False, allow_blank=True, allow_null=True)
    scrap_rate = Number(places=6, whole=4, required=False)
    fixed_quantity = Number(places=6, required=False)
    phantom = serializers.BooleanField(required=False, allow_null=True, default=None)
    operation = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=10**6)
    backflush = serializers.BooleanField(required=False)
    alternates = AlternateInput(many=True, required=False)
    valid_from = day()
    valid_to = day()


class BomInput(Body):
    item = Code()
    version = Code(required=False, allow_blank=True, max_length=20)
    base_quantity = Number(places=6, positive=True, required=False)
    valid_from = day()
    valid_to = day()
    lines = BomLineInput(many=True, required=False, max_length=5000)  # type: ignore[call-arg]  # of the list it makes
    activate = serializers.BooleanField(required=False)
    version_no = stamp()


class BomVerbInput(Body):
    version_no = stamp()


class LotRule(serializers.ChoiceField):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """One of the rules; any other is 400 `bad_lot_rule`."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in PlanningData.LotRule.values:
            sentence = _("批量规则是 %(rules)s 之一。") % {"rules": "、".join(PlanningData.LotRule.values)}
            raise wrong("bad_lot_rule", sentence, "lot_rule")
        return data


class PlanningDataInput(Body):
    lot_rule = LotRule(choices=PlanningData.LotRule.choices, required=False)
    fixed_quantity = Number(required=False, allow_null=True, positive=True)
    min_lot = Number(required=False, allow_null=True)
    max_lot = Number(required=False, allow_null=True, positive=True)
    multiple = Number(required=False, allow_null=True, positive=True)
    period_days = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3650)
    order_cost = Number(places=6, required=False, allow_null=True)
    holding_cost = Number(places=6, required=False, allow_null=True)
    annual_demand = Number(required=False, allow_null=True)
    lead_days = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3650)
    tolerance_days = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3650)
    safety_stock = Number(required=False, allow_null=True)
    supplier = Code(required=False, allow_null=True, allow_blank=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field: the metaclass takes it out
        choices=PlanningData.Source.choices, required=False, allow_null=True, allow_blank=True
    )
    version = stamp()


class DemandInput(Body):
    item = Code()
    quantity = Number(positive=True)
    due_on = day(required=True)
    kind = serializers.ChoiceField(choices=Demand.Kind.choices, required=False)
    priority = serializers.IntegerField(required=False, min_value=1, max_value=9)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=100)


class VersionInput(Body):
    version = stamp()


class StockEntryInput(Body):
    item = Code()
    quantity = Number()


class RunInput(Body):
    start_on = day()
    horizon_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=1830)
    scenario = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    wait = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=60)


class ReleaseInput(Body):
    orders = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=2000
    )


class KitCheckInput(serializers.Serializer[Any]):
    work_orders = serializers.ListField(child=Code(), required=False, allow_null=True, max_length=2000)
    to = day()
    mode = serializers.ChoiceField(choices=["alone", "in_sequence"], default="in_sequence")
    expected = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": day()}  # `from` is a word of the language
