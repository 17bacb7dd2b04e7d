"""Costs of stock as business facts: each cost entry is told once, whatever is delivered twice.

A posting gives one fact for each document, reason and day it touched; the close of a month one for each reason. The
source ends in the first entry's id, and entries up to the last one told are not told again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.finance import links
from apps.finance.domain.amounts import ZERO, format_amount
from apps.finance.domain.standard_rules import STOCK_MOVED
from apps.finance.models import BusinessFact, StockAccount
from apps.finance.services.facts import MOST_ROWS, FactInput, receive_fact
from apps.inventory.public import EntryView
from apps.masterdata.public import ItemInfo

PRODUCT, MATERIAL, AT_SUBCONTRACTOR = "1405", "1403", "1408"
STOCK_ACCOUNTS = (MATERIAL, PRODUCT, AT_SUBCONTRACTOR, "1411")
MADE = ("make", "outsource")
WITH_QUANTITY = ("first", "close")


@dataclass(frozen=True)
class Part:
    """Entries that become one fact; `document` is the address of the record, `number` what people call it."""

    reason: str
    on: date
    document: str
    number: str
    entries: Sequence[EntryView]


def book_posting(*, document_id: int, at: datetime) -> list[BusinessFact]:
    """Tell the rules of the entries that a posting wrote. Answers the facts that are new."""
    prefix = f"inventory.cost:{document_id}:"
    fresh = _untold(prefix, links.entries_of_posting(document_id))
    return _tell(prefix, _by_document(fresh), at)


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
        rows = _rows(part, items, accounts)
        for start in range(0, len(rows), MOST_ROWS):
            data = _head(part, partners) | {"lines": rows[start : start + MOST_ROWS]}
            source = f"{prefix}{part.entries[0].id}" + (f":{start}" if start else "")
            given = FactInput(fact=STOCK_MOVED, source=source, occurred_on=part.on, data=data, document=part.document)
            row, is_new = receive_fact(given=given, actor=None, at=at)
            made += [row] if is_new else []
    return made


def _head(part: Part, partners: Mapping[int, Any]) -> dict[str, Any]:
    first = part.entries[0]
    same = {entry.partner_id for entry in part.entries} == {first.partner_id}
    partner = partners.get(first.partner_id or 0) if same else None
    return {
        "reason": part.reason,
        "number": part.number,
        "warehouse": first.warehouse,
        "warehouse_kind": first.warehouse_kind,
        "order": str(first.source),
        "partner": partner.code if partner else "",
        "supplier": partner.code if partner and partner.is_supplier else "",
        "customer": partner.code if partner and partner.is_customer else "",
        "first_entry": first.id,
        "last_entry": part.entries[-1].id,
    }


def _rows(part: Part, items: Mapping[int, ItemInfo], accounts: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row for each item and stock account and sign; what a transfer leaves where it was falls away."""
    sums: dict[tuple[str, str, str, bool], list[Decimal]] = {}
    for entry in part.entries:
        account = stock_account(items[entry.item_id].source, entry.category, entry.warehouse_kind, accounts)
        # A transfer is what is left of in and out; everything else keeps black and red apart.
        out = part.reason != "TRANSFER" and entry.amount < 0
        key = (entry.item, entry.category, account, out)
        known = sums.setdefault(key, [ZERO, Decimal(0)])
        known[0] += entry.amount
        known[1] += entry.quantity if entry.quantity and entry.amount and entry.kind in WITH_QUANTITY else 0
    return [
        {
            "item": item, "category": category, "stock_account": account, "amount": format_amount(amount),
            "quantity": f"{quantity:f}", "in_amount": format_amount(max(amount, ZERO)),
            "out_amount": format_amount(min(amount, ZERO)),
        }
        for (item, category, account, _out), (amount, quantity) in sums.items()
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
