"""Case kind `bom_explosion`: totals without phantoms, levels, or the cycle."""

from typing import Any

from apps.production.domain.errors import BomCycle
from apps.production.domain.explosion import Tree
from apps.production.domain.quantities import SCALE, ceil_to, step_of
from tests.production.golden_support import assert_keys, assert_same, bills_of, number, text


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case."""
    bills, decimals = bills_of(given["boms"]), given.get("decimals", {})
    try:
        tree = Tree(bills, given["item"])
    except BomCycle as error:
        _assert_rotation(expect["cycle"], error.path)
        return
    amounts = tree.totals(number(given["quantity"]))
    rounded = {
        item: text(ceil_to(amount * SCALE, step_of(int(decimals.get(item, 0))))) for item, amount in amounts.items()
    }
    assert_keys(expect, {"totals": rounded, "levels": tree.levels(), "cycle": None})


def _assert_rotation(expected: list[str] | None, path: list[object]) -> None:
    assert expected is not None, path
    ring, found = expected[:-1], path[:-1]
    assert path[0] == path[-1]
    assert_same(sorted(ring), sorted(map(str, found)))
    at = found.index(ring[0])
    assert found[at:] + found[:at] == ring
