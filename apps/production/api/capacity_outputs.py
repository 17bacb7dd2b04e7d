"""Calendars, work centres and routings as the API shows them."""

from typing import Any

from apps.production.api.base import plain
from apps.production.domain.shifts import clock
from apps.production.domain.worktime import DAY
from apps.production.models import Calendar, Routing, RoutingStep, WorkCentre

Json = dict[str, Any]


def calendar(row: Calendar) -> Json:
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "week": [
            {
                "weekday": shift.from_minute // DAY + 1,
                "from": clock(shift.from_minute % DAY),
                "to": clock(shift.to_minute - shift.from_minute // DAY * DAY),
            }
            for shift in row.shifts.all()
        ],
        "exceptions": [
            {"date": one.on, "shifts": [{"from": clock(start), "to": clock(end)} for start, end in one.shifts]}
            for one in row.exceptions.all()
        ],
        "version": row.version,
    }


def work_centre(row: WorkCentre) -> Json:
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "units": row.units,
        "calendar": row.calendar.code,
        "efficiency": plain(row.efficiency),
        "machine_rate": plain(row.machine_rate),
        "labour_rate": plain(row.labour_rate),
        "overhead_rate": plain(row.overhead_rate),
        "setup_matrix": row.setup_matrix,
        "version": row.version,
    }


def routing(row: Routing) -> Json:
    return {
        "id": row.pk,
        "item": row.item.code,
        "version": row.version,
        "state": row.state,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "version_no": row.version_no,
        "steps": [routing_step(step) for step in row.steps.all()],
    }


def routing_step(step: RoutingStep) -> Json:
    return {
        "seq": step.seq,
        "name": step.name,
        "work_centre": step.work_centre.code,
        "setup_minutes": plain(step.setup_minutes),
        "run_minutes": plain(step.run_minutes),
        "fixed_minutes": plain(step.fixed_minutes),
        "queue_minutes": plain(step.queue_minutes),
        "overlap_quantity": plain(step.overlap_quantity),
        "alternatives": step.alternatives,
        "setup_group": step.setup_group,
        "inspect": step.inspect,
        "subcontract": step.subcontract,
        "report_point": step.report_point,
        "piece_rate": plain(step.piece_rate),
    }
