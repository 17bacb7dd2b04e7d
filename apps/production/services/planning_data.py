"""计划参数: how an item is ordered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.models import PlanningData
from apps.production.services.plan_refusals import check_decimals, check_version, wrong
from kernel import audit
from tenants.rights import Member

Values = Mapping[str, Any]
QUANTITIES = ("fixed_quantity", "min_lot", "max_lot", "multiple", "safety_stock")
PLAIN = (
    "lot_rule",
    *QUANTITIES,
    "period_days",
    "order_cost",
    "holding_cost",
    "annual_demand",
    "lead_days",
    "tolerance_days",
    "source",
)
NEEDS_FIXED, NEEDS_PERIOD, NEEDS_COSTS = "foq", "poq", ("eoq", "ww")


@transaction.atomic
def save_planning_data(*, item: masterdata.ItemInfo, values: Values, actor: Member, whole: bool = True) -> PlanningData:
    """Set how `item` is planned; with `whole` what `values` leaves out falls back to its default.

    Raises Invalid `bad_lot_rule`, `too_many_decimals`, `unknown_supplier`; StaleVersion.
    """
    row = PlanningData.objects.select_for_update().filter(pk=item.id).first()
    check_version(row.version if row else 0, values.get("version"))
    fresh = PlanningData(item_id=item.id, version=row.version + 1 if row else 1)
    target = fresh if whole or row is None else row
    for name in PLAIN:
        if name in values and (values[name] is not None or name in QUANTITIES[:4]):
            setattr(target, name, values[name])
    if "supplier" in values:
        target.supplier_id = _supplier(values["supplier"])
    if target is row:
        row.version += 1
    _check(target, item)
    target.save()
    audit.record(actor=actor, action="planning_data.save", object=f"item:{item.id}", label=item.label)
    return target


def _supplier(code: str | None) -> int | None:
    if not code:
        return None
    found = masterdata.partner_by_code(code)
    if found is None or not found.is_supplier:
        raise wrong("unknown_supplier", _("没有供应商“%(code)s”。") % {"code": code[:64]}, "supplier")
    return found.id


def _check(row: PlanningData, item: masterdata.ItemInfo) -> None:
    for name in QUANTITIES:
        value = getattr(row, name)
        if value is not None:
            check_decimals(value, item, name)
    if row.lot_rule == NEEDS_FIXED and not row.fixed_quantity:
        raise wrong("bad_lot_rule", _("固定批量要填批量。"), "fixed_quantity")
    if row.lot_rule == NEEDS_PERIOD and row.period_days < 1:
        raise wrong("bad_lot_rule", _("定期合并要填天数。"), "period_days")
    if row.lot_rule in NEEDS_COSTS and row.holding_cost <= 0:
        raise wrong("bad_lot_rule", _("这个批量规则要填持有成本。"), "holding_cost")
    if row.lot_rule == "eoq" and (row.order_cost <= 0 or row.annual_demand <= 0):
        raise wrong("bad_lot_rule", _("经济批量要填订货成本和年需求量。"), "order_cost")
    _check_lots(row)


def _check_lots(row: PlanningData) -> None:
    """max_lot is not below min_lot, and both are whole multiples."""
    if row.max_lot is not None and row.min_lot is not None and row.max_lot < row.min_lot:
        raise wrong("bad_lot_rule", _("最大批量不能小于最小批量。"), "max_lot")
    if row.multiple:
        for name in ("max_lot", "fixed_quantity"):
            value: Decimal | None = getattr(row, name)
            if value and value % row.multiple:
                raise wrong("bad_lot_rule", _("批量要是倍数的整数倍。"), name)
