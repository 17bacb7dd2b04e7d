"""What production hangs into the frame."""

from django.utils.translation import gettext_lazy as _

from apps.inventory import public as inventory
from apps.production import capacity_registration, demo_months, demo_plant, plan_registration
from apps.production.events import SchedulePublished
from apps.production.services import scan_picking
from kernel import demo, meters
from kernel.meters import Meter
from tenants import rights

LOOKERS = (
    "planner",
    "worker",
    "storekeeper",
    "buyer",
    "sales",
    "chief",
    "accountant",
    "auditor",
    "data_officer",
    "admin",
)
rights.register(
    "production",
    {
        "view": LOOKERS,
        "engineer": ("planner", "data_officer", "admin"),
        "plan": ("planner",),
        "schedule": ("planner",),
        "report": ("planner", "worker"),
        "report_for_others": ("planner",),
        "undo_any": ("planner",),
        "inspect": ("planner", "worker", "storekeeper"),
        "wages": ("chief", "accountant", "bookkeeper"),
        "view_cost": ("chief", "accountant", "bookkeeper"),
    },
    title=_("生产"),
    labels={
        "view": _("查看生产"),
        "engineer": _("维护物料清单、工艺和工作中心"),
        "plan": _("需求、物料需求计划和工单"),
        "schedule": _("排产和发布"),
        "report": _("报工"),
        "report_for_others": _("代别人报工"),
        "undo_any": _("撤销任何报工"),
        "inspect": _("质检"),
        "wages": _("计件工资"),
        "view_cost": _("查看生产成本"),
    },
)
plan_registration.hang_in()
capacity_registration.hang_in()
inventory.add_scan_door(scan_picking.DOOR)
demo.add_opening("production", demo_plant.equip, position=30, module="production")
demo.add_months("production", demo_months.tell, position=30, module="production")
demo.add_part("production", demo_plant.build, position=40, module="production")
# Planning again is free: a step counts when it is published for the first time.
meters.declare(
    Meter(
        code="production.scheduled_operations", unit="道", name="排程工序", fact=SchedulePublished,
        quantity=lambda fact: fact.fresh_steps,
    )
)  # fmt: skip
