"""草稿 of what carries value: assemblies, cost adjustments and landed costs, as typed; and how each is posted."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import StockDocument, StockDocumentLine
from apps.inventory.records import AdjustmentLine, AssemblyLine, LandedTarget
from apps.inventory.services.refusals import spot, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.adjusting import adjust_cost, check_basis, check_money, land_cost, targets_of
from apps.inventory.services.stock.assembling import assemble, check_shares
from apps.inventory.services.stock.engine import NUMBER_OF
from apps.inventory.services.stock.heads import Head, new_document, typed_line
from apps.masterdata import public as masterdata
from kernel import audit

MOST_LINES = 1000
ZERO = Decimal(0)


@transaction.atomic
def save_assembly(
    *,
    head: Head,
    warehouse: str,
    inputs: Sequence[AssemblyLine],
    outputs: Sequence[AssemblyLine],
    extra_cost: Decimal = ZERO,
) -> StockDocument:
    """Keep an assembly as a draft. Raises what `assemble` says about codes, units and money."""
    lines = [*inputs, *outputs]
    check_count(lines)
    check_shares(outputs, extra_cost)
    items = naming.find_items([line.item for line in lines], all_states=True)
    place = naming.find_warehouses(warehouse=warehouse)["warehouse"]
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(place, [line.location for line in lines])
    rows = [
        typed_line(
            number, item, line, quantity, side="in" if number <= len(inputs) else "out", location_id=location
        )
        for number, (item, line, quantity, location) in enumerate(
            zip(items, lines, quantities, locations, strict=True), start=1
        )
    ]  # fmt: skip
    document = new_document(StockDocument.Kind.ASSEMBLY, head, warehouse_id=place.id, extra_cost=extra_cost)
    return keep(document, rows, head)


@transaction.atomic
def save_adjustment(*, head: Head, lines: Sequence[AdjustmentLine]) -> StockDocument:
    """Keep a cost adjustment as a draft. Raises what `adjust_cost` says about codes and amounts."""
    check_count(lines)
    for number, line in enumerate(lines, start=1):
        check_money(line.amount, spot(number, "amount"))
    items = naming.find_items([line.item for line in lines], all_states=True)
    rows = [
        StockDocumentLine(
            line=number, item_id=item.id, quantity=ZERO, stock_quantity=ZERO, amount=line.amount, lot=line.lot,
            warehouse_id=naming.find_warehouses(warehouse=line.warehouse)["warehouse"].id if line.warehouse else None,
        )
        for number, (item, line) in enumerate(zip(items, lines, strict=True), start=1)
    ]  # fmt: skip
    return keep(new_document(StockDocument.Kind.ADJUSTMENT, head), rows, head)


@transaction.atomic
def save_landed(
    *, head: Head, amount: Decimal, basis: str, receipts: Sequence[LandedTarget], partner: str = ""
) -> StockDocument:
    """Keep a landed cost as a draft; how it splits is settled when it is posted. Raises what `land_cost` says."""
    check_money(amount, "amount")
    check_basis(basis)
    payee = naming.find_partner(partner)
    rows = [
        StockDocumentLine(
            line=number, item_id=line.item_id, quantity=line.quantity, unit=line.unit,
            stock_quantity=line.stock_quantity, target=line,
        )
        for number, line in enumerate(targets_of(receipts), start=1)
    ]  # fmt: skip
    document = new_document(
        StockDocument.Kind.LANDED, head, partner_id=payee.id if payee else None, amount=amount, basis=basis
    )
    return keep(document, rows, head)


def keep(document: StockDocument, rows: Sequence[StockDocumentLine], head: Head) -> StockDocument:
    """Write a draft and its lines anew; its number is taken now and stays."""
    document.number = document.number or masterdata.next_number(NUMBER_OF[document.kind], head.moved_on)
    document.version = document.version + 1 if head.draft else 1
    document.save()
    document.lines.all().delete()
    for row in rows:
        row.document = document
    document.lines.bulk_create(rows)
    audit.record(
        actor=head.actor, action=f"stock_{document.kind}.draft", object=f"stock_document:{document.pk}",
        label=document.number,
    )  # fmt: skip
    return document


def check_count(lines: Sequence[Any]) -> None:
    """A document has at least one line and at most 1000."""
    if not 0 < len(lines) <= MOST_LINES:
        raise wrong(_("单据要有 1 至 %(most)s 行。") % {"most": MOST_LINES}, "invalid", "lines")


def post_assembly(draft: StockDocument, head: Head, rows: Sequence[StockDocumentLine]) -> StockDocument:
    """Post a drafted assembly."""
    assert draft.warehouse is not None  # noqa: S101  # `save_assembly` has set it
    return assemble(
        head=head, warehouse=draft.warehouse.code, extra_cost=draft.extra_cost,
        inputs=[_assembly_line(row) for row in rows if row.side == "in"],
        outputs=[_assembly_line(row) for row in rows if row.side == "out"],
    )  # fmt: skip


def post_adjustment(draft: StockDocument, head: Head, rows: Sequence[StockDocumentLine]) -> StockDocument:
    """Post a drafted cost adjustment."""
    lines = [
        AdjustmentLine(
            item=row.item.code, amount=row.amount or ZERO, lot=row.lot,
            warehouse=row.warehouse.code if row.warehouse else "",
        )
        for row in rows
    ]  # fmt: skip
    return adjust_cost(head=head, lines=lines)


def post_landed(draft: StockDocument, head: Head, rows: Sequence[StockDocumentLine]) -> StockDocument:
    """Post a drafted landed cost."""
    targets = [
        LandedTarget(receipt=row.target.document_id, line=row.target.line) for row in rows if row.target is not None
    ]
    return land_cost(
        head=head, amount=draft.amount or ZERO, basis=draft.basis, receipts=targets,
        partner=draft.partner.code if draft.partner else "",
    )  # fmt: skip


def _assembly_line(row: StockDocumentLine) -> AssemblyLine:
    return AssemblyLine(
        item=row.item.code, quantity=row.quantity, unit=row.unit, lot=row.lot, serials=tuple(row.serials),
        location=row.location.code if row.location else "", made_on=row.made_on, expires_on=row.expires_on,
        share=row.share,
    )  # fmt: skip
