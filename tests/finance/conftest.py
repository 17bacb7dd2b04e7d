"""Fixtures of the finance tests: the owner's client, and a book that is in use."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.finance.api.company import Books
from tests.people import api_client
from tests.standing import Standing


@pytest.fixture
def books(api_of: Callable[[str], APIClient]) -> Books:
    """Alice's client at 宏达五金, no book yet."""
    return Books(api_of("alice"))


@pytest.fixture(scope="session")
def standing_books(standing: Callable[..., Standing]) -> Standing:
    return standing("books", lambda: Books(api_client("alice")).started())


@pytest.fixture
def started(standing_books: Standing, books: Books) -> Books:
    """A general taxpayer's book, in use from 2026-01 with nothing in it."""
    return books
