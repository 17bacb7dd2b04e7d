"""What capacity and scheduling hang into the frame; called by `registration.py`."""

from apps.production.imports import capacity as capacity_imports
from apps.production.services import schedule_runs
from apps.production.services.capacity_seeding import seed_calendar
from kernel import jobs
from tenants import hooks


def hang_in() -> None:
    """The first calendar, imports, the job of scheduling."""
    if seed_calendar not in hooks.template_seeders:
        hooks.template_seeders.append(seed_calendar)
    capacity_imports.register_all()
    jobs.register(schedule_runs.JOB, schedule_runs.run_job)
