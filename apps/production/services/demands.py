"""需求: typed ones, and those that follow sales orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.production.models import Demand
from apps.production.plan_links import Promised
from apps.production.services.plan_refusals import WrongState, absent, check_decimals, check_version, item_called, wrong
from kernel import audit
from tenants.rights import Member

SALES = "sales_order"


@transaction.atomic
def create_demand(*, values: Mapping[str, Any], actor: Member, at: datetime) -> Demand:
    """A demand from `item`, `quantity`, `due_on`, `kind`, `priority`, `reference`.

    Raises Invalid `unknown_item`, `too_many_decimals`.
    """
    item = item_called(str(values["item"]))
    quantity: Decimal = values["quantity"]
    if quantity <= 0:
        raise wrong("invalid", _("数量必须大于零。"), "quantity")
    check_decimals(quantity, item)
    demand = Demand.objects.create(
        item_id=item.id,
        quantity=quantity,
        due_on=values["due_on"],
        kind=values.get("kind") or Demand.Kind.MANUAL,
        priority=values.get("priority") or 5,
        reference=values.get("reference") or "",
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )
    audit.record(actor=actor, action="demand.create", object=f"demand:{demand.pk}", label=f"{item.code} {quantity:f}")
    return demand


@transaction.atomic
def cancel_demand(*, demand_id: int, actor: Member, version: int | None = None) -> Demand:
    """open → cancelled. Raises WrongState when it is over already, or follows a sales order."""
    demand = Demand.objects.select_for_update().filter(pk=demand_id).first()
    if demand is None:
        raise absent()
    check_version(demand.version, version)
    if demand.state != Demand.State.OPEN:
        raise WrongState(_("需求已完成或已取消。"))
    if demand.source_kind:
        raise WrongState(_("这个需求来自 %(source)s，请在订单里取消。") % {"source": demand.source_number})
    demand.state = Demand.State.CANCELLED
    demand.version += 1
    demand.save(update_fields=["state", "version"])
    audit.record(actor=actor, action="demand.cancel", object=f"demand:{demand.pk}", label=str(demand.pk))
    return demand


@transaction.atomic
def follow_sales_order(*, number: str, lines: Sequence[Promised], at: datetime, cancelled: bool = False) -> None:
    """Make the demands of a sales order what its open lines say. Safe to repeat.

    A line that is no longer open is done, or cancelled when the whole order was.
    """
    rows = Demand.objects.select_for_update().filter(source_kind=SALES, source_number=number).order_by("id")
    known = {row.source_line: row for row in rows}
    for line in lines:
        row = known.pop(line.line, None)
        if row is None:
            row = Demand(source_kind=SALES, source_number=number, source_line=line.line, created_at=at)
            row.kind, row.reference = Demand.Kind.ORDER, number
        row.quantity = max(line.quantity, line.open)
        row.item_id, row.due_on, row.fulfilled = line.item_id, line.due_on, row.quantity - line.open
        row.make_to_order = line.make_to_order
        row.state = Demand.State.OPEN if line.open > 0 else Demand.State.DONE
        row.version += 1
        row.save()
    for row in known.values():
        row.state = Demand.State.CANCELLED if cancelled else Demand.State.DONE
        row.fulfilled = row.fulfilled if cancelled else row.quantity
        row.version += 1
        row.save(update_fields=["state", "fulfilled", "version"])
