"""A started book of 宏达五金, and hands to type, review and post with."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.finance import services
from apps.finance.models import Book, Voucher
from apps.finance.services import AccountInput, BookChange, BookSetup, LineInput
from tenants.context import Company
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


@pytest.fixture
def book(alice: Member, bob: Member, in_hongda: Company) -> Book:
    """宏达五金's book from 2026-01, started, general taxpayer, preparer and reviewer apart."""
    return start(alice)


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


__all__ = ["AT", "JAN", "BookChange", "credit", "debit", "set_up", "start", "yuan"]
