"""Calendars, work centres and routings over HTTP."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.production.api import capacity_inputs as inputs
from apps.production.api import capacity_outputs as outputs
from apps.production.api.base import ProductionView
from apps.production.api.plan_inputs import BomVerbInput
from apps.production.api.plan_outputs import shaped
from apps.production.selectors import capacity as selectors
from apps.production.services import calendars, routings, work_centres
from kernel.clock import now
from kernel.exports import Column

ENGINEER: dict[str, str | None] = {"GET": "production.view", "*": "production.engineer"}


class CalendarList(ProductionView):
    """GET ?search=; POST a calendar → 201. 400 bad_calendar, 409 duplicate_code."""

    rights = ENGINEER
    export_name = "calendars"
    export_columns = (Column("code", gettext_lazy("编码")), Column("name", gettext_lazy("名称")))

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(selectors.calendars(self.text("search")), shaped(outputs.calendar))

    @extend_schema(request=inputs.CalendarInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        values = self.body(inputs.CalendarInput)
        made = calendars.save_calendar(calendar_id=None, values=values, actor=self.member)
        return self.created(outputs.calendar(selectors.calendars().get(pk=made.pk)))


class CalendarDetail(ProductionView):
    """GET, PATCH, PUT, DELETE by code or id. 400 bad_calendar, 409 in_use, wrong_state (24x7), stale_version."""

    rights = ENGINEER

    @extend_schema(responses={200: dict})
    def get(self, request: Any, code: str) -> Response:
        return Response(outputs.calendar(selectors.found(selectors.calendars(), code)))

    @extend_schema(request=inputs.CalendarInput, responses={200: dict})
    def patch(self, request: Any, code: str) -> Response:
        row = selectors.found(selectors.calendars(), code)
        values = self.body(inputs.CalendarInput, partial=True)
        calendars.save_calendar(calendar_id=row.pk, values=values, actor=self.member)
        return Response(outputs.calendar(selectors.calendars().get(pk=row.pk)))

    put = patch

    @extend_schema(responses={204: None})
    def delete(self, request: Any, code: str) -> Response:
        row = selectors.found(selectors.calendars(), code)
        calendars.delete_calendar(calendar_id=row.pk, actor=self.member)
        return Response(status=204)


class WorkCentreList(ProductionView):
    """GET ?search=&kind=; POST a work centre → 201. 400 bad_calendar, 409 duplicate_code."""

    rights = ENGINEER
    export_name = "work-centres"
    export_columns = (
        Column("code", gettext_lazy("编码")),
        Column("name", gettext_lazy("名称")),
        Column("kind", gettext_lazy("类型")),
        Column("units", gettext_lazy("数量"), "number"),
        Column("calendar.code", gettext_lazy("日历")),
        Column("efficiency", gettext_lazy("效率"), "quantity"),
        Column("machine_rate", gettext_lazy("设备费率"), "quantity"),
        Column("labour_rate", gettext_lazy("人工费率"), "quantity"),
        Column("overhead_rate", gettext_lazy("制造费用率"), "quantity"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        return self.listed(selectors.work_centres(self.text("search"), self.text("kind")), shaped(outputs.work_centre))

    @extend_schema(request=inputs.WorkCentreInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        values = self.body(inputs.WorkCentreInput)
        made = work_centres.save_work_centre(centre_id=None, values=values, actor=self.member)
        return self.created(outputs.work_centre(made))


class WorkCentreDetail(ProductionView):
    """GET, PATCH, PUT, DELETE by code or id. 409 in_use, duplicate_code, stale_version."""

    rights = ENGINEER

    @extend_schema(responses={200: dict})
    def get(self, request: Any, code: str) -> Response:
        return Response(outputs.work_centre(selectors.found(selectors.work_centres(), code)))

    @extend_schema(request=inputs.WorkCentreInput, responses={200: dict})
    def patch(self, request: Any, code: str) -> Response:
        row = selectors.found(selectors.work_centres(), code)
        values = self.body(inputs.WorkCentreInput, partial=True)
        work_centres.save_work_centre(centre_id=row.pk, values=values, actor=self.member)
        return Response(outputs.work_centre(selectors.work_centres().get(pk=row.pk)))

    put = patch

    @extend_schema(responses={204: None})
    def delete(self, request: Any, code: str) -> Response:
        row = selectors.found(selectors.work_centres(), code)
        work_centres.delete_work_centre(centre_id=row.pk, actor=self.member)
        return Response(status=204)


class RoutingList(ProductionView):
    """GET ?item=&state=&search=; POST a version → 201. 400 unknown_item, unknown_work_centre; 409 bom_overlap."""

    rights = ENGINEER
    export_name = "routings"
    export_columns = (
        Column("item.code", gettext_lazy("产品")),
        Column("version", gettext_lazy("版本")),
        Column("state", gettext_lazy("状态")),
        Column("valid_from", gettext_lazy("生效日期"), "date"),
        Column("valid_to", gettext_lazy("失效日期"), "date"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        item = self.item()
        rows = selectors.routings(
            item_id=item.id if item else None, state=self.text("state"), search=self.text("search")
        )
        return self.listed(rows, shaped(outputs.routing))

    @extend_schema(request=inputs.RoutingInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        made = routings.create_routing(values=self.body(inputs.RoutingInput), actor=self.member, at=now())
        return self.created(outputs.routing(selectors.routing_at(made.pk)))


class RoutingDetail(ProductionView):
    """GET, PATCH, DELETE one version; 409 wrong_state, stale_version."""

    rights = ENGINEER

    @extend_schema(responses={200: dict})
    def get(self, request: Any, routing_id: int) -> Response:
        return Response(outputs.routing(selectors.routing_at(routing_id)))

    @extend_schema(request=inputs.RoutingInput, responses={200: dict})
    def patch(self, request: Any, routing_id: int) -> Response:
        values = self.body(inputs.RoutingInput, partial=True)
        routings.change_routing(routing_id=routing_id, values=values, actor=self.member)
        return Response(outputs.routing(selectors.routing_at(routing_id)))

    put = patch

    @extend_schema(responses={204: None})
    def delete(self, request: Any, routing_id: int) -> Response:
        routings.delete_routing(routing_id=routing_id, actor=self.member)
        return Response(status=204)


class RoutingActivate(ProductionView):
    """POST {version_no}: draft → active. 409 wrong_state, bom_overlap."""

    rights = ENGINEER

    @extend_schema(request=BomVerbInput, responses={200: dict})
    def post(self, request: Any, routing_id: int) -> Response:
        given = self.body(BomVerbInput)
        routings.activate_routing(routing_id=routing_id, actor=self.member, version_no=given.get("version_no"))
        return Response(outputs.routing(selectors.routing_at(routing_id)))


class RoutingRetire(ProductionView):
    """POST {version_no}: active → retired. 409 wrong_state."""

    rights = ENGINEER

    @extend_schema(request=BomVerbInput, responses={200: dict})
    def post(self, request: Any, routing_id: int) -> Response:
        given = self.body(BomVerbInput)
        routings.retire_routing(routing_id=routing_id, actor=self.member, version_no=given.get("version_no"))
        return Response(outputs.routing(selectors.routing_at(routing_id)))
