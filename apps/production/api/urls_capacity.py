"""API of capacity: calendars, work centres, routings, schedules."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from apps.production.api import capacity, schedules
from apps.production.api.urls_planning import RowId
from kernel.api.imports import import_urls

register_converter(RowId, "capacity_id")
urlpatterns: list[URLPattern | URLResolver] = [
    path("calendars/", capacity.CalendarList.as_view(), name="calendars"),
    path("calendars/<str:code>/", capacity.CalendarDetail.as_view(), name="calendar"),
    path("work-centres/", capacity.WorkCentreList.as_view(), name="work-centres"),
    path("work-centres/", include(import_urls("production.work_centres"))),
    path("work-centres/<str:code>/", capacity.WorkCentreDetail.as_view(), name="work-centre"),
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
    path("schedule/steps/<str:work_order>/<int:seq>/move/", schedules.StepMove.as_view(), name="schedule-step-move"),
    path("schedule/steps/<str:work_order>/<int:seq>/pin/", schedules.StepPin.as_view(), name="schedule-step-pin"),
]
