"""Fixtures of the books' own tests: a started book, and vouchers typed by 王波, reviewed and posted by 李敏."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from apps.finance import services
from apps.finance.models import Book, Voucher
from apps.finance.services import LineInput
from tenants.context import Company, company_of, tenant_context
from tenants.models import Membership, Tenant
from tenants.rights import Member, rights_of_role
from tests.finance.books.hands import AT, JAN, Committed, credit, debit, start
from tests.people import member
from tests.standing import Standing


def began() -> None:
    alice = member("alice@hongda.example")
    with tenant_context(company_of(Tenant.objects.get(slug="hongda"))):
        start(alice)


@pytest.fixture(scope="session")
def standing_book(standing: Callable[..., Standing]) -> Standing:
    return standing("book", began)


@pytest.fixture
def book(standing_book: Standing, alice: Member, bob: Member, in_hongda: Company) -> Book:
    """宏达五金's book from 2026-01, started, general taxpayer, preparer and reviewer apart."""
    return Book.objects.get()


@pytest.fixture
def draft(bob: Member, book: Book) -> Callable[..., Voucher]:
    """`draft(lines, date=…)`: 王波 types a voucher."""

    def make(lines: Sequence[LineInput] | None = None, **more: Any) -> Voucher:
        lines = lines or [debit("1403", "5000.00"), credit("1002", "5000.00")]
        values = {"date": JAN, "word": "记", "actor": bob, "at": AT, **more}
        return services.draft_voucher(lines=lines, **values)

    return make


@pytest.fixture
def posted(alice: Member, draft: Callable[..., Voucher]) -> Callable[..., Voucher]:
    """`posted(lines, date=…)`: typed by 王波, reviewed and posted by 李敏."""

    def make(lines: Sequence[LineInput] | None = None, **more: Any) -> Voucher:
        voucher = draft(lines, **more)
        services.review(voucher_id=voucher.pk, actor=alice, at=AT)
        return services.post(voucher_id=voucher.pk, actor=alice, at=AT)

    return make


@pytest.fixture
def committed(committed_db: str) -> Committed:
    """A started book whose rows are committed."""
    company = company_of(Tenant.objects.get(slug="hongda"))
    people = {
        row.user.email.split("@")[0]: Member(
            user_id=row.user.pk, name=row.user.name, role=row.role, rights=rights_of_role(row.role)
        )
        for row in Membership.objects.select_related("user").filter(tenant__slug="hongda")
    }
    made = Committed(company, people["alice"], people["bob"])
    made.inside(lambda: start(made.alice))
    return made
