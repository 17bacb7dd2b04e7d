"""Hands of the tests: amounts and lines as a clerk types them, a started book, threads that meet."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from apps.finance import services
from apps.finance.models import Book
from apps.finance.services import AccountInput, BookSetup, LineInput
from kernel.errors import DomainError
from tenants.context import Company, leave_company, tenant_context
from tenants.rights import Member

AT = datetime(2026, 2, 5, 1, 30, tzinfo=UTC)
JAN = date(2026, 1, 15)


def yuan(text: str | int) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def debit(account: str, amount: str, summary: str = "采购钢材", **more: Any) -> LineInput:
    return LineInput(summary=summary, account=account, debit=Decimal(amount), **more)


def credit(account: str, amount: str, summary: str = "银行付款", **more: Any) -> LineInput:
    return LineInput(summary=summary, account=account, credit=Decimal(amount), **more)


def set_up(alice: Member, **change: Any) -> Book:
    answers = {
        "company_name": "宏达五金制品", "tax_id": "91330212MA2H3TEST1", "taxpayer_kind": "general",
        "start_period": "2026-01",
    }  # fmt: skip
    return services.set_up_book(setup=BookSetup(**{**answers, **change}), actor=alice, at=AT)


def start(alice: Member, **change: Any) -> Book:
    """A book without opening balances, in use; 1403 carries items, S001 supplies."""
    set_up(alice, **change)
    book = services.start_book(actor=alice)
    services.add_value(dimension="supplier", code="S001", name="永兴钢材", actor=alice, at=AT)
    services.add_value(dimension="customer", code="C001", name="恒信机械", actor=alice, at=AT)
    services.add_value(dimension="item", code="M-STEEL", name="圆钢 Φ20", unit="kg", actor=alice, at=AT)
    services.alter_account(code="1403", changes={"aux": {"item": False}}, actor=alice)
    services.add_account(
        account=AccountInput(code="220201", name="应付货款", given={"open_item": "payable"}), actor=alice, at=AT
    )
    return book


def refusal(code: str, act: Callable[[], object]) -> DomainError:
    """Run `act`, which must be refused with `code`; answers the refusal."""
    with pytest.raises(DomainError) as caught:
        act()
    assert caught.value.code == code, caught.value.message
    return caught.value


@dataclass(frozen=True)
class Committed:
    """宏达五金 in a database of its own, where transactions end and threads meet."""

    company: Company
    alice: Member
    bob: Member

    def inside(self, act: Callable[[], Any]) -> Any:
        """Run `act` in the company on this thread's own connection, and give the connection back."""
        try:
            with tenant_context(self.company):
                return act()
        finally:
            leave_company()
            connections["default"].close()

    def drafts(self, count: int, **more: Any) -> list[int]:
        """Reviewed vouchers waiting to be posted."""

        def make() -> list[int]:
            made = []
            for _ in range(count):
                lines = [debit("560206", "10.00"), credit("1002", "10.00")]
                values = {"date": JAN, "word": "记", "actor": self.bob, "at": AT, **more}
                voucher = services.draft_voucher(lines=lines, **values)
                services.review(voucher_id=voucher.pk, actor=self.alice, at=AT)
                made.append(voucher.pk)
            return made

        return self.inside(make)


def at_once(acts: Sequence[Callable[[], Any]], *, threads: int = 8) -> list[Any]:
    """Run all on real threads; an exception is an answer too."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Exception as error:  # the test looks at what was refused
            return error

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, acts))
