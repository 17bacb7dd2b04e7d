"""Case kind `ctp`: infinite capacity, leads in calendar days."""

from datetime import date
from typing import Any

from apps.production.domain.promise import Flow, Situation, Source, binding
from apps.production.domain.quantities import step_of
from tests.production.golden_support import assert_keys, bills_of, dated, scaled


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    today, ask = date.fromisoformat(given["today"]), given["ask"]
    phantoms = frozenset(code for code, row in given["items"].items() if row.get("phantom"))
    flows = [_flow(row, 1) for row in given.get("expected", [])]
    flows += [_flow(row, -1) for row in given.get("committed", [])]
    decimals = given.get("decimals", {})
    bills = bills_of(given["boms"], phantoms)
    codes = {*given["items"], *(line.component for bill in bills.values() for line in bill.lines)}
    situation = Situation(
        today=today,
        stock={item: scaled(quantity) for item, quantity in given["stock"].items()},
        flows=flows,
        sources={
            code: Source(
                lead=int(given["items"].get(code, {}).get("lead", 0)),
                make=bool(given["items"].get(code, {}).get("make", False)),
                step=step_of(int(decimals.get(code, 0))),
            )
            for code in codes
        },
        bills=dated(bills),
    )

    node = situation.ready(ask["item"], scaled(ask["quantity"]))

    found = binding(node, today)
    assert_keys(
        expect,
        {
            "promise_on": node.ready_on.isoformat(),
            "holds": node.ready_on <= date.fromisoformat(ask["requested_on"]),
            "binding": {"kind": found.kind, "item": found.item},
        },
    )


def _flow(row: dict[str, Any], sign: int) -> Flow:
    return Flow(row["item"], date.fromisoformat(row["on"]), sign * scaled(row["quantity"]))
