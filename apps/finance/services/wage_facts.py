"""Piece wages as business facts: what one shop report earned, or, undone, gave back."""

from datetime import date, datetime

from apps.finance import links
from apps.finance.domain.amounts import format_amount
from apps.finance.models import BusinessFact
from apps.finance.services.facts import FactInput, receive_fact

PIECE_WORK = "PieceWorkConfirmed"


def book_piece_work(*, report_id: int, work_order_id: int, earned_on: date, at: datetime) -> BusinessFact | None:
    """Tell the rules of the wages of a report; a report earns once, so a redelivery changes nothing."""
    lines = links.wages_of_report(report_id, f"{earned_on:%Y-%m}")
    rows = [{"employee": line.employee, "amount": format_amount(line.amount)} for line in lines if line.amount]
    if not rows:
        return None
    given = FactInput(
        fact=PIECE_WORK,
        source=f"production.wages:{report_id}",
        occurred_on=earned_on,
        data={"number": lines[0].work_order, "lines": rows},
        document=f"production.work_order:{work_order_id}",
    )
    row, _is_new = receive_fact(given=given, actor=None, at=at)
    return row
