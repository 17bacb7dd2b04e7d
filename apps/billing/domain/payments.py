"""Judgements about money that arrives or goes back. `settlement` strings them together for one invoice."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from apps.billing.domain.money import ZERO

INVOICE_NUMBER = re.compile(r"INV-\d{4}-\d{6,}")

HANDLED_WEBHOOKS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "payment_intent.succeeded",
    }
)
OLDEST_SIGNATURE_SECONDS = 300
FARTHEST_AHEAD_SECONDS = 60

QueueReason = Literal["currency", "reference", "ambiguous", "outgoing"]
InvoiceState = Literal["draft", "open", "partially_paid", "paid", "void", "uncollectible"]


@dataclass(frozen=True, kw_only=True)
class BankLine:
    """A row of a bank statement; (account, serial) is its identity, the rest its body; outgoing < 0."""

    serial: str
    amount: Decimal
    account: str = "main"
    currency: str = "CNY"
    remark: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """R-BANK: unique (account, serial)."""
        return self.account, self.serial


@dataclass(frozen=True)
class Match:
    """R-BANK: the one invoice number of a line, or why it waits in the queue."""

    number: str | None = None
    reason: QueueReason | None = None


@dataclass(frozen=True)
class Settlement:
    """How a payment falls on a share, CNY: allocated + to_balance = amount; written_off ends a shortfall."""

    allocated: Decimal
    to_balance: Decimal
    written_off: Decimal = ZERO


def references_in(remark: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """R-BANK: distinct invoice numbers in a remark, any case and any place, full-width letters included.

    `known` adds numbers that do not follow our own series. A longer number never matches a shorter one.
    """
    text = _plain(remark)
    found = dict.fromkeys(INVOICE_NUMBER.findall(text))
    for number in known:
        if re.search(rf"{re.escape(_plain(number))}(?!\d)", text):
            found[_plain(number)] = None
    return tuple(found)


def match_line(line: BankLine, known: Iterable[str]) -> Match:
    """R-BANK, R-CNY: exactly one known number matches; everything else is queued with its reason."""
    if line.amount <= 0:
        return Match(reason="outgoing")
    if line.currency != "CNY":
        return Match(reason="currency")
    numbers = {_plain(number): number for number in known}
    found = references_in(line.remark, numbers.values())
    if len(found) > 1:
        return Match(reason="ambiguous")
    if not found or found[0] not in numbers:
        return Match(reason="reference")
    return Match(number=numbers[found[0]])


def settle(remaining: Decimal, amount: Decimal, tolerance: Decimal = ZERO) -> Settlement:
    """R-BANK: part payment allowed, excess to balance, a shortfall within `tolerance` written off."""
    allocated = min(amount, remaining)
    short = remaining - allocated
    return Settlement(allocated, amount - allocated, short if short <= tolerance else ZERO)


def signature_is_fresh(signed_seconds_ago: int) -> bool:
    """R-SIGNATURE: at most 300 s old and at most 60 s ahead of the machine's real clock."""
    return -FARTHEST_AHEAD_SECONDS <= signed_seconds_ago <= OLDEST_SIGNATURE_SECONDS


def invoice_state(total: Decimal, remaining: Decimal, paid: Decimal) -> InvoiceState:
    """State of a finalised, living invoice: paid when nothing remains, partially_paid once money came."""
    if not remaining:
        return "paid"
    return "partially_paid" if paid > 0 and total > 0 else "open"


def refuse_void(state: InvoiceState, *, allocated: Decimal, credited: Decimal) -> str | None:
    """Only an open invoice with nothing paid or credited can be void."""
    if allocated > 0:
        return "has_payments"
    return "invoice_state" if state != "open" or credited > 0 else None


def refuse_credit_note(state: InvoiceState, amount: Decimal, creditable: Decimal) -> str | None:
    """R-CREDIT-NOTE: of a finalised, living invoice, above zero, at most what is not yet credited."""
    if state not in ("open", "partially_paid", "paid"):
        return "invoice_state"
    if amount <= 0:
        return "amount"
    return "exceeds_creditable" if amount > creditable else None


def refuse_refund(amount: Decimal, *, balance: Decimal, refundable: Decimal) -> str | None:
    """A refund comes out of the customer balance and goes back to one payment, within both."""
    if amount <= 0:
        return "amount"
    if amount > balance:
        return "exceeds_balance"
    return "exceeds_payment" if amount > refundable else None


def payment_state(amount: Decimal, refunded: Decimal) -> str:
    """succeeded → partially_refunded → refunded."""
    if not refunded:
        return "succeeded"
    return "refunded" if refunded == amount else "partially_refunded"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
