"""Double entry of everything that moves money (R-LEDGER): each entry balances and is never changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from apps.billing.domain.money import ZERO, total

LedgerAccount = Literal[
    "accounts_receivable",
    "subsidy_receivable",
    "deferred_revenue",
    "vat_payable",
    "bank",
    "gateway_clearing",
    "gateway_fees",
    "wallet_liability",
    "bad_debt",
    "revenue",
]
Payer = Literal["enterprise", "government"]
CashAccount = Literal["bank", "gateway_clearing", "wallet_liability"]


class Unbalanced(ValueError):
    """Debit and credit of an entry differ."""


@dataclass(frozen=True)
class Posting:
    """One row of an entry: debit (D) or credit (C) in CNY, above zero."""

    account: LedgerAccount
    side: Literal["D", "C"]
    amount: Decimal

    @property
    def signed(self) -> Decimal:
        """Debit-positive CNY."""
        return self.amount if self.side == "D" else -self.amount


Entry = tuple[Posting, ...]

RECEIVABLE: dict[Payer, LedgerAccount] = {
    "enterprise": "accounts_receivable",
    "government": "subsidy_receivable",
}


def cash_account(gateway: str) -> CashAccount:
    """Where money of a payment waits: at the bank, in the wallet, or with the gateway until it pays out."""
    if gateway in ("bank_transfer", "manual"):
        return "bank"
    return "wallet_liability" if gateway == "wallet" else "gateway_clearing"


def entry(debits: Iterable[tuple[LedgerAccount, Decimal]], credits_: Iterable[tuple[LedgerAccount, Decimal]]) -> Entry:
    """R-LEDGER: rows above zero, debits first; raises Unbalanced when the sides differ."""
    rows = [Posting(account, "D", amount) for account, amount in debits if amount]
    rows += [Posting(account, "C", amount) for account, amount in credits_ if amount]
    if total(row.signed for row in rows):
        raise Unbalanced(f"{rows} does not sum to 0.00")
    return tuple(rows)


def issue(*, enterprise: Decimal, government: Decimal, net: Decimal, tax: Decimal) -> Entry:
    """Finalise: what each payer owes against revenue not yet earned and VAT."""
    return entry(
        [("accounts_receivable", enterprise), ("subsidy_receivable", government)],
        [("deferred_revenue", net), ("vat_payable", tax)],
    )


def payment(*, gateway: str, amount: Decimal, written_off: Decimal = ZERO, payer: Payer = "enterprise") -> Entry:
    """Money arrives; a shortfall within the written tolerance is written off with it."""
    return entry(
        [(cash_account(gateway), amount), ("bad_debt", written_off)],
        [(RECEIVABLE[payer], amount + written_off)],
    )


def payout(*, arrived: Decimal, fees: Decimal) -> Entry:
    """The gateway pays out what it collected, less its fees."""
    return entry([("bank", arrived), ("gateway_fees", fees)], [("gateway_clearing", arrived + fees)])


def credit(*, net: Decimal, tax: Decimal) -> Entry:
    """Credit note, void and credit_carried: takes an invoice back in part or whole."""
    return entry([("deferred_revenue", net), ("vat_payable", tax)], [("accounts_receivable", net + tax)])


def void(*, enterprise: Decimal, government: Decimal, net: Decimal, tax: Decimal) -> Entry:
    """The issue entry with its sides exchanged, per payer."""
    return entry(
        [("deferred_revenue", net), ("vat_payable", tax)],
        [("accounts_receivable", enterprise), ("subsidy_receivable", government)],
    )


def refund(*, gateway: str, amount: Decimal) -> Entry:
    """Money goes back where it came from, out of the customer balance."""
    return entry([("accounts_receivable", amount)], [(cash_account(gateway), amount)])


def top_up(*, amount: Decimal, gateway: str = "bank_transfer") -> Entry:
    """A prepayment (预收款) is owed to the tenant until it is used."""
    return entry([(cash_account(gateway), amount)], [("wallet_liability", amount)])


def write_off(*, amount: Decimal, payer: Payer = "enterprise") -> Entry:
    """An uncollectible remainder."""
    return entry([("bad_debt", amount)], [(RECEIVABLE[payer], amount)])


def move_share(*, amount: Decimal) -> Entry:
    """A government share that was refused is moved to the tenant by the operator."""
    return entry([("accounts_receivable", amount)], [("subsidy_receivable", amount)])


def recognise(*, amount: Decimal) -> Entry:
    """R-REVREC: revenue earned in a month; negative when more was recognised than is left after credits."""
    if amount < 0:
        return entry([("revenue", -amount)], [("deferred_revenue", -amount)])
    return entry([("deferred_revenue", amount)], [("revenue", amount)])


def balances(entries: Iterable[Entry]) -> dict[str, Decimal]:
    """Debit-positive CNY per account; they sum to 0.00 (I4)."""
    result: dict[str, Decimal] = {}
    for rows in entries:
        for row in rows:
            result[row.account] = result.get(row.account, ZERO) + row.signed
    return result
