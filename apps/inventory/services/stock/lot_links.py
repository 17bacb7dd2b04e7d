"""去向 of lots that other floors know: production's completion links what it consumed to what it made."""

from collections.abc import Sequence

from apps.inventory.models import Lot, LotLink
from apps.inventory.records import LinkRow
from apps.inventory.services.stock import naming


def link_lots(document_id: int, rows: Sequence[LinkRow]) -> None:
    """Write links of a posted document; one that would link a lot to itself is left out."""
    named = [row.from_item for row in rows if row.from_lot is None]
    found = naming.find_items(named, all_states=True) if named else []
    by_code = {code: item.id for code, item in zip(named, found, strict=True)}
    lots = Lot.objects.in_bulk([row.from_lot for row in rows if row.from_lot is not None])
    LotLink.objects.bulk_create(
        LotLink(
            document_id=document_id, from_lot_id=row.from_lot, to_lot_id=row.to_lot,
            from_item_id=lots[row.from_lot].item_id if row.from_lot is not None else by_code[row.from_item],
            from_quantity=row.from_quantity, to_quantity=row.to_quantity,
        )
        for row in rows
        if row.from_lot != row.to_lot
    )  # fmt: skip
