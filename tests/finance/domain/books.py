"""A small book of 宏达五金 for the tests, and a strategy for random balanced ledgers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from apps.finance.domain import catalogue
from apps.finance.domain.balances import AccountFacts, Balances, Movement, Opening, TaggedCash
from apps.finance.domain.cashflow import tag_lines
from apps.finance.domain.lines import Line
from apps.finance.domain.periods import Period
from apps.finance.domain.statements import StatementBook


def yuan(text: str | int) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def chart_of(taxpayer_kind: str = "general") -> list[AccountFacts]:
    rows = catalogue.starting_accounts(taxpayer_kind)
    parents = {row.parent for row in rows}
    directions: dict[str, str] = {}
    facts = []
    for row in sorted(rows, key=lambda row: row.code):
        directions[row.code] = row.direction or directions[row.parent or ""]
        facts.append(
            AccountFacts(
                code=row.code,
                name=row.name,
                direction=directions[row.code],
                parent=row.parent,
                level=row.level,
                is_leaf=row.code not in parents,
                income_line=row.income_line,
            )
        )
    return facts


CHART = chart_of()
LEAVES = [account for account in CHART if account.is_leaf]


@dataclass(frozen=True)
class Voucher:
    """Lines of one posted voucher in one period."""

    period: Period
    lines: tuple[Line, ...]
    closing: bool = False


def voucher(period: str, *sides: tuple[str, str, str], closing: bool = False) -> Voucher:
    """`("借", "1002", "113.00")` …"""
    lines = tuple(
        Line(code, "测试", debit=yuan(amount)) if side == "借" else Line(code, "测试", credit=yuan(amount))
        for side, code, amount in sides
    )
    return Voucher(Period.parse(period), lines, closing)


def balances_of(
    vouchers: Iterable[Voucher],
    *,
    start: str = "2026-01",
    openings: Iterable[Opening] = (),
    opening_cash_flow: dict[int, Decimal] | None = None,
) -> Balances:
    posted = list(vouchers)
    movements = [
        Movement(line.account, one.period, line.debit, line.credit, one.closing) for one in posted for line in one.lines
    ]
    tagged = [TaggedCash(tag.line, one.period, tag.amount) for one in posted for tag in tag_lines(one.lines)]
    return Balances.build(
        accounts=CHART,
        start=Period.parse(start),
        openings=openings,
        movements=movements,
        tagged=tagged,
        opening_cash_flow=opening_cash_flow,
    )


def book_of(balances: Balances, **settings: object) -> StatementBook:
    return StatementBook(
        balances,
        catalogue.statement_lines(),
        catalogue.statement_checks(),
        **settings,  # type: ignore[arg-type]  # a test passes what StatementBook takes
    )


amounts = st.integers(min_value=-(10**9), max_value=10**9).filter(bool).map(lambda fen: Decimal(fen).scaleb(-2))
leaf_codes = st.sampled_from([account.code for account in LEAVES])


@st.composite
def balanced_lines(draw: st.DrawFn) -> tuple[Line, ...]:
    """2 to 5 lines on any leaves, either side, red or blue, balanced by the last."""
    codes = draw(st.lists(leaf_codes, min_size=2, max_size=5))
    lines = []
    for code in codes[:-1]:
        amount = draw(amounts)
        on_debit = draw(st.booleans())
        lines.append(Line(code, "随机", debit=amount) if on_debit else Line(code, "随机", credit=amount))
    rest = sum((line.net for line in lines), Decimal("0.00"))
    if rest:
        lines.append(Line(codes[-1], "随机", credit=rest))
    return tuple(lines)


def random_vouchers(first: str, last: str) -> st.SearchStrategy[list[Voucher]]:
    low, high = Period.parse(first).index, Period.parse(last).index
    periods = st.integers(low, high).map(Period.from_index)
    return st.lists(st.builds(Voucher, periods, balanced_lines(), st.just(False)), max_size=8)


@st.composite
def random_openings(draw: st.DrawFn, *, ytd: bool) -> list[Opening]:
    """Balanced opening balances; with `ytd` also balanced turnovers of the year so far."""
    codes = [account.code for account in LEAVES if not account.code.startswith("5")]
    chosen = draw(st.lists(st.sampled_from(codes), min_size=2, max_size=8, unique=True))
    opening = _balanced(draw, len(chosen))
    moved = _balanced(draw, len(chosen)) if ytd else [Decimal("0.00")] * len(chosen)
    rows = []
    for code, balance, net in zip(chosen, opening, moved, strict=True):
        gross = draw(st.integers(0, 10**6)) if ytd else 0
        credit = Decimal(gross).scaleb(-2)
        rows.append(Opening(code, balance, ytd_debit=credit + net, ytd_credit=credit))
    return rows


def _balanced(draw: st.DrawFn, count: int) -> list[Decimal]:
    values = [draw(amounts) for _ in range(count - 1)]
    return [*values, -sum(values, Decimal("0.00"))]
