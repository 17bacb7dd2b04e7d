"""The case kind `piece_wages`: rates and reports in, wage lines and totals out (production.md §18)."""

from datetime import date
from fractions import Fraction
from typing import Any

from apps.production.domain.wages import Rate, RateRow, Tier, WorkRow, totals_of, wages_of


def run(given: dict[str, Any]) -> dict[str, Any]:
    """`{lines {report: {employee: amount}}, totals {employee: amount}}`, amounts as text with two decimals."""
    lines = wages_of([_rate(row) for row in given["rates"]], [_report(row) for row in given["reports"]])
    shown: dict[str, dict[str, str]] = {}
    for key, paid in lines.items():
        shown[key] = {one.employee: _yuan(one.fen) for one in paid}
    return {"lines": shown, "totals": {code: _yuan(fen) for code, fen in totals_of(lines).items()}}


def check(given: dict[str, Any], expect: dict[str, Any]) -> None:
    """Run one case and compare what it expects; what it does not name is not checked."""
    found = run(given)

    for part, wanted in expect.items():
        assert found[part] == wanted, part


def _rate(row: dict[str, Any]) -> RateRow:
    tiers = tuple(Tier(Fraction(tier["from"]), Fraction(tier["rate"])) for tier in row.get("tiers", []))
    rate = Rate(Fraction(row["rate"]), tiers)
    return RateRow(row["item"], int(row["seq"]), date.fromisoformat(row["from"]), rate)


def _report(row: dict[str, Any]) -> WorkRow:
    workers = tuple((worker["employee"], Fraction(worker.get("weight", "1"))) for worker in row.get("workers", []))
    return WorkRow(
        id=row["id"],
        on=date.fromisoformat(row["on"]),
        item=row["item"],
        seq=int(row["seq"]),
        good=Fraction(row["good"]),
        workers=workers,
        undoes=row.get("undoes") or "",
    )


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
