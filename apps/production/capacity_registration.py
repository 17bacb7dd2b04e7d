"""What capacity and scheduling hang into the frame; called by `registration.py`."""

from django.utils.translation import gettext_lazy as _

from apps.production.imports import capacity as capacity_imports
from apps.production.services import schedule_runs
from apps.production.services.capacity_seeding import seed_calendar
from kernel import audit_words, jobs
from tenants import hooks


def hang_in() -> None:
    """The first calendar, imports, the job of scheduling, words of the log."""
    if seed_calendar not in hooks.template_seeders:
        hooks.template_seeders.append(seed_calendar)
    capacity_imports.register_all()
    jobs.register(schedule_runs.JOB, schedule_runs.run_job)
    audit_words.add(
        nouns={
            "calendar": _("工作日历"),
            "work_centre": _("工作中心"),
            "routing": _("工艺路线"),
            "schedule": _("排产"),
        },
        verbs={
            "activate": _("启用"),
            "retire": _("停用"),
            "publish": _("发布"),
            "cancel": _("取消"),
            "move": _("改期"),
            "pin": _("固定"),
            "unpin": _("取消固定"),
        },
    )
