"""Costs of stock as business facts: each cost entry is told once, whatever is delivered twice.

A posting gives one fact for each document, reason and day it touched; the close of a month one for each reason. The
source ends in the first entry's id, and entries up to the last one told are not told again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.finance import links
from apps.finance.domain.amounts import ZERO, format_amount
from apps.finance.domain.standard_rules import STOCK_MOVED
from apps.finance.models import BusinessFact, StockAccount
from apps.finance.services.facts import MOST_ROWS, FactInput, receive_fact
from apps.inventory.public import EntryView
from apps.masterdata.public import ItemInfo, PartnerInfo

PRODUCT, MATERIAL, AT_SUBCONTRACTOR = "1405", "1403", "1408"
STOCK_ACCOUNTS = (MATERIAL, PRODUCT, AT_SUBCONTRACTOR, "1411")
MADE = ("make", "outsource")
WITH_QUANTITY = ("first", "close")
LANDED, LATE = "LANDED_COST", "LATE_COST"
OWED = ("PURCHASE_RECEIPT", "PURCHASE_RETURN", LANDED, LATE)


@dataclass(frozen=True)
class Part:
    """Entries that become one fact; `document` is the address of the record, `number` what people call it."""

    reason: str
    on: date
    document: str
    number: str
    entries: Sequence[EntryView]
    late_for: str = ""


def book_posting(*, document_id: int, at: datetime) -> list[BusinessFact]:
    """Tell the rules of the entries that a posting wrote. Answers the facts that are new."""
    prefix = f"inventory.cost:{document_id}:"
    fresh = _untold(prefix, links.entries_of_posting(document_id))
    return _tell(prefix, _of_cause(document_id, _by_document(fresh)), at)


def book_close(*, month: str, at: datetime) -> list[BusinessFact]:
    """Tell the rules of the entries that the close of a month of stock wrote."""
    prefix = f"inventory.close:{month}:"
    fresh = _untold(prefix, links.entries_of_close(month))
    return _tell(prefix, _by_reason(month, fresh), at)


def _untold(prefix: str, entries: Sequence[EntryView]) -> list[EntryView]:
    told = BusinessFact.objects.filter(source__startswith=prefix).values_list("data__last_entry", flat=True)
    last = max((int(number) for number in told), default=0)
    return [entry for entry in entries if entry.id > last]


def _by_document(entries: Iterable[EntryView]) -> list[Part]:
    found: dict[tuple[int, str, date], list[EntryView]] = {}
    for entry in entries:
        found.setdefault((entry.document_id, entry.finance_reason, entry.dated_on), []).append(entry)
    return [
        Part(reason, on, f"inventory.document:{document}", rows[0].document, rows)
        for (document, reason, on), rows in found.items()
    ]  # fmt: skip


def _of_cause(document_id: int, parts: Sequence[Part]) -> list[Part]:
    """Costs that came after the goods: freight is owed to whom its own document names, not to who sold the goods; what
    is late says for what (`late_for`: LANDED_COST, else the reason of the receipt).
    """
    if not any(part.reason in (LANDED, LATE) for part in parts):
        return list(parts)
    cause = links.stock_document(document_id)
    landed = cause.kind == "landed"
    told = []
    for part in parts:
        entries = part.entries
        if landed and cause.partner_id is not None and part.reason in (LANDED, LATE):
            entries = [replace(entry, partner_id=cause.partner_id) for entry in entries]
        late_for = (LANDED if landed else links.reason_word(entries[0].reason)) if part.reason == LATE else ""
        told.append(replace(part, entries=entries, late_for=late_for))
    return told


def _by_reason(month: str, entries: Iterable[EntryView]) -> list[Part]:
    found: dict[str, list[EntryView]] = {}
    for entry in entries:
        found.setdefault(entry.finance_reason, []).append(entry)
    return [
        Part(reason, max(row.dated_on for row in rows), f"inventory.period:{month}", month, rows)
        for reason, rows in found.items()
    ]  # fmt: skip


def _tell(prefix: str, parts: Sequence[Part], at: datetime) -> list[BusinessFact]:
    items = links.items_of({entry.item_id for part in parts for entry in part.entries})
    partner_ids = {entry.partner_id for part in parts for entry in part.entries}
    partners = links.partners_of(pk for pk in partner_ids if pk is not None)
    accounts = stock_accounts()
    made = []
    for part in parts:
        rows = _rows(part, items, accounts, partners)
        head = _head(part, partners) | _extra(part, rows)
        for start in range(0, len(rows), MOST_ROWS):
            data = head | {"lines": rows[start : start + MOST_ROWS]}
            source = f"{prefix}{part.entries[0].id}" + (f":{start}" if start else "")
            given = FactInput(fact=STOCK_MOVED, source=source, occurred_on=part.on, data=data, document=part.document)
            row, is_new = receive_fact(given=given, actor=None, at=at)
            made += [row] if is_new else []
    return made


def _head(part: Part, partners: Mapping[int, PartnerInfo]) -> dict[str, Any]:
    first = part.entries[0]
    return {
        "reason": part.reason,
        "number": part.number,
        "warehouse": first.warehouse,
        "warehouse_kind": first.warehouse_kind,
        "order": str(first.source),
        **_roles(None if _is_mixed(part) else partners.get(first.partner_id or 0)),
        **({"late_for": part.late_for} if part.late_for else {}),
        "first_entry": first.id,
        "last_entry": part.entries[-1].id,
    }


def _roles(partner: PartnerInfo | None) -> dict[str, str]:
    return {
        "partner": partner.code if partner else "",
        "supplier": partner.code if partner and partner.is_supplier else "",
        "customer": partner.code if partner and partner.is_customer else "",
    }


def _is_mixed(part: Part) -> bool:
    """Goods of several partners, as the close of a month tells them together."""
    return len({entry.partner_id for entry in part.entries}) > 1


def _extra(part: Part, rows: Sequence[dict[str, Any]]) -> dict[str, bool]:
    """What an assembly's outputs are worth beyond its inputs, in the field `extra_cost` of the first row.

    That is its extra cost; red where it is taken apart again. Where only some inputs have their price before the
    month's close, it is less, and the close brings the rest.
    """
    extra = sum((entry.amount for entry in part.entries), ZERO)
    if part.reason != "ASSEMBLY" or not extra:
        return {}
    for row in rows:
        row["extra_cost"] = format_amount(extra if row is rows[0] else ZERO)
    return {"has_extra_cost": True}


def _rows(
    part: Part, items: Mapping[int, ItemInfo], accounts: Mapping[str, str], partners: Mapping[int, PartnerInfo]
) -> list[dict[str, Any]]:
    """One row for each item and stock account and sign, and where something is owed to several, for each supplier; what
    a transfer leaves where it was falls away.
    """
    mixed = part.reason in OWED and _is_mixed(part)
    sums: dict[tuple[str, str, str, bool, int], list[Decimal]] = {}
    for entry in part.entries:
        account = stock_account(items[entry.item_id].source, entry.category, entry.warehouse_kind, accounts)
        # A transfer is what is left of in and out; everything else keeps black and red apart.
        out = part.reason != "TRANSFER" and entry.amount < 0
        key = (entry.item, entry.category, account, out, (entry.partner_id or 0) if mixed else 0)
        known = sums.setdefault(key, [ZERO, Decimal(0)])
        known[0] += entry.amount
        known[1] += entry.quantity if entry.quantity and entry.amount and entry.kind in WITH_QUANTITY else 0
    return [
        {
            "item": item, "category": category, "stock_account": account, "amount": format_amount(amount),
            "quantity": f"{quantity:f}", "in_amount": format_amount(max(amount, ZERO)),
            "out_amount": format_amount(min(amount, ZERO)), **(_roles(partners.get(partner)) if mixed else {}),
        }
        for (item, category, account, _out, partner), (amount, quantity) in sums.items()
        if amount
    ]  # fmt: skip


def stock_accounts() -> dict[str, str]:
    """{item category: account} where the company has chosen one."""
    return dict(StockAccount.objects.values_list("category", "account__code"))


def stock_account(source: str, category: str, warehouse_kind: str, accounts: Mapping[str, str]) -> str:
    """存货科目 of an item: at the subcontractor 1408, else its category's, else by `source` 1405 made, 1403 bought."""
    if warehouse_kind == "subcontract":
        return AT_SUBCONTRACTOR
    return accounts.get(category) or (PRODUCT if source in MADE else MATERIAL)
