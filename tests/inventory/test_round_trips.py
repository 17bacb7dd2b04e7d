"""Promises on round trips: what a move and a long document may cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.inventory.records import IssueLine
from apps.inventory.services.stock.issuing import issue
from tests.inventory import shop

pytestmark = pytest.mark.usefixtures("in_hongda")
DAY = "2026-03-10"


def statements(captured: CaptureQueriesContext) -> list[str]:
    """What went to the database, without the savepoints of the test's own transaction."""
    return [row["sql"] for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]]


@pytest.mark.parametrize(("method", "most"), [("moving_average", 4), ("monthly_average", 4), ("fifo", 5)])
def test_a_move_asks_little(method: str, most: int):
    shop.make_item("M6-BOLT", method=method)
    shop.make_warehouse("W1")
    shop.receive_of("M6-BOLT", "100", on=DAY, amount="100")
    shop.issue_of("M6-BOLT", "1", on=DAY)  # the first one of a process also reads how issues are numbered

    # names, what is held, the number, and all rows with the facts; at first in, first out the open layers too
    with CaptureQueriesContext(connection) as captured:
        shop.issue_of("M6-BOLT", "1", on=DAY)

    asked = statements(captured)
    assert len(asked) <= most, "\n".join(asked)


def test_a_document_of_200_lines_asks_hardly_more():
    shop.make_warehouse("W1")
    codes = [f"BOLT-{number}" for number in range(200)]
    for code in codes:
        shop.make_item(code)
        shop.receive_of(code, "10", on=DAY, amount="10")
    lines = [IssueLine(item=code, quantity=Decimal(1)) for code in codes]

    with CaptureQueriesContext(connection) as captured:
        issue(head=shop.head(DAY, "material"), warehouse="W1", lines=lines)

    assert len(statements(captured)) <= 40
