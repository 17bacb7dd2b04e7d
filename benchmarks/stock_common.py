"""A warehouse for the benchmarks of stock: items, places, and moves by the million."""

from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from django.utils import timezone

from apps.inventory.records import IssueLine, ReceiptLine
from apps.inventory.services import item_settings
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.masterdata.models import Item, Unit, Warehouse
from tenants.rights import Member


def make_items(count: int) -> list[str]:
    """`count` items counted in pieces, by code."""
    unit = Unit.objects.get(code="pcs")
    rows = [Item(code=f"I{number:06d}", name=f"螺栓 {number}", stock_unit=unit) for number in range(1, count + 1)]
    for row in rows:
        row.fill_keys(row.spec)
    Item.objects.bulk_create(rows, batch_size=2000)
    codes = Item.codes.rel.related_model.objects  # type: ignore[attr-defined]
    codes.bulk_create([codes.model(item_id=row.pk, code=row.code, key=row.code_key) for row in rows], batch_size=2000)
    return [row.code for row in rows]


def make_warehouses(count: int) -> list[str]:
    for number in range(1, count + 1):
        Warehouse(code=f"W{number:02d}", name=f"仓库 {number}").save()
    return [f"W{number:02d}" for number in range(1, count + 1)]


def use_method(codes: list[str], method: str, actor: Member) -> None:
    for item_id in Item.objects.filter(code__in=codes).values_list("id", flat=True):
        item_settings.save_item_settings(item_id=item_id, method=method, scope="company", actor=actor)


def put_in(item: str, quantity: str, amount: str, *, on: date, actor: Member, warehouse: str = "W01") -> None:
    line = ReceiptLine(item=item, quantity=Decimal(quantity), amount=Decimal(amount))
    head = Head(moved_on=on, reason="purchase", actor=actor, at=timezone.now())
    receive(head=head, warehouse=warehouse, lines=[line])


def take_out(item: str, quantity: str, *, on: date, actor: Member, warehouse: str = "W01") -> None:
    line = IssueLine(item=item, quantity=Decimal(quantity))
    head = Head(moved_on=on, reason="material", actor=actor, at=timezone.now())
    issue(head=head, warehouse=warehouse, lines=[line])


# What posting would have left, from moves that were filled by COPY: everything flows into and out of groups.
AFTER_MOVES = (
    """INSERT INTO inventory_balance (item_id, warehouse_id, is_serial, quantity, first_on, last_on)
       SELECT item_id, warehouse_id, false, sum(quantity), min(moved_on), max(moved_on)
         FROM inventory_stockmove GROUP BY 1, 2""",
    """INSERT INTO inventory_level (item_id, warehouse_id, quantity, reserved, last_on)
       SELECT item_id, warehouse_id, sum(quantity), 0, max(moved_on) FROM inventory_stockmove GROUP BY 1, 2""",
    """UPDATE inventory_costgroup g SET quantity = s.quantity, value = s.quantity, last_on = s.last_on
         FROM (SELECT group_id, sum(quantity) AS quantity, max(moved_on) AS last_on
                 FROM inventory_stockmove GROUP BY 1) s WHERE s.group_id = g.id""",
    "SELECT setval(pg_get_serial_sequence('inventory_stockmove', 'id'), (SELECT max(id) FROM inventory_stockmove))",
    """SELECT setval(pg_get_serial_sequence('inventory_stockdocument', 'id'),
                     (SELECT max(id) FROM inventory_stockdocument))""",
    """SELECT setval(pg_get_serial_sequence('inventory_costgroup', 'id'), (SELECT max(id) FROM inventory_costgroup))""",
    "VACUUM ANALYZE",  # as the server itself does in the course of 500 days
)

DOCUMENT = """
INSERT INTO inventory_stockdocument (id, kind, number, reason, moved_on, state, source_kind, source_number, source_line,
    note, in_transit, basis, extra_cost, created_by_name, created_at, posted_by_name, posted_at, version)
VALUES (1, 'receipt', 'RK-1', 'opening', '2020-01-01', 'posted', '', '', '', '', false, '', 0, '', now(), '', now(), 1)
"""
MOVE_COLUMNS = (
    "id, document_id, line, part, item_id, warehouse_id, group_id, quantity, moved_on, posted_at, reason, costing, "
    "given_amount"
)


def fill_groups(admin: "psycopg.Connection[Any]", method: str) -> None:
    """One company-wide group for every item, with the item's id."""
    admin.execute(DOCUMENT)
    admin.execute(
        "INSERT INTO inventory_costgroup (id, item_id, method, quantity, value) SELECT id, id, %s, 0, 0"
        " FROM masterdata_item",
        [method],
    )
