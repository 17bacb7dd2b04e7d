"""Three companies of the second story: 宏利五金 makes flanges, 江钢 sells steel here, the plater has no account."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command

from apps.supply.services import delivering
from kernel import events
from kernel.clock import now
from tenants.context import company_of, tenant_context
from tenants.models import Tenant
from tests.stories.hengda import Site

MODULES = "finance,inventory,production,supply"
FLANGE, BODY, BLANK, STEEL, BOLT = "FL-DN50", "FL-BODY", "FL-BLANK", "ST-60", "BOLT-M16"
STEEL_MAKER_USCC = "91320583MA1X8KQ27C"


def make_company(slug: str, name: str, owner: str, modules: str = MODULES) -> Site:
    out = io.StringIO()
    call_command("create_tenant", slug=slug, name=name, owner_email=owner, modules=modules, json=True, stdout=out)
    made = json.loads(out.getvalue())
    return Site(f"{made['tenant']}.localhost", made["token"])


def deliver(*slugs: str) -> None:
    """What the worker does within the minute: facts of each company, until nothing waits."""
    for _round in range(6):
        done = 0
        for slug in slugs:
            with tenant_context(company_of(Tenant.objects.get(slug=slug))):
                done += delivering.deliver_waiting(at=now()) + events.deliver_waiting()[0]
        if not done:
            return


@pytest.fixture
def steel_maker(operator: Site) -> Site:
    site = make_company("jianggang", "江钢金属", "owner@jianggang.example", "inventory")
    site.put("masterdata/company/", {"name": "江钢金属", "uscc": STEEL_MAKER_USCC})
    site.post("masterdata/items/", {"code": "RB60", "name": "圆钢 60", "stock_unit": "kg"}, 201)
    site.post("masterdata/partners/", {"code": "HONGLI", "name": "宏利五金", "is_customer": True}, 201)
    site.post("masterdata/warehouses/", {"code": "G1", "name": "钢材库"}, 201)
    return site


@pytest.fixture
def factory(operator: Site, steel_maker: Site) -> Site:
    """宏利五金 with its items, partners, three-level bill of materials, machines and routings."""
    site = make_company("hongli", "宏利五金", "owner@hongli.example")
    site.patch("inventory/settings/", {"default_method": "moving_average"})
    _master_data(site)
    _bills(site)
    _machines(site)
    return site


def _master_data(site: Site) -> None:
    items = (
        (FLANGE, "法兰盘 DN50", "pcs", {"source": "make"}), (BODY, "法兰体", "pcs", {"source": "make"}),
        (BLANK, "法兰毛坯", "pcs", {"source": "make"}),
        (STEEL, "圆钢 60", "kg", {"source": "buy", "tracking": "lot"}), (BOLT, "螺栓 M16", "pcs", {"source": "buy"}),
    )  # fmt: skip
    for code, name, unit, more in items:
        site.post("masterdata/items/", {"code": code, "name": name, "stock_unit": unit, **more}, 201)
    partners: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("C001", "上海申通机械", {"is_customer": True}),
        ("S001", "江钢金属", {"is_supplier": True, "uscc": STEEL_MAKER_USCC, "status": "approved"}),
        ("S002", "顺发电镀", {"is_supplier": True, "status": "approved"}),
    )
    for code, name, more in partners:
        site.post("masterdata/partners/", {"code": code, "name": name, **more}, 201)
    site.post("masterdata/warehouses/", {"code": "W1", "name": "主仓"}, 201)
    for code, name in (("E01", "王强"), ("E02", "赵敏")):
        site.post("masterdata/employees/", {"code": code, "name": name}, 201)


def _bills(site: Site) -> None:
    """法兰盘 = 法兰体 + 4 螺栓; 法兰体 = 毛坯; 毛坯 = 2.5 kg 圆钢 and 2 % of it lost."""
    bills = (
        (FLANGE, [(BODY, "1", "0"), (BOLT, "4", "0")]),
        (BODY, [(BLANK, "1", "0")]),
        (BLANK, [(STEEL, "2.5", "0.02")]),
    )
    for parent, lines in bills:
        body = {
            "item": parent, "version": "1", "base_quantity": "1", "valid_from": "2026-01-01", "activate": True,
            "lines": [
                {"line": line, "component": code, "quantity": quantity, "scrap_rate": scrap}
                for line, (code, quantity, scrap) in enumerate(lines, 1)
            ],
        }  # fmt: skip
        site.post("production/boms/", body, 201)
    for code, lead in ((FLANGE, 2), (BODY, 3), (BLANK, 2)):
        site.put(f"production/planning-data/{code}/", {"lot_rule": "l4l", "lead_days": lead})
    site.put(f"production/planning-data/{STEEL}/", {"lot_rule": "l4l", "lead_days": 5, "supplier": "S001"})
    site.put(f"production/planning-data/{BOLT}/", {"lot_rule": "l4l", "lead_days": 3, "supplier": "S001"})


def _machines(site: Site) -> None:
    for code, name in (
        ("SAW", "锯床"),
        ("LATHE1", "车床 1"),
        ("LATHE2", "车床 2"),
        ("DRILL", "钻床"),
        ("BENCH", "装配"),
    ):
        wish = {"code": code, "name": name, "kind": "machine", "units": 1, "calendar": "24x7"}
        site.post("production/work-centres/", wish, 201)
    routings: tuple[tuple[str, list[tuple[str, str, str, dict[str, Any]]]], ...] = (
        (BLANK, [("锯切", "SAW", "2", {})]),
        (BODY, [("车削", "LATHE1", "6", {"alternatives": [{"work_centre": "LATHE2", "run_minutes": "7"}]}),
                ("钻孔", "DRILL", "3", {})]),
        (FLANGE, [("装配", "BENCH", "1", {"piece_rate": "0.35"})]),
    )  # fmt: skip
    for code, steps in routings:
        rows = [
            {"seq": 10 * number, "name": name, "work_centre": centre, "setup_minutes": "15", "run_minutes": run,
             "report_point": True, **more}
            for number, (name, centre, run, more) in enumerate(steps, 1)
        ]  # fmt: skip
        site.post("production/routings/", {"item": code, "version": "1", "steps": rows, "activate": True}, 201)
