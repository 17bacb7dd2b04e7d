"""Case files of `tests/golden/inventory/`: every file runs, by its kind; a new file needs no new code."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.inventory.domain.amounts import fen, landed_split, money
from apps.inventory.domain.counting import Counted
from apps.inventory.domain.promising import curve, earliest
from apps.inventory.domain.replenishing import Rule, order_quantity, position
from apps.inventory.domain.tracing import trace
from tests.inventory import costing_cases

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "inventory"


def cases(*kinds: str, but: tuple[str, ...] = ()) -> list[Any]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
    rows = [row for document in found for row in (document if isinstance(document, list) else [document])]
    chosen = [row for row in rows if (row["kind"] in kinds if kinds else row["kind"] not in but)]
    return [pytest.param(row, id=row["id"]) for row in chosen]


@pytest.mark.parametrize("case", cases("costing_sequence"))
def test_costing_sequence(case: dict[str, Any], in_hongda: object):
    expect = case["expect"]

    run = costing_cases.run(case["given"])

    assert {str(number): code for number, code in run.refused.items()} == expect.get("refused", {})
    for number, amount in expect.get("first", {}).items():
        at_first: Any = run.first[int(number)]
        if isinstance(amount, dict):
            at_first = run.first_by_item[int(number)]
        assert shown(at_first, amount) == amount, f"step {number} at first"
    for number, amount in expect.get("moves", {}).items():
        document, step = run.documents[int(number)], case["given"]["steps"][int(number) - 1]
        found: Any = costing_cases.amount_of_step(document, step)
        if isinstance(amount, dict):
            found = costing_cases.amounts_by_item(document)  # type: ignore[arg-type]  # a close has no amounts
        assert shown(found, amount) == amount, f"step {number}"
    for row in expect.get("stock", []):
        quantity, value = costing_cases.stock_of(row)
        assert (quantity, value) == (Decimal(row["quantity"]), Decimal(row["value"])), row
    for row in expect.get("value_on", []):
        assert costing_cases.value_on(row.get("item", "A"), row["on"]) == Decimal(row["value"]), row
    for number, rows in expect.get("entries_dated", {}).items():
        document = run.documents[int(number)]
        assert document is not None
        assert costing_cases.entries_of(document) == rows, f"entries of step {number}"


def shown(found: Any, like: Any) -> Any:
    """Amounts as the case writes them."""
    if isinstance(like, dict) and isinstance(found, dict):
        return {item: f"{found[item]:.2f}" for item in like}
    return None if found is None else f"{found:.2f}"


def landed(given: dict[str, Any]) -> dict[str, Any]:
    lines = [(Decimal(row["quantity"]), Decimal(row["value"]), Decimal(row["weight"])) for row in given["lines"]]
    parts = landed_split(fen(Decimal(given["amount"])), given["basis"], lines)
    return {"amounts": [f"{money(part):.2f}" for part in parts]}


def atp(given: dict[str, Any]) -> dict[str, Any]:
    days = curve(
        today=date.fromisoformat(given["today"]), on_hand=Decimal(given["on_hand"]),
        reserved=Decimal(given["reserved"]), expected=dated(given["expected"]), committed=dated(given["committed"]),
    )  # fmt: skip
    asked = [earliest(days, Decimal(row["quantity"])) for row in given["ask"]]
    return {
        "days": [{"on": day.on.isoformat(), "projected": day.projected, "atp": day.atp} for day in days],
        "earliest": [day.isoformat() if day else None for day in asked],
    }


def dated(rows: list[dict[str, Any]]) -> list[tuple[date, Decimal]]:
    return [(date.fromisoformat(row["on"]), Decimal(row["quantity"])) for row in rows]


def stocktake(given: dict[str, Any]) -> dict[str, Any]:
    book, counted = Decimal(given["opening"]), Counted()
    for event in given["events"]:
        quantity = Decimal(event["quantity"])
        if event["do"] == "move":
            book += quantity
        else:
            counted = counted.count(quantity, book=book, add=event.get("add", False))
    difference = counted.difference(now=book, missing_is_zero=given.get("missing_is_zero", False))
    at_count = counted.book if counted.counted is not None else book
    return {"book": at_count, "counted": counted.counted, "difference": difference, "final": book + difference}


def replenishment(given: dict[str, Any]) -> dict[str, Any]:
    number = {name: Decimal(given[name]) for name in given if name != "rule"}
    at = position(on_hand=number["on_hand"], expected=number["expected"], committed=number["committed"])
    names = ("reorder_point", "reorder_to", "safety_stock", "min_lot", "multiple")
    rule = Rule(rule=given["rule"], **{name: number.get(name, Decimal(0)) for name in names})
    return {"position": at, "quantity": order_quantity(rule, at)}


def tracing(given: dict[str, Any]) -> dict[str, Any]:
    links = [(row["from"], row["to"]) for row in given["links"]]
    found = trace(links, given["root"], direction=given["direction"], levels=given["levels"])
    return {"nodes": [{"lot": lot, "level": level} for lot, level in found.levels.items()], "edges": len(found.links)}


KINDS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "landed_split": landed, "atp": atp, "stocktake": stocktake, "replenishment": replenishment, "trace": tracing,
}  # fmt: skip


@pytest.mark.parametrize("case", cases(but=("costing_sequence",)))
def test_arithmetic(case: dict[str, Any]):
    found = KINDS[case["kind"]](case["given"])

    for key, value in case["expect"].items():
        assert same(found[key], value), f"{key}: {found[key]} is not {value}"


def same(found: Any, wanted: Any) -> bool:
    """Equal where the case says something: numbers by value, nodes in any order."""
    if isinstance(wanted, dict):
        return all(same(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list):
        if wanted and isinstance(wanted[0], dict) and "lot" in wanted[0]:
            found, wanted = sorted(found, key=lambda row: row["lot"]), sorted(wanted, key=lambda row: row["lot"])
        return len(found) == len(wanted) and all(same(one, other) for one, other in zip(found, wanted, strict=True))
    return bool(Decimal(wanted) == found if isinstance(found, Decimal) and wanted is not None else wanted == found)
