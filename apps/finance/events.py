"""Facts that finance tells the floors above."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class BookStarted(Event):
    """The opening balances tie and the first period is open for vouchers."""

    name = "finance.book_started"
    start_period: str


@dataclass(frozen=True, kw_only=True)
class VoucherPosted(Event):
    """A voucher is in the books, once and for good. Details: `finance.public.get_voucher(voucher_id)`."""

    name = "finance.voucher_posted"
    voucher_id: int
    period: str
    posted_on: str  # ISO accounting date of the voucher
    posted_at: str  # ISO moment of posting


@dataclass(frozen=True, kw_only=True)
class PeriodClosed(Event):
    """A month was closed; `year_closed` is its year in December, else 0."""

    name = "finance.period_closed"
    period: str
    year_closed: int


@dataclass(frozen=True, kw_only=True)
class PeriodReopened(Event):
    """The last closed month is open again."""

    name = "finance.period_reopened"
    period: str
    reason: str
