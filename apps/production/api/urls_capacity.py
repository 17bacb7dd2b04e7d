"""API of capacity: calendars, work centres, routings, schedules."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from apps.production.api import capacity, schedules
from apps.production.api.urls_planning import RowId
from kernel.api.imports import import_urls


class CodeText:
    """A code or number as a path names it; no text holds a NUL, so such a code is simply not found."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(RowId, "capacity_id")
register_converter(CodeText, "capacity_code")
STEP = "schedule/steps/<capacity_code:work_order>/<int:seq>"
urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/", capacity.CalendarList.as_view(), name="calendars"),
    path("calendars/<capacity_code:code>/", capacity.CalendarDetail.as_view(), name="calendar"),
    path("work-centres/", capacity.WorkCentreList.as_view(), name="work-centres"),
    path("work-centres/", include(import_urls("production.work_centres"))),
    path("work-centres/<capacity_code:code>/", capacity.WorkCentreDetail.as_view(), name="work-centre"),
    path("routings/", capacity.RoutingList.as_view(), name="routings"),
    path("routings/", include(import_urls("production.routings"))),
    path("routings/<capacity_id:routing_id>/", capacity.RoutingDetail.as_view(), name="routing"),
    path("routings/<capacity_id:routing_id>/activate/", capacity.RoutingActivate.as_view(), name="routing-activate"),
    path("routings/<capacity_id:routing_id>/retire/", capacity.RoutingRetire.as_view(), name="routing-retire"),
    path("schedule-runs/", schedules.RunList.as_view(), name="schedule-runs"),
    path("schedule-runs/<capacity_id:run_id>/", schedules.RunDetail.as_view(), name="schedule-run"),
    path("schedule-runs/<capacity_id:run_id>/steps/", schedules.RunSteps.as_view(), name="schedule-run-steps"),
    path("schedule-runs/<capacity_id:run_id>/late/", schedules.RunLate.as_view(), name="schedule-run-late"),
    path("schedule-runs/<capacity_id:run_id>/publish/", schedules.RunPublish.as_view(), name="schedule-run-publish"),
    path("schedule-runs/<capacity_id:run_id>/cancel/", schedules.RunCancel.as_view(), name="schedule-run-cancel"),
    path("schedule/steps/", schedules.PlanSteps.as_view(), name="schedule-steps"),
    path(
        "schedule/steps/<capacity_code:work_order>/<int:seq>/move/",
        schedules.StepMove.as_view(),
        name="schedule-step-move",
    ),
    path(
        "schedule/steps/<capacity_code:work_order>/<int:seq>/pin/",
        schedules.StepPin.as_view(),
        name="schedule-step-pin",
    ),
]
