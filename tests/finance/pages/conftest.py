"""宏达五金 in the first months of 2026 as its people see it in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.finance.api.company import Books
from tests.people import api_client
from tests.standing import Standing

MATERIAL = (
    {"summary": "采购 45# 圆钢 3.2 吨", "account": "1403", "debit": "37920.00"},
    {"summary": "采购 45# 圆钢 3.2 吨", "account": "1002", "credit": "37920.00"},
)
CAPITAL = (
    {"summary": "收到投资款", "account": "1002", "debit": "500000.00"},
    {"summary": "收到投资款", "account": "3001", "credit": "500000.00"},
)


def january() -> None:
    books = Books(api_client("alice"))
    books.posted("2026-01-05", *CAPITAL)
    reviewed = books.draft("2026-01-12", *MATERIAL)
    books.made(f"vouchers/{reviewed['id']}/review/")
    books.draft("2026-01-20", *MATERIAL)


@pytest.fixture(scope="session")
def standing_shop(standing: Callable[..., Standing], standing_books: Standing) -> Standing:
    return standing("shop", january, on=standing_books)


@pytest.fixture
def shop(standing_shop: Standing, started: Books) -> Books:
    """One posted voucher (记-1), one reviewed, one draft, all of January 2026."""
    return started


@pytest.fixture
def office(page_of: Callable[[str], Client]) -> Client:
    """Alice's browser."""
    return page_of("alice")


def lines(*rows: dict[str, str]) -> dict[str, str]:
    """Rows of the grid as a browser sends them."""
    return {f"lines-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}


def entry(*rows: dict[str, str], **head: Any) -> dict[str, Any]:
    """The whole form of a January voucher."""
    return {
        "word": "记",
        "date": "2026-01-15",
        "attachment_count": "0",
        "kind": "normal",
        "version": "",
        **head,
    } | lines(*rows)
