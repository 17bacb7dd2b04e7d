"""An immutable view of the books from which statements, trial balances and templates are computed.

Sums are laid out once as a grid of prefix sums (account codes in order × months), so the balance or
turnover of an account with everything below it, or of `5*`, costs two look-ups whatever the number of
accounts and months.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.errors import BookkeepingError, gettext_noop
from apps.finance.domain.periods import Period, Span

_AFTER_DIGITS = ":"  # the character after "9": every code that begins with x lies in [x, x + ":")


@dataclass(frozen=True)
class AccountFacts:
    """What arithmetic needs to know of a ledger account; direction is debit or credit."""

    code: str
    name: str
    direction: str
    parent: str | None = None
    level: int = 1
    is_leaf: bool = True
    income_line: int | None = None

    @property
    def sign(self) -> int:
        """+1 for a debit-direction account, -1 for a credit-direction one."""
        return 1 if self.direction == "debit" else -1


@dataclass(frozen=True)
class Opening:
    """期初 of one account (and partner) at the start of the book.

    `balance` is debit minus credit on the day before the start. `ytd_debit`, `ytd_credit` are the turnovers
    from January to that day; `ytd_normal` is the part of their net (debit minus credit) that is no closing
    entry (损益实际发生额), None = all of it.
    """

    account: str
    balance: Decimal
    ytd_debit: Decimal = ZERO
    ytd_credit: Decimal = ZERO
    ytd_normal: Decimal | None = None
    partner: str = ""

    @classmethod
    def in_own_direction(
        cls,
        account: AccountFacts,
        *,
        balance: Decimal,
        ytd_debit: Decimal = ZERO,
        ytd_credit: Decimal = ZERO,
        ytd_actual: Decimal | None = None,
        partner: str = "",
    ) -> "Opening":
        """From amounts as the clerk types them: balance and ytd_actual in the account's own direction."""
        normal = None if ytd_actual is None else ytd_actual * account.sign
        return cls(account.code, balance * account.sign, ytd_debit, ytd_credit, normal, partner)

    @property
    def year_begin(self) -> Decimal:
        """Balance on the first of January of the start year: opening without its year-to-date movements."""
        return self.balance - (self.ytd_debit - self.ytd_credit)


@dataclass(frozen=True)
class Movement:
    """Posted turnover of one account (and partner) in one period; `closing` marks vouchers of kind
    closing.
    """

    account: str
    period: Period
    debit: Decimal
    credit: Decimal
    closing: bool = False
    partner: str = ""


@dataclass(frozen=True)
class TaggedCash:
    """Cash-flow amount of one line number in one period, in the line's own direction (in or out)."""

    line: int
    period: Period
    amount: Decimal


@dataclass(frozen=True)
class Turnover:
    """Debit and credit turnover of a span; red letters count as negative."""

    debit: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Debit minus credit."""
        return self.debit - self.credit


_Grid = list[list[Decimal]]
_OPEN, _DEBIT, _CREDIT, _CLOSING_DEBIT, _CLOSING_CREDIT = range(5)


@dataclass(frozen=True)
class Balances:
    """The view. Build it with `Balances.build`; ask for any period, before the first it answers the year's
    begin.
    """

    accounts: Mapping[str, AccountFacts]
    start: Period
    _origin: int
    _codes: Sequence[str]
    _grids: Sequence[_Grid]
    _memo: Mapping[int, Sequence[Decimal]]
    _tags: Mapping[int, Sequence[Decimal]]
    _partners: Mapping[str, Mapping[tuple[str, str], Sequence[Decimal]]] = field(repr=False)

    @classmethod
    def build(
        cls,
        *,
        accounts: Iterable[AccountFacts],
        start: Period,
        openings: Iterable[Opening] = (),
        movements: Iterable[Movement] = (),
        tagged: Iterable[TaggedCash] = (),
        opening_cash_flow: Mapping[int, Decimal] | None = None,
    ) -> "Balances":
        """Lay out the sums.

        `start` is the month after the opening balances: the book's first period, or the first month of a
        later year when a snapshot is passed as opening. Opening turnovers and `opening_cash_flow` count as
        movements of the start year, in the month before `start`; a January start cannot have any. Every
        account that carries rows must be among `accounts`. Raises BookkeepingError `invalid` otherwise.
        """
        draft = _Draft({account.code: account for account in accounts}, start)
        for opening in openings:
            draft.open(opening)
        for movement in movements:
            draft.move(movement)
        for line, amount in (opening_cash_flow or {}).items():
            draft.tag(line, draft.before_start(amount), amount)
        for tag in tagged:
            draft.tag(tag.line, tag.period.index, tag.amount)
        return draft.freeze()

    def balance(self, selector: str, at: Period) -> Decimal:
        """Debit minus credit of the account and everything below it at the end of `at`; `5*` takes all that
        begin so.
        """
        low, high = self._range(selector)
        column = self._column(at.index)
        opened = self._between(_OPEN, low, high, 0)
        return opened + self._net(low, high, column)

    def opening(self, selector: str, span: Span) -> Decimal:
        """Balance before the first day of the span."""
        return self.balance(selector, span.first + -1)

    def turnover(self, selector: str, span: Span, *, closing: bool = True) -> Turnover:
        """Debit and credit turnover of the span; `closing=False` leaves out vouchers of kind closing."""
        low, high = self._range(selector)
        first, last = self._column(span.first.index - 1), self._column(span.last.index)
        kinds = (_DEBIT, _CREDIT, _CLOSING_DEBIT, _CLOSING_CREDIT) if closing else (_DEBIT, _CREDIT)
        sums = [self._between(kind, low, high, last) - self._between(kind, low, high, first) for kind in kinds]
        return Turnover(sum(sums[::2], ZERO), sum(sums[1::2], ZERO))

    def memo(self, line: int, span: Span) -> Decimal:
        """Net turnover without closing of the accounts whose income line is `line`, in the top account's
        direction.
        """
        return self._difference(self._memo.get(line), span)

    def tagged(self, line: int, span: Span) -> Decimal:
        """Cash-flow amount of the line in the span, in the line's direction."""
        return self._difference(self._tags.get(line), span)

    def positive(self, selector: str, at: Period, *, by_partner: bool = False) -> Decimal:
        """Debit part of the balance: of the whole account (附录), or partner by partner."""
        return sum((max(part, ZERO) for part in self._parts(selector, at, by_partner)), ZERO)

    def negative(self, selector: str, at: Period, *, by_partner: bool = False) -> Decimal:
        """Credit part of the balance as a positive number."""
        return sum((max(-part, ZERO) for part in self._parts(selector, at, by_partner)), ZERO)

    def _parts(self, selector: str, at: Period, by_partner: bool) -> list[Decimal]:
        if not by_partner:
            return [self.balance(selector, at)]
        prefix, column = selector.removesuffix("*"), self._column(at.index)
        sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for (code, partner), series in self._partners.get(prefix[:1], {}).items():
            if code.startswith(prefix):
                sums[partner] += series[column]
        return list(sums.values())

    def _range(self, selector: str) -> tuple[int, int]:
        prefix = selector.removesuffix("*")
        return bisect_left(self._codes, prefix), bisect_left(self._codes, prefix + _AFTER_DIGITS)

    def _column(self, index: int) -> int:
        return min(max(index - self._origin, 0), len(self._grids[_DEBIT][0]) - 1)

    def _between(self, kind: int, low: int, high: int, column: int) -> Decimal:
        grid = self._grids[kind]
        return grid[high][column] - grid[low][column]

    def _net(self, low: int, high: int, column: int) -> Decimal:
        debit = self._between(_DEBIT, low, high, column) + self._between(_CLOSING_DEBIT, low, high, column)
        credit = self._between(_CREDIT, low, high, column) + self._between(_CLOSING_CREDIT, low, high, column)
        return debit - credit

    def _difference(self, series: Sequence[Decimal] | None, span: Span) -> Decimal:
        if series is None:
            return ZERO
        return series[self._column(span.last.index)] - series[self._column(span.first.index - 1)]


class _Draft:
    """Collects rows per code and month, then lays out the grids."""

    def __init__(self, accounts: Mapping[str, AccountFacts], start: Period) -> None:
        self.accounts = accounts
        self.start = start
        self.opened: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self.cells: dict[tuple[int, str, int], Decimal] = defaultdict(lambda: ZERO)
        self.tags: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
        self.partners: dict[tuple[str, str], dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        self.last = start.index

    def open(self, opening: Opening) -> None:
        month = self.before_start(opening.ytd_debit, opening.ytd_credit)
        code = self._known(opening.account)
        self.opened[code] += opening.year_begin
        net = opening.ytd_debit - opening.ytd_credit
        normal = net if opening.ytd_normal is None else opening.ytd_normal
        closing_net = net - normal
        # Only nets matter without closing; the gross sums must still be the clerk's ytd columns.
        closing_debit, closing_credit = max(closing_net, ZERO), max(-closing_net, ZERO)
        self._add(_DEBIT, code, month, opening.ytd_debit - closing_debit)
        self._add(_CREDIT, code, month, opening.ytd_credit - closing_credit)
        self._add(_CLOSING_DEBIT, code, month, closing_debit)
        self._add(_CLOSING_CREDIT, code, month, closing_credit)
        self.partners[code, opening.partner][self.start.index - 2] += opening.year_begin
        self.partners[code, opening.partner][month] += net

    def move(self, movement: Movement) -> None:
        code, month = self._known(movement.account), movement.period.index
        if month < self.start.index:
            message = gettext_noop("%(period)s 早于建账期间 %(start)s，不应有发生额。")
            raise BookkeepingError("invalid", message, period=str(movement.period), start=str(self.start))
        debit, credit = (_CLOSING_DEBIT, _CLOSING_CREDIT) if movement.closing else (_DEBIT, _CREDIT)
        self._add(debit, code, month, movement.debit)
        self._add(credit, code, month, movement.credit)
        self.partners[code, movement.partner][month] += movement.debit - movement.credit

    def tag(self, line: int, month: int, amount: Decimal) -> None:
        self.tags[line, month] += amount
        self.last = max(self.last, month)

    def before_start(self, *amounts: Decimal) -> int:
        """Month slot of what happened between January and the start."""
        if self.start.month == 1 and any(amounts):
            raise BookkeepingError("invalid", gettext_noop("一月建账没有本年累计发生额，请清空本年累计各栏。"))
        return self.start.index - 1

    def freeze(self) -> Balances:
        # Column 0 is the balance before anything; column k the end of month origin + k.
        origin, codes = self.start.index - 2, sorted(self.accounts)
        width = self.last - origin + 1
        by_code = self._by_code(origin, width)
        grids = [self._grid(codes, {code: [self.opened[code]] for code in codes}, 1)]
        grids += [self._grid(codes, by_code[kind], width) for kind in range(_DEBIT, _CLOSING_CREDIT + 1)]
        return Balances(
            self.accounts,
            self.start,
            origin,
            codes,
            grids,
            self._memo_series(by_code, width),
            self._tag_series(origin, width),
            self._partner_series(origin, width),
        )

    def _known(self, code: str) -> str:
        if code not in self.accounts:
            raise BookkeepingError("invalid", gettext_noop("科目 %(code)s 不在科目表里。"), code=code)
        return code

    def _add(self, kind: int, code: str, month: int, amount: Decimal) -> None:
        if amount:
            self.cells[kind, code, month] += amount
            self.last = max(self.last, month)

    def _by_code(self, origin: int, width: int) -> list[dict[str, list[Decimal]]]:
        kinds: list[dict[str, list[Decimal]]] = [{} for _ in range(_CLOSING_CREDIT + 1)]
        for (kind, code, month), amount in self.cells.items():
            kinds[kind].setdefault(code, [ZERO] * width)[month - origin] += amount
        return [{code: list(accumulate(row)) for code, row in rows.items()} for rows in kinds]

    @staticmethod
    def _grid(codes: Sequence[str], rows: Mapping[str, list[Decimal]], width: int) -> _Grid:
        running = [ZERO] * width
        grid = [running]
        for code in codes:
            row = rows.get(code)
            # Sharing the row of a code without movement keeps the grid small.
            running = running if row is None else [left + right for left, right in zip(running, row, strict=True)]
            grid.append(running)
        return grid

    def _memo_series(self, by_code: list[dict[str, list[Decimal]]], width: int) -> dict[int, list[Decimal]]:
        series: dict[int, list[Decimal]] = {}
        for kind, side in ((_DEBIT, 1), (_CREDIT, -1)):
            for code, row in by_code[kind].items():
                line = self._income_line(code)
                if line is None:
                    continue
                sign = side * self._top(code).sign
                into = series.setdefault(line, [ZERO] * width)
                series[line] = [left + sign * right for left, right in zip(into, row, strict=True)]
        return series

    def _income_line(self, code: str) -> int | None:
        # A sub-account added later under a memo account must not drop out of the memo line.
        account: AccountFacts | None = self.accounts[code]
        while account is not None:
            if account.income_line is not None:
                return account.income_line
            account = self.accounts.get(account.parent) if account.parent else None
        return None

    def _top(self, code: str) -> AccountFacts:
        account = self.accounts[code]
        while account.parent and account.parent in self.accounts:
            account = self.accounts[account.parent]
        return account

    def _tag_series(self, origin: int, width: int) -> dict[int, list[Decimal]]:
        rows: dict[int, list[Decimal]] = {}
        for (line, month), amount in self.tags.items():
            rows.setdefault(line, [ZERO] * width)[month - origin] += amount
        return {line: list(accumulate(row)) for line, row in rows.items()}

    def _partner_series(self, origin: int, width: int) -> dict[str, dict[tuple[str, str], list[Decimal]]]:
        result: dict[str, dict[tuple[str, str], list[Decimal]]] = defaultdict(dict)
        for key, months in self.partners.items():
            row = [ZERO] * width
            for month, amount in months.items():
                row[max(month - origin, 0)] += amount
            result[key[0][:1]][key] = list(accumulate(row))
        return result
