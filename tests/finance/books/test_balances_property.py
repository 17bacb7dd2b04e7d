"""Random vouchers: the balances are the sum of the posted lines, to the fen, in every direction."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.finance import services
from apps.finance.domain.cashflow import INFLOW_LINES
from apps.finance.models import CashFlowBalance, PeriodBalance, VoucherLine
from apps.finance.services import LineInput
from apps.finance.services.ledger import account_balance
from tests.finance.books.hands import AT

LEAVES = ("1001", "1002", "1403", "1405", "5051", "5402", "560206", "560304", "3103")
AUX = {"1403": {"item": "M-STEEL"}}
amounts = st.integers(-10_000_00, 10_000_00).filter(bool).map(lambda fen: Decimal(fen).scaleb(-2))


@st.composite
def balanced_lines(draw) -> list[LineInput]:
    """One to four debits and the credit that balances them; red letters among them."""
    debits = draw(st.lists(st.tuples(st.sampled_from(LEAVES), amounts), min_size=1, max_size=4))
    total = sum((amount for _code, amount in debits), Decimal(0))
    if not total:
        debits.append(("1001", Decimal("0.01")))
        total = Decimal("0.01")
    against = draw(st.sampled_from(LEAVES))
    lines = [LineInput(summary="随机", account=code, debit=amount, aux=AUX.get(code, {})) for code, amount in debits]
    return [*lines, LineInput(summary="随机", account=against, credit=total, aux=AUX.get(against, {}))]


class Undo(Exception):
    """Leaves the savepoint of one example."""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    vouchers=st.lists(
        st.tuples(balanced_lines(), st.dates(date(2026, 1, 1), date(2026, 4, 30)), st.booleans()),
        min_size=1,
        max_size=6,
    )
)
def test_balances_are_the_sum_of_posted_lines(book, alice, bob, vouchers):
    try:
        with transaction.atomic():
            for lines, on, is_posted in vouchers:
                made = services.draft_voucher(lines=lines, date=on, word="记", actor=bob, at=AT)
                if is_posted:
                    services.review(voucher_id=made.pk, actor=alice, at=AT)
                    services.post(voucher_id=made.pk, actor=alice, at=AT)
            _assert_ties()
            raise Undo
    except Undo:
        pass


def _assert_ties() -> None:
    posted = VoucherLine.objects.filter(voucher__state="posted")
    expected: dict[tuple[int, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0), Decimal(0)])
    for line in posted.select_related("voucher"):
        sums = expected[line.voucher.period_id, line.account_id, line.combo_id or 0]
        sums[0] += line.debit
        sums[1] += line.credit
        sums[2] += 1
    stored = {
        (row.period_id, row.account_id, row.combo_id): [row.debit, row.credit, Decimal(row.n)]
        for row in PeriodBalance.objects.all()
    }
    assert stored == dict(expected)
    assert account_balance("") == 0
    assert services.prove_chain().ok
    cash = posted.filter(account__cash_kind__in=["cash", "bank"]).aggregate(debit=Sum("debit"), credit=Sum("credit"))
    change = (cash["debit"] or 0) - (cash["credit"] or 0)
    tagged = sum(
        (row.amount if row.line in INFLOW_LINES else -row.amount for row in CashFlowBalance.objects.all()), Decimal(0)
    )
    assert tagged == change
