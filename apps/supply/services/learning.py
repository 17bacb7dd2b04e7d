"""What an answer teaches: the seller's item code travels back and becomes a proposed map at the buyer."""

from typing import Any

from apps.supply.models import ItemMap, OrderItem, SharedOrder, SupplyLink

LONGEST_CODE = 64


def learn_items(link: SupplyLink, order: SharedOrder, payload: dict[str, Any]) -> None:
    """Note the other firm's codes beside our lines; `items` = [{line, item, unit}] of an answer."""
    told = payload.get("items")
    if link.role != "buyer" or not isinstance(told, list):
        return
    known = {row["line"]: row for row in told if isinstance(row, dict) and {"line", "item"} <= row.keys()}
    fresh: list[ItemMap] = []
    for row in OrderItem.objects.filter(order=order, line__in=known.keys()).order_by("line"):
        code = str(known[row.line]["item"])[:LONGEST_CODE]
        if row.partner_item == code or not code:
            continue
        row.partner_item = code
        row.save(update_fields=["partner_item"])
        if row.item_id is not None:
            fresh.append(
                ItemMap(
                    link=link, partner_item=code, partner_unit=str(known[row.line].get("unit", ""))[:LONGEST_CODE],
                    item_id=row.item_id, numerator=row.numerator, denominator=row.denominator, is_proposed=True,
                )
            )  # fmt: skip
    ItemMap.objects.bulk_create(fresh, ignore_conflicts=True)
