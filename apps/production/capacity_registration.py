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
            "work_order": _("工单"),
            "bom": _("物料清单"),
            "demand": _("需求"),
            "report": _("报工"),
            "plan_run": _("物料需求"),
            "planning_data": _("计划参数"),
            "stock_entry": _("计划用库存"),
            "piece_rate": _("计件单价"),
            "wages": _("计件工资"),
            "production": _("生产"),
        },
        verbs={
            "activate": _("启用"),
            "retire": _("停用"),
            "publish": _("发布"),
            "cancel": _("取消"),
            "move": _("改期"),
            "pin": _("固定"),
            "unpin": _("取消固定"),
            "work_order.release": _("下达"),
            "plan_run.release": _("下达"),
            "work_order.receive": _("完工入库"),
            "work_order.issue": _("领料"),
            "work_order.return": _("退料"),
            "work_order.complete": _("完工"),
            "work_order.hold": _("暂停"),
            "resume": _("恢复"),
            "wages.settle": _("结算"),
            "piece_rate.set": _("修改"),
            "production.settings": _("修改设置"),
        },
    )
