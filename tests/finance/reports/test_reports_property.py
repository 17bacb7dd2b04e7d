"""Whatever is posted: the trial balance agrees in pairs, the statements tie, and every ledger ends where it must."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import LedgerAccount
from apps.finance.selectors import ledgers, statements
from apps.finance.selectors.chart import current_book
from apps.finance.services.book import BookChange, BookSetup, alter_book, set_up_book, start_book
from apps.finance.services.lines import LineInput
from apps.finance.services.posting import post
from apps.finance.services.signing import review
from apps.finance.services.vouchers import draft_voucher
from tenants.context import Company
from tenants.rights import Member

YEAR = Span(Month(2025, 11), Month(2026, 2))
CODES = ("1001", "1002", "1405", "22210101", "22210107", "3001", "400101", "410199", "5001", "5401", "560206", "560301")
AMOUNTS = st.decimals(min_value=-9999, max_value=9999, places=2, allow_nan=False).filter(bool)
DAYS = st.dates(min_value=date(2025, 11, 1), max_value=date(2026, 2, 28))


@st.composite
def vouchers(draw: st.DrawFn) -> tuple[date, list[tuple[str, Decimal]]]:
    """A day and (account, debit minus credit) lines that add up to zero; amounts of either sign."""
    parts = draw(st.lists(st.tuples(st.sampled_from(CODES), AMOUNTS), min_size=1, max_size=4))
    rest = -sum((amount for _code, amount in parts), Decimal(0))
    closing = [(draw(st.sampled_from(CODES)), rest)] if rest else [("1002", Decimal(1)), ("3001", Decimal(-1))]
    return draw(DAYS), [*parts, *closing]


@pytest.fixture
def owner(alice: Member, in_hongda: Company) -> Member:
    """The owner, in a started book."""
    setup = BookSetup(
        company_name="宏达五金", tax_id="91330200MA2AH12345", taxpayer_kind="general", start_period="2025-11"
    )
    set_up_book(setup=setup, actor=alice, at=timezone.now())
    alter_book(change=BookChange(separate_reviewer=False, reason="测试"), actor=alice)
    start_book(actor=alice)
    return alice


def book(owner: Member, day: date, lines: list[tuple[str, Decimal]], *, red: bool) -> None:
    """Post it; negative amounts stand in red on the debit side or in black on the credit side."""
    typed = [
        LineInput(summary="随机", account=code, debit=amount)
        if amount > 0 or red
        else LineInput(summary="随机", account=code, credit=-amount)
        for code, amount in lines
    ]
    if red:
        typed = [
            LineInput(summary="随机", account=line.account, credit=-line.debit)
            if line.debit < 0 and index % 2
            else line
            for index, line in enumerate(typed)
        ]
        debits = sum((line.debit for line in typed), Decimal(0))
        credits = sum((line.credit for line in typed), Decimal(0))
        assert debits == credits
    made = draft_voucher(date=day, word="记", lines=typed, actor=owner, at=timezone.now())
    review(voucher_id=made.pk, actor=owner, at=timezone.now())
    post(voucher_id=made.pk, actor=owner, at=timezone.now())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(st.tuples(vouchers(), st.booleans()), min_size=1, max_size=6))
def test_all_reports_tie(owner: Member, entries):
    with transaction.atomic():
        for (day, lines), red in entries:
            book(owner, day, lines, red=red)

        _check_ledgers()
        _check_statements()
        transaction.set_rollback(True)


def _check_ledgers() -> None:
    current = current_book()
    trial = ledgers.trial_balance(current, YEAR)
    assert trial.balanced
    for row in trial.rows:
        closing = row.amounts.closing_debit - row.amounts.closing_credit
        lines = list(ledgers.subledger(current, YEAR, account=row.account.code).rows)
        general = ledgers.general_ledger(current, YEAR, account=row.account.code)[0].rows
        assert lines[-1].balance == general[-1].balance == closing
        assert (lines[-1].debit, lines[-1].credit) == (row.amounts.ytd_debit, row.amounts.ytd_credit)
        assert (general[-1].debit, general[-1].credit) == (row.amounts.ytd_debit, row.amounts.ytd_credit)
    assert LedgerAccount.objects.filter(code__in=CODES, is_leaf=True).count() == len(CODES)


def _check_statements() -> None:
    current = current_book()
    for month in (Month(2025, 12), Month(2026, 2)):
        for span in ("month", "quarter", "year"):
            forms = [
                statements.balance_sheet(current, month),
                statements.income_statement(current, month, span=span),
                statements.cash_flow(current, month, span=span),
            ]
            broken = [check for form in forms for check in form.checks if check.kind == "equal" and not check.ok]
            assert not broken, broken
