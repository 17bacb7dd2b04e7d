"""The demo company's workshop: machines, routings, a bill, work orders around today, and the published schedule."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.masterdata import public as masterdata
from apps.production.models import WorkCentre, WorkOrder
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
FLANGES = (("FL-DN50", "法兰盘 DN50", "8.2"), ("FL-DN80", "法兰盘 DN80", "12.6"))
STEPS = (  # name, machine, minutes a piece, yuan a piece
    ("锯切", "JC-01", "2", "0.30"), ("车削", "CN-01", "6", "0.90"), ("钻孔", "ZC-01", "3", "0.45"),
    ("装配", "ZP-01", "1", "0.20"),
)  # fmt: skip
SHIFTS = (("08:00", "12:00"), ("13:00", "20:00"))  # Monday to Saturday
PLANNED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("FL-DN50", {"lot_rule": "l4l", "lead_days": 4}),
    ("FL-DN80", {"lot_rule": "l4l", "lead_days": 4}),
    ("Q235-12", {"lot_rule": "l4l", "lead_days": 7, "min_lot": Decimal(1000), "supplier": "S001"}),
)
ORDERS = (
    ("FL-DN50", "120", 2),
    ("FL-DN80", "60", 4),
    ("FL-DN50", "200", 6),
    ("FL-DN80", "90", 9),
    ("FL-DN50", "80", 12),
)
SECONDS = 2


def build(demo: DemoCompany) -> None:
    """Through the services that people use; does nothing where work orders exist."""
    if WorkOrder.objects.exists():
        return
    actor, at = demo.member("owner"), now()
    masterdata.ensure_item(code="Q235-12", name="钢板 Q235 12mm", unit="kg", actor=actor)
    week = [{"weekday": day, "from": start, "to": end} for day in range(1, 7) for start, end in SHIFTS]
    save_calendar(calendar_id=None, values={"code": "D1", "name": "长白班", "week": week}, actor=actor)
    for code, name in MACHINES:
        values = {"code": code, "name": name, "kind": WorkCentre.Kind.MACHINE, "units": 1, "calendar": "D1"}
        save_work_centre(centre_id=None, values=values, actor=actor)
    for code, name, weight in FLANGES:
        masterdata.ensure_item(code=code, name=name, unit="pcs", actor=actor)
        line = {"line": 1, "component": "Q235-12", "quantity": Decimal(weight), "scrap_rate": Decimal("0.03")}
        create_bom(values={"item": code, "version": "1", "lines": [line], "activate": True}, actor=actor, at=at)
        steps = [_step(number, *step) for number, step in enumerate(STEPS, 1)]
        create_routing(values={"item": code, "version": "1", "steps": steps, "activate": True}, actor=actor, at=at)
    orders = [
        create_work_order(
            given=NewOrder(item=item, quantity=Decimal(quantity), due_on=demo.today + timedelta(days=days)),
            actor=actor, at=at, today=demo.today, release=True,
        )
        for item, quantity, days in ORDERS
    ]  # fmt: skip
    worker = masterdata.ensure_employee(code="E01", name="陈刚", actor=actor)
    sawn = NewReport(order_id=orders[0].pk, seq=10, good=Decimal(40), workers=((worker.code, Decimal(1)),))
    report(given=sawn, actor=actor, at=at)
    _schedule(demo, at)
    _plan(demo, at)


def _step(number: int, name: str, centre: str, minutes: str, rate: str) -> dict[str, Any]:
    other = [{"work_centre": "CN-02", "run_minutes": Decimal(7)}] if centre == "CN-01" else []
    return {
        "seq": 10 * number, "name": name, "work_centre": centre, "setup_minutes": Decimal(15),
        "run_minutes": Decimal(minutes), "report_point": True, "alternatives": other,
        "piece_rate": Decimal(rate),
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
