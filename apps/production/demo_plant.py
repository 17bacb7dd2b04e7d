"""The demo company's workshop: machines, routings, bills, work orders around today, and the published schedule."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.masterdata import public as masterdata
from apps.production.models import WorkCentre
from apps.production.services import mrp
from apps.production.services.boms import create_bom
from apps.production.services.calendars import save_calendar
from apps.production.services.order_input import NewOrder
from apps.production.services.planning_data import save_planning_data
from apps.production.services.reporting import NewReport, report
from apps.production.services.routings import create_routing
from apps.production.services.schedule_publishing import publish_run
from apps.production.services.schedule_runs import create_run, execute
from apps.production.services.work_centres import save_work_centre
from apps.production.services.work_orders import create_work_order
from kernel.clock import now
from kernel.demo import DemoCompany

MACHINES = (("JC-01", "锯床"), ("CN-01", "数控车床 1"), ("CN-02", "数控车床 2"), ("ZC-01", "钻床"), ("ZP-01", "装配台"))
MACHINE_RATE, OVERHEAD_RATE = Decimal(40), Decimal(60)  # yuan an hour, of what is reported
WORKERS = (("E01", "陈刚"), ("E02", "刘洋"), ("E03", "赵伟"), ("E04", "孙丽"))
# item, name, minutes and piece rate by those of STEPS, what a piece takes of (component, quantity, scrap rate)
FLANGES = (
    ("FL-DN50", "法兰盘 DN50", Decimal(1), (("Q235-12", "8.2", "0.03"), ("M16-BOLT", "4", "0"), ("GSK-50", "1", "0"))),
    ("FL-DN80", "法兰盘 DN80", Decimal("1.5"), (("Q235-12", "12.6", "0.03"), ("M16-BOLT", "8", "0"))),
)
MATERIALS = (
    ("Q235-12", "钢板 Q235 12mm", "kg"),
    ("M16-BOLT", "六角螺栓 M16×60", "pcs"),
    ("GSK-50", "石墨垫片 DN50", "pcs"),
)
STEPS = (  # name, machine, minutes a piece, yuan a piece where it is reported
    ("锯切", "JC-01", "2", ""),
    ("车削", "CN-01", "6", "4.00"),
    ("钻孔", "ZC-01", "3", ""),
    ("装配", "ZP-01", "1", "2.20"),
)
SHIFTS = (("08:00", "12:00"), ("13:00", "20:00"))  # Monday to Saturday
PLANNED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("FL-DN50", {"lot_rule": "l4l", "lead_days": 4}),
    ("FL-DN80", {"lot_rule": "l4l", "lead_days": 4}),
    ("Q235-12", {"lot_rule": "l4l", "lead_days": 7, "min_lot": Decimal(1000), "supplier": "S001"}),
    ("M16-BOLT", {"lot_rule": "l4l", "lead_days": 5, "min_lot": Decimal(1000), "supplier": "S003"}),
    ("GSK-50", {"lot_rule": "l4l", "lead_days": 5, "min_lot": Decimal(500), "supplier": "S003"}),
)
ORDERS = (
    ("FL-DN50", "120", 2),
    ("FL-DN80", "60", 4),
    ("FL-DN50", "200", 6),
    ("FL-DN80", "90", 9),
    ("FL-DN50", "80", 12),
)
SECONDS = 2


def equip(demo: DemoCompany) -> None:
    """Calendar, machines, people, bills and routings, before the story begins; nothing where machines exist."""
    if WorkCentre.objects.exists():
        return
    actor, at = demo.member("owner"), now()
    for code, name, unit in MATERIALS:
        masterdata.ensure_item(code=code, name=name, unit=unit, actor=actor)
    for code, name in WORKERS:
        masterdata.ensure_employee(code=code, name=name, actor=actor)
    week = [{"weekday": day, "from": start, "to": end} for day in range(1, 7) for start, end in SHIFTS]
    save_calendar(calendar_id=None, values={"code": "D1", "name": "长白班", "week": week}, actor=actor)
    for code, name in MACHINES:
        values = {
            "code": code, "name": name, "kind": WorkCentre.Kind.MACHINE, "units": 1, "calendar": "D1",
            "machine_rate": MACHINE_RATE, "overhead_rate": OVERHEAD_RATE,
        }  # fmt: skip
        save_work_centre(centre_id=None, values=values, actor=actor)
    for code, name, factor, parts in FLANGES:
        masterdata.ensure_item(code=code, name=name, unit="pcs", source="make", actor=actor)
        lines = [
            {"line": number, "component": part, "quantity": Decimal(quantity), "scrap_rate": Decimal(scrap)}
            for number, (part, quantity, scrap) in enumerate(parts, 1)
        ]
        create_bom(values={"item": code, "version": "1", "lines": lines, "activate": True}, actor=actor, at=at)
        steps = [_step(number, factor, *step) for number, step in enumerate(STEPS, 1)]
        create_routing(values={"item": code, "version": "1", "steps": steps, "activate": True}, actor=actor, at=at)


def build(demo: DemoCompany) -> None:
    """The work orders around today and their schedule, through the services that people use."""
    actor, at = demo.member("owner"), now()
    orders = [
        create_work_order(
            given=NewOrder(item=item, quantity=Decimal(quantity), due_on=demo.today + timedelta(days=days)),
            actor=actor, at=at, today=demo.today, release=True,
        )
        for item, quantity, days in ORDERS
    ]  # fmt: skip
    turned = NewReport(order_id=orders[0].pk, seq=20, good=Decimal(40), workers=((WORKERS[1][0], Decimal(1)),))
    report(given=turned, actor=actor, at=at)
    _schedule(demo, at)
    _plan(demo, at)


def _step(number: int, factor: Decimal, name: str, centre: str, minutes: str, rate: str) -> dict[str, Any]:
    run = Decimal(minutes) * factor
    other = [{"work_centre": "CN-02", "run_minutes": run + 1}] if centre == "CN-01" else []
    return {
        "seq": 10 * number, "name": name, "work_centre": centre, "setup_minutes": Decimal(15), "run_minutes": run,
        "report_point": bool(rate), "alternatives": other, "piece_rate": Decimal(rate) * factor if rate else None,
    }  # fmt: skip


def _schedule(demo: DemoCompany, at: datetime) -> None:
    actor = demo.member("owner")
    run = create_run(values={"start_at": at, "time_limit_s": SECONDS}, actor=actor, at=at)
    execute(run_id=run.pk, at=at, most_seconds=SECONDS)
    publish_run(run_id=run.pk, actor=actor, at=at)


def _plan(demo: DemoCompany, at: datetime) -> None:
    """What the open orders need, and who is to deliver it."""
    actor = demo.member("owner")
    for code, values in PLANNED:
        item = masterdata.ensure_item(code=code, actor=actor)
        known = "supplier" not in values or masterdata.partner_by_code(values["supplier"])
        save_planning_data(item=item, values=values if known else {**values, "supplier": None}, actor=actor)
    run = mrp.create_run(start_on=demo.today, horizon_days=None, actor=actor, at=at)
    mrp.execute(run_id=run.pk, at=at)
