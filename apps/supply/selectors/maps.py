"""Item maps as lists, and a quantity taken through one."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.masterdata import public as masterdata
from apps.supply.domain.canonical import number
from apps.supply.domain.convert import to_own, to_partner
from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.terms import Line
from apps.supply.models import ItemMap
from apps.supply.services.refusals import broken, refusal

MOST = 5
_QUANTITY = re.compile(r"[0-9]{1,14}(\.[0-9]{1,4})?")


def maps(asked: Mapping[str, str]) -> "QuerySet[ItemMap]":
    """?link=&partner_item=&item=&search=, by link and partner item."""
    rows = ItemMap.objects.select_related("item", "link").order_by("link_id", "partner_item", "partner_unit", "id")
    if asked.get("link"):
        rows = rows.filter(link_id=_uuid(asked["link"]))
    if asked.get("partner_item"):
        rows = rows.filter(partner_item=asked["partner_item"])
    if asked.get("item"):
        rows = rows.filter(item__code__iexact=asked["item"])
    if asked.get("search"):
        text = asked["search"]
        rows = rows.filter(Q(partner_item__icontains=text) | Q(item__code__icontains=text))
    return rows


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise refusal("not_found") from error


def suggested(link_id: UUID, lines: Iterable[Line]) -> dict[int, list[str]]:
    """{line: own codes} that a partner's lines may mean: mapped before in any unit, or of equal name and spec.

    They are offered, never applied. Two queries however many lines.
    """
    wanted = list(lines)
    if not wanted:
        return {}
    before: dict[str, list[str]] = {}
    known = ItemMap.objects.filter(link_id=link_id, partner_item__in={line.item for line in wanted})
    for partner_item, code in known.order_by("-id").values_list("partner_item", "item__code"):
        before.setdefault(partner_item, []).append(code)
    alike = masterdata.codes_of_namesakes(line.name for line in wanted)
    return {
        line.line: list(dict.fromkeys([*before.get(line.item, ()), *alike.get((line.name, line.spec), ())]))[:MOST]
        for line in wanted
    }


def converted(link_id: UUID, asked: Mapping[str, str]) -> dict[str, str]:
    """In: {item, quantity, unit} of ours; out: {partner_item, partner_unit, quantity}.

    Raises not_found without a map, Invalid `invalid` for no quantity, unit_not_exact.
    """
    text = asked.get("quantity", "")
    if not _QUANTITY.fullmatch(text):
        raise refusal("invalid", field="quantity")
    outwards = asked.get("direction") == "out"
    row = _find(link_id, asked, outwards)
    try:
        quantity = (to_partner if outwards else to_own)(Decimal(text), row.factor)
    except RuleBroken as error:
        raise broken(error) from error
    if outwards:
        return {
            "partner_item": row.partner_item, "partner_unit": row.partner_unit, "quantity": number(quantity)
        }  # fmt: skip
    item = masterdata.get_item(row.item_id)
    return {"item": item.code, "quantity": number(quantity), "unit": item.stock_unit}


def _find(link_id: UUID, asked: Mapping[str, str], outwards: bool) -> ItemMap:
    rows = ItemMap.objects.filter(link_id=link_id, is_proposed=False).order_by("id")
    if outwards:
        rows = rows.filter(item__code__iexact=asked.get("item", ""))
    if asked.get("partner_item"):
        rows = rows.filter(partner_item=asked["partner_item"])
    if asked.get("partner_unit"):
        rows = rows.filter(partner_unit=asked["partner_unit"])
    row = rows.first() if outwards or asked.get("partner_item") else None
    if row is None:
        raise refusal("not_found")
    return row
