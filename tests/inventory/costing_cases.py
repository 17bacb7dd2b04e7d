"""Steps of `costing_sequence` cases, posted through the services in list order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.inventory.models import CostEntry, Lot, StockDocument, StockMove
from apps.masterdata.models import Item
from kernel.errors import DomainError
from tests.inventory import shop

Step = dict[str, Any]


@dataclass
class Run:
    """One case while it runs: the document of each step, what it was worth at first, what was refused."""

    documents: dict[int, StockDocument | None] = field(default_factory=dict)
    first: dict[int, Any] = field(default_factory=dict)
    first_by_item: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def run(given: dict[str, Any]) -> Run:
    """Make what the steps name, then post them; a refused step has no effect."""
    _make_things(given)
    found = Run()
    for number, step in enumerate(given["steps"], start=1):
        try:
            with transaction.atomic():
                found.documents[number] = _DO[step["do"]](step, found)
        except DomainError as error:
            found.refused[number] = error.code
            continue
        document = found.documents[number]
        found.first[number] = amount_of_step(document, step)
        if document is not None:
            found.first_by_item[number] = amounts_by_item(document)
    return found


def _make_things(given: dict[str, Any]) -> None:
    items, warehouses, tracked = {"A"}, {"W1"}, set()
    for step in given["steps"]:
        rows = [step, *step.get("inputs", ()), *step.get("outputs", ())]
        items |= {row["item"] for row in rows if "item" in row}
        tracked |= {row.get("item", "A") for row in rows if row.get("lot")}
        warehouses |= {step[name] for name in ("warehouse", "from", "to") if name in step}
    for code in sorted(items | given.get("items", {}).keys()):
        own = given.get("items", {}).get(code, {})
        method = own.get("method", given.get("method", "moving_average"))
        scope = own.get("scope", given.get("scope", "company"))
        lots = "lot" if code in tracked or method == "specific" else "none"
        shop.make_item(code, tracking=lots, method=method, scope="company" if method == "monthly_average" else scope)
    for code in sorted(warehouses):
        shop.make_warehouse(code)


def _item(step: Step) -> str:
    return str(step.get("item", "A"))


def _lot(step: Step) -> str:
    tracked = Item.objects.filter(code=_item(step), tracking="lot").exists()
    return str(step.get("lot", "L1" if tracked else ""))


def _receive(step: Step, run: Run) -> StockDocument:
    reason = "gain" if "amount" not in step and "unit_cost" not in step else "purchase"
    return shop.receive_of(
        _item(step), step["quantity"], on=step["on"], warehouse=step.get("warehouse", "W1"), reason=reason,
        amount=step.get("amount"), unit_cost=step.get("unit_cost"), lot=_lot(step),
    )  # fmt: skip


def _issue(step: Step, run: Run) -> StockDocument:
    return shop.issue_of(
        _item(step), step["quantity"], on=step["on"], warehouse=step.get("warehouse", "W1"), lot=step.get("lot", "")
    )


def _transfer(step: Step, run: Run) -> StockDocument:
    return shop.transfer_of(
        _item(step), step["quantity"], on=step["on"], source=step["from"], target=step["to"], lot=step.get("lot", "")
    )


def _assemble(step: Step, run: Run) -> StockDocument:
    outputs = [{**row, "lot": _lot(row)} for row in step["outputs"]]
    return shop.assemble_of(
        step["inputs"], outputs, on=step["on"], extra=step.get("extra_cost", "0"),
        warehouse=step.get("warehouse", "W1"),
    )  # fmt: skip


def _origin(step: Step, run: Run) -> StockMove:
    document = run.documents[step["of"]]
    assert document is not None
    ways = {"return_in": {"quantity__lt": 0}, "return_out": {"quantity__gt": 0}}
    move = document.moves.filter(**ways[step["do"]]).order_by("id").first()
    assert move is not None
    return move


def _return_in(step: Step, run: Run) -> StockDocument:
    origin = _origin(step, run)
    return shop.receive_of(
        origin.item.code, step["quantity"], on=step["on"], warehouse=step.get("warehouse", origin.warehouse.code),
        reason="sales_return", origin=origin.pk, lot=origin.lot.code if origin.lot else "",
    )  # fmt: skip


def _return_out(step: Step, run: Run) -> StockDocument:
    origin = _origin(step, run)
    return shop.issue_of(
        origin.item.code, step["quantity"], on=step["on"], warehouse=step.get("warehouse", origin.warehouse.code),
        reason="purchase_return", origin=origin.pk, lot=origin.lot.code if origin.lot else "",
    )  # fmt: skip


def _landed(step: Step, run: Run) -> StockDocument:
    receipts = [run.documents[number] for number in step["of"]]
    ids = [document.pk for document in receipts if document is not None]
    return shop.land_of(ids, step["amount"], on=step["on"], basis=step.get("basis", "quantity"))


def _adjust(step: Step, run: Run) -> StockDocument:
    item = Item.objects.get(code=_item(step))
    return shop.adjust_of(
        item.code, step["amount"], on=step["on"], warehouse=step.get("warehouse", "W1"), lot=_lot(step)
    )


def _reverse(step: Step, run: Run) -> StockDocument:
    document = run.documents[step["of"]]
    assert document is not None
    return shop.reverse_of(document)


def _close(step: Step, run: Run) -> None:
    shop.close_of(step["period"])


_DO: dict[str, Callable[[Step, Run], StockDocument | None]] = {
    "receive": _receive, "issue": _issue, "transfer": _transfer, "assemble": _assemble, "return_in": _return_in,
    "return_out": _return_out, "landed": _landed, "adjust": _adjust, "reverse": _reverse, "close": _close,
}  # fmt: skip


def amount_of_step(document: StockDocument | None, step: Step) -> Any:
    """Signed sum of a step's entries: of the in-legs of transfer and assembly, of the rest all of it."""
    if document is None:
        return None
    moves = list(document.moves.order_by("id"))
    if step["do"] in ("transfer", "assemble"):
        moves = [move for move in moves if move.quantity > 0]
    if not moves:
        entries = CostEntry.objects.filter(cause=document).exclude(kind__in=["late", "delta"])
        return sum(entries.values_list("amount", flat=True), Decimal("0.00"))
    amounts = [shop.amount_of(move) for move in moves]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal("0.00")) if len(known) == len(amounts) else None


def amounts_by_item(document: StockDocument) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for move in document.moves.filter(quantity__gt=0).select_related("item"):
        found[move.item.code] = found.get(move.item.code, Decimal(0)) + (shop.amount_of(move) or Decimal(0))
    return found


def entries_of(document: StockDocument) -> list[dict[str, str]]:
    """Entries of the step's first move in posting order."""
    move = document.moves.order_by("id").first()
    rows = CostEntry.objects.filter(move=move).order_by("id") if move else CostEntry.objects.filter(cause=document)
    return [{"on": row.dated_on.isoformat(), "amount": f"{row.amount:.2f}"} for row in rows.order_by("id")]


def value_on(item: str, on: str) -> Decimal:
    rows = CostEntry.objects.filter(group__item__code=item, dated_on__lte=date.fromisoformat(on)).exclude(kind="late")
    return sum(rows.values_list("amount", flat=True), Decimal("0.00"))


def stock_of(row: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """(quantity, value) as an expected row names it."""
    item, warehouse, lot = row.get("item", "A"), row.get("warehouse", ""), row.get("lot", "")
    quantity = shop.on_hand_of(item, warehouse)
    if lot:
        balances = Lot.objects.get(item__code=item, code=lot).balances.all()
        quantity = sum(balances.values_list("quantity", flat=True), Decimal(0))
    return quantity, shop.value_of(item, warehouse, lot)
