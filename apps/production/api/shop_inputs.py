"""Shapes of what the shop floor's API takes in; what a code or a quantity means is decided by the services."""

from typing import Any

from rest_framework import serializers

from apps.production.api.base import Row
from apps.production.api.shop_fields import Day, Moment, NumberText, Reference, quantity, seq, text, version
from apps.production.services.order_input import NewMaterial, NewOrder, NewStep
from apps.production.services.picking import PickLine
from apps.production.services.reporting import NewReport
from apps.production.services.wages import NewTier

MOST_LINES = 1000


class AlternativeBody(serializers.Serializer[Any]):
    work_centre = text(64, required=True)
    setup_minutes = NumberText(places=6, required=False, allow_null=True)
    run_minutes = NumberText(places=6, required=False, allow_null=True)
    fixed_minutes = NumberText(places=6, required=False, allow_null=True)


class SubcontractBody(serializers.Serializer[Any]):
    partner = text(64, required=True)
    lead_days = serializers.IntegerField(min_value=0, max_value=3650, required=False, default=0)
    price = NumberText(places=6, required=False, allow_null=True)


class StepBody(Row):
    seq = seq()
    name = text(100)
    work_centre = text(64, required=True)
    setup_minutes = NumberText(places=6, required=False, allow_null=True)
    run_minutes = NumberText(places=6, required=False, allow_null=True)
    fixed_minutes = NumberText(places=6, required=False, allow_null=True)
    queue_minutes = NumberText(places=6, required=False, allow_null=True)
    overlap_quantity = NumberText(required=False, allow_null=True)
    alternatives = AlternativeBody(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # of the list
    setup_group = text(40)
    inspect = serializers.ChoiceField(choices=["none", "first", "sample", "all"], required=False)
    subcontract = SubcontractBody(required=False, allow_null=True)
    report_point = serializers.BooleanField(required=False)
    piece_rate = NumberText(places=6, required=False, allow_null=True)

    @staticmethod
    def step(data: dict[str, Any]) -> NewStep:
        """The service's shape of one validated step."""
        return NewStep(**{name: value for name, value in data.items() if value is not None})


class MaterialBody(Row):
    item = text(64, required=True)
    quantity = quantity(required=True)
    operation = serializers.IntegerField(min_value=0, max_value=99_999, required=False, allow_null=True)
    backflush = serializers.BooleanField(required=False, default=False)

    @staticmethod
    def material(data: dict[str, Any]) -> NewMaterial:
        return NewMaterial(
            item=data["item"], quantity=data["quantity"], step_seq=data.get("operation"), backflush=data["backflush"]
        )


class OrderBody(serializers.Serializer[Any]):
    item = text(64, required=True)
    quantity = quantity(required=True)
    due_on = Day()
    start_on = Day(required=False, allow_null=True)
    priority = serializers.IntegerField(min_value=1, max_value=9, required=False)
    bom = Reference(required=False, allow_null=True)
    routing = Reference(required=False, allow_null=True)
    sales_order = text(40)
    sales_line = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False, allow_null=True)
    reference = text(120)
    warehouse = text(64)
    number = text(40)
    steps = StepBody(many=True, required=False, allow_null=True, max_length=MOST_LINES)  # type: ignore[call-arg]  # of the list
    materials = MaterialBody(  # type: ignore[call-arg]  # of the list
        many=True, required=False, allow_null=True, max_length=MOST_LINES
    )
    release = serializers.BooleanField(required=False, default=False)
    reserve = serializers.BooleanField(required=False, default=False)

    @staticmethod
    def order(data: dict[str, Any]) -> NewOrder:
        """The service's shape; `release` and `reserve` are left to the caller."""
        values = {key: value for key, value in data.items() if key not in ("release", "reserve")}
        if values.get("steps") is not None:
            values["steps"] = [StepBody.step(step) for step in values["steps"]]
        if values.get("materials") is not None:
            values["materials"] = [MaterialBody.material(row) for row in values["materials"]]
        return NewOrder(**values)


class VerbBody(serializers.Serializer[Any]):
    version = version()


class ReasonedVerbBody(VerbBody):
    reason = text()


class ReleaseBody(VerbBody):
    reserve = serializers.BooleanField(required=False, default=False)


class ChangeBody(VerbBody):
    quantity = quantity()
    due_on = Day(required=False)
    start_on = Day(required=False)
    priority = serializers.IntegerField(min_value=1, max_value=9, required=False)


class PickLineBody(serializers.Serializer[Any]):
    item = text(64, required=True)
    quantity = quantity(required=True)
    lot = text(64)


class PickBody(serializers.Serializer[Any]):
    warehouse = text(64)
    moved_on = Day(required=False)
    lines = PickLineBody(many=True, required=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # of the list
    kit = serializers.BooleanField(required=False, default=False)
    reason = text()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["kit"] and not attrs.get("lines"):
            raise serializers.ValidationError({"lines": [self.fields["lines"].error_messages["required"]]})
        return attrs

    @staticmethod
    def lines_of(data: dict[str, Any]) -> list[PickLine]:
        return [PickLine(**row) for row in data.pop("lines", [])]


class ReceiveBody(serializers.Serializer[Any]):
    warehouse = text(64)
    moved_on = Day(required=False)
    quantity = quantity(required=True)
    lot = text(64)


class WorkerBody(serializers.Serializer[Any]):
    employee = text(64, required=True)
    weight = NumberText(places=6, required=False)


class ReportBody(serializers.Serializer[Any]):
    work_order = Reference()
    seq = seq()
    good = quantity()
    scrap = quantity()
    scrap_reason = text()
    rework = quantity()
    workers = WorkerBody(many=True, required=False, max_length=200)  # type: ignore[call-arg]  # of the list
    work_centre = text(64)
    started_at = Moment(required=False, allow_null=True)
    ended_at = Moment(required=False, allow_null=True)
    minutes = NumberText(places=2, required=False, allow_null=True)
    key = text(100)

    @staticmethod
    def report(data: dict[str, Any], order_id: int) -> NewReport:
        values = {key: value for key, value in data.items() if key not in ("work_order", "workers")}
        workers = [(row["employee"], row.get("weight", 1)) for row in data.get("workers", [])]
        return NewReport(order_id=order_id, workers=workers, **values)


class UndoBody(serializers.Serializer[Any]):
    reason = text()


class TierBody(serializers.Serializer[Any]):
    rate = NumberText(places=6)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of the language: it cannot be an attribute.
        return {"from": NumberText(places=4), **super().get_fields()}


class RateBody(serializers.Serializer[Any]):
    item = text(64, required=True)
    seq = seq()
    rate = NumberText(places=6)
    valid_from = Day()
    tiers = TierBody(many=True, required=False, max_length=20)  # type: ignore[call-arg]  # of the list

    @staticmethod
    def tiers_of(data: dict[str, Any]) -> list[NewTier]:
        return [NewTier(start=row["from"], rate=row["rate"]) for row in data.pop("tiers", [])]


class SettleBody(serializers.Serializer[Any]):
    month = serializers.RegexField(r"^(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])$")
