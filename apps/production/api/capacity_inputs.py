"""Shapes of calendars, work centres and routings as they come in."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.production.api.base import Code, Number, Row
from apps.production.api.plan_inputs import Body, day, stamp
from apps.production.models import RoutingStep, WorkCentre

MOST_GROUPS = 200


class Clock(serializers.CharField):  # type: ignore[misc,unused-ignore]  # DRF ships no types
    """A time of the day; the service says what is wrong with it, as one of the calendar's faults."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, allow_blank=True, **options)


class ShiftInput(Row):
    to = Clock()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": Clock()}  # `from` is a word of the language


class WeekShiftInput(ShiftInput):
    weekday = serializers.IntegerField(min_value=-(10**6), max_value=10**6)  # the service says which days there are


class ExceptionInput(serializers.Serializer[Any]):
    date = day(required=True)
    shifts = ShiftInput(many=True, required=False, allow_null=True, max_length=48)  # type: ignore[call-arg]  # of the list


class CalendarInput(Body):
    code = Code()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    week = WeekShiftInput(many=True, required=False, max_length=168)  # type: ignore[call-arg]  # of the list
    exceptions = ExceptionInput(many=True, required=False, max_length=4000)  # type: ignore[call-arg]  # of the list
    version = stamp()


class Matrix(serializers.Field):  # type: ignore[misc,type-arg,unused-ignore]  # as above
    """{from group: {to group: minutes}}, whole minutes."""

    default_error_messages = {"invalid": _("请写成 {{从: {{到: 分钟}}}}。")}

    def to_internal_value(self, data: Any) -> dict[str, dict[str, int]]:
        if not isinstance(data, dict) or len(data) > MOST_GROUPS:
            self.fail("invalid")
        return {self._group(before): self._row(row) for before, row in data.items()}

    def _row(self, row: Any) -> dict[str, int]:
        if not isinstance(row, dict) or len(row) > MOST_GROUPS:
            self.fail("invalid")
        return {self._group(after): self._minutes(minutes) for after, minutes in row.items()}

    def _group(self, name: Any) -> str:
        if not isinstance(name, str) or len(name) > 40 or "\x00" in name:
            self.fail("invalid")
        return str(name)

    def _minutes(self, value: Any) -> int:
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text.isascii() or not text.isdigit() or int(text[:9]) > 100_000 or len(text) > 6:
            self.fail("invalid")
        return int(text)

    def to_representation(self, value: Any) -> Any:
        return value


class WorkCentreInput(Body):
    code = Code()
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    kind = serializers.ChoiceField(choices=WorkCentre.Kind.choices, required=False)
    units = serializers.IntegerField(min_value=1, max_value=500, required=False)
    calendar = Code(required=False, allow_blank=True)
    efficiency = Number(places=4, whole=5, positive=True, required=False)
    machine_rate = Number(places=6, required=False)
    labour_rate = Number(places=6, required=False)
    overhead_rate = Number(places=6, required=False, allow_null=True)
    setup_matrix = Matrix(required=False)
    version = stamp()


def minutes() -> Number:
    return Number(places=6, whole=8, required=False, allow_null=True)


class AlternativeInput(serializers.Serializer[Any]):
    work_centre = Code()
    setup_minutes = minutes()
    run_minutes = minutes()
    fixed_minutes = minutes()
    priority = serializers.IntegerField(required=False, min_value=0, max_value=999)


class SubcontractInput(serializers.Serializer[Any]):
    partner = Code()
    lead_days = serializers.IntegerField(required=False, min_value=0, max_value=3650)
    price = Number(places=6, required=False, allow_null=True)


class RoutingStepInput(serializers.Serializer[Any]):
    seq = serializers.IntegerField(min_value=1, max_value=99_999)
    name = serializers.CharField(max_length=100, required=False, allow_blank=True)
    work_centre = Code()
    setup_minutes = minutes()
    run_minutes = minutes()
    fixed_minutes = minutes()
    queue_minutes = minutes()
    overlap_quantity = Number(positive=True, required=False, allow_null=True)
    alternatives = AlternativeInput(many=True, required=False, max_length=50)  # type: ignore[call-arg]  # of the list
    setup_group = serializers.CharField(max_length=40, required=False, allow_blank=True)
    inspect = serializers.ChoiceField(choices=RoutingStep.Inspect.choices, required=False)
    subcontract = SubcontractInput(required=False, allow_null=True)
    report_point = serializers.BooleanField(required=False)
    piece_rate = Number(places=6, required=False, allow_null=True)


class RoutingInput(Body):
    item = Code()
    version = Code(required=False, allow_blank=True, max_length=20)
    valid_from = day()
    valid_to = day()
    steps = RoutingStepInput(many=True, required=False, max_length=500)  # type: ignore[call-arg]  # of the list
    activate = serializers.BooleanField(required=False)
    version_no = stamp()
