"""Case kind `mrp_netting`: a plant in buckets; the plan is computed with one day a bucket."""

from collections import defaultdict
from typing import Any

import numpy as np

from apps.production.domain.explosion import direct_lines
from apps.production.domain.mrp import DEMAND, NEVER, Items, Needs, Plan, Problem, Receipts, plan
from apps.production.domain.planning_tables import line_table
from apps.production.domain.quantities import ints, step_of
from tests.production.golden_lot_sizing import rules_of
from tests.production.golden_support import assert_same, bills_of, dated, scaled, text


class Case:
    """A case as a planning problem: rows are items in the order of their names."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        rows = given["items"]
        named = {line["component"] for bill in given["boms"].values() for line in bill["lines"]}
        self.codes = sorted({*rows, *given["boms"], *named})
        self.row = {code: at for at, code in enumerate(self.codes)}
        self.phantoms = frozenset(code for code in self.codes if self._is_phantom(code))
        self.receipts = sorted(given["receipts"], key=lambda r: (self.row[r["item"]], r["bucket"], r["id"]))

    def _is_phantom(self, code: str) -> bool:
        """Said of the item, or of every line that uses it."""
        spec = self.given["items"].get(code, {})
        lines = [row for bill in self.given["boms"].values() for row in bill["lines"] if row["component"] == code]
        wanted = any(demand["item"] == code for demand in self.given["demands"])
        flagged = bool(lines) and all(line.get("phantom") for line in lines) and not wanted
        return bool(spec.get("phantom") or spec.get("is_phantom") or flagged)

    def problem(self) -> Problem:
        given, bills = self.given, bills_of(self.given["boms"], self.phantoms)
        specs = [given["items"].get(code, {}) for code in self.codes]
        steps = [step_of(int(given.get("decimals", {}).get(code, 0))) for code in self.codes]
        makes = [spec.get("make", code in bills) for code, spec in zip(self.codes, specs, strict=True)]
        items = Items(
            on_hand=ints(scaled(spec.get("on_hand")) for spec in specs),
            safety=ints(scaled(spec.get("safety_stock")) for spec in specs),
            lead=ints(int(spec.get("lead", 0)) for spec in specs),
            step=ints(steps),
            tolerance=ints(0 for _ in specs),
            explodes=np.array([bool(make) for make in makes]),
            working_lead=np.zeros(len(specs), dtype=bool),
            rules=rules_of([spec.get("lot_rule", {}) for spec in specs], steps=steps),
        )
        lines = [line for parent in bills for line in direct_lines(dated(bills), parent)]
        links = [(parent, line.component) for parent, bill in bills.items() for line in bill.lines]
        return Problem(
            items=items,
            lines=line_table(lines, self.row),
            links=(ints(self.row[a] for a, _ in links), ints(self.row[b] for _, b in links)),
            needs=self._needs(),
            receipts=Receipts(
                ints(self.row[r["item"]] for r in self.receipts),
                ints(r["bucket"] - 1 for r in self.receipts),
                ints(scaled(r["quantity"]) for r in self.receipts),
            ),
            days=given["buckets"],
        )

    def _needs(self) -> Needs:
        demands = self.given["demands"]
        return Needs(
            ints(self.row[d["item"]] for d in demands),
            ints(d["bucket"] - 1 for d in demands),
            ints(scaled(d["quantity"]) for d in demands),
            ints(DEMAND for _ in demands),
            ints(range(len(demands))),
            ints(int(d.get("priority", 5)) for d in demands),
        )


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    case = Case(given)
    problem = case.problem()
    answer = plan(problem)
    found = _items(case, problem, answer)
    if "items" in expect:
        assert not case.phantoms & set(expect["items"])
        for code, figures in expect["items"].items():
            assert_same(figures, {name: found[code][name] for name in figures}, code)
    if "messages" in expect:
        messages = _messages(case, answer)
        assert_same(sorted(expect["messages"], key=str), sorted(messages, key=str))
    if "past_due" in expect:
        assert_same(expect["past_due"], _past_due(case, answer))


def _items(case: Case, problem: Problem, answer: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    days = answer.days
    for code, row in case.row.items():
        here = days.row == row
        at = {int(day): n for n, day in zip(np.flatnonzero(here), days.day[here], strict=True)}
        stock, projected = int(problem.items.on_hand[row]), {}
        for bucket in range(case.given["buckets"]):
            stock = int(days.projected[at[bucket]]) if bucket in at else stock
            projected[str(bucket + 1)] = text(stock)
        columns = {"gross": days.gross, "receipts": days.receipt, "releases": days.release}
        found[code] = {
            name: {str(day + 1): text(int(column[n])) for day, n in at.items() if column[n]}
            for name, column in columns.items()
        } | {"projected": projected, "level": int(answer.level[row])}
    return found


def _messages(case: Case, answer: Plan) -> list[dict[str, Any]]:
    found = []
    for receipt, needed in zip(case.receipts, answer.needed.tolist(), strict=True):
        row = {"item": receipt["item"], "receipt": receipt["id"], "from": receipt["bucket"]}
        if needed == NEVER:
            found.append({"code": "cancel", **row, "to": None})
        elif needed != receipt["bucket"] - 1:
            code = "reschedule_in" if needed < receipt["bucket"] - 1 else "reschedule_out"
            found.append({"code": code, **row, "to": needed + 1})
    return found


def _past_due(case: Case, answer: Plan) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    orders = answer.orders
    for at in np.flatnonzero(orders.cut):
        found[case.codes[orders.row[at]]][str(int(orders.due[at]) + 1)] = int(orders.cut[at])
    return dict(found)
