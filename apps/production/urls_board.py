"""Pages of capacity and scheduling: the board, work centres, calendars, routings."""

from django.urls import URLPattern, path, register_converter

from apps.production.api.urls_planning import RowId
from apps.production.views import board, capacity

register_converter(RowId, "board_id")
urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="board"),
    path("board/run/", board.run_now, name="board-run"),
    path("board/runs/<board_id:run_id>/progress/", board.run_progress, name="board-progress"),
    path("board/runs/<board_id:run_id>/cancel/", board.run_cancel, name="board-cancel"),
    path("board/runs/<board_id:run_id>/publish/", board.run_publish, name="board-publish"),
    path("board/runs/<board_id:run_id>/late/", board.late, name="board-late"),
    path("board/steps/<board_id:step_id>/", board.step, name="board-step"),
    path("board/steps/<board_id:step_id>/move/", board.move, name="board-move"),
    path("board/steps/<board_id:step_id>/pin/", board.pin, name="board-pin"),
    path("work-centres/", capacity.centres, name="centre-list"),
    path("work-centres/new/", capacity.centre_new, name="centre-new"),
    path("work-centres/<board_id:centre_id>/", capacity.centre_edit, name="centre"),
    path("work-centres/<board_id:centre_id>/delete/", capacity.centre_delete, name="centre-delete"),
    path("calendars/", capacity.calendar_list, name="calendar-list"),
    path("calendars/new/", capacity.calendar_new, name="calendar-new"),
    path("calendars/<board_id:calendar_id>/", capacity.calendar_edit, name="calendar"),
    path("calendars/<board_id:calendar_id>/delete/", capacity.calendar_delete, name="calendar-delete"),
    path("routings/", capacity.routing_list, name="routing-list"),
    path("routings/new/", capacity.routing_new, name="routing-new"),
    path("routings/<board_id:routing_id>/", capacity.routing_page, name="routing"),
    path("routings/<board_id:routing_id>/do/<slug:verb>/", capacity.routing_verb, name="routing-verb"),
]
