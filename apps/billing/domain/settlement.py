"""The life of one invoice after its figures stand: issue, payments, notes, refunds, void, as a pure fold."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from apps.billing.domain import ledger, payments
from apps.billing.domain.ledger import Entry
from apps.billing.domain.money import ZERO
from apps.billing.domain.payments import BankLine, InvoiceState
from apps.billing.domain.tax import LineTax, TaxSplit, credit_split


@dataclass(frozen=True, kw_only=True)
class PaymentRecord:
    """A payment that arrived, CNY. `gateway` decides where a refund goes back to."""

    id: str
    gateway: str
    amount: Decimal
    refunded: Decimal = ZERO

    @property
    def refundable(self) -> Decimal:
        """What may still go back, CNY."""
        return self.amount - self.refunded

    @property
    def state(self) -> str:
        """succeeded, partially_refunded or refunded."""
        return payments.payment_state(self.amount, self.refunded)


@dataclass(frozen=True, kw_only=True)
class GatewayNotice:
    """A webhook with the object as the gateway answers when it is read again (R-WEBHOOK)."""

    event: str
    type: str
    payment: str
    paid: bool
    amount: Decimal
    signature_valid: bool = True
    signed_seconds_ago: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one step did; `entry` is empty when nothing was posted, `note` belongs to a credit note."""

    result: str
    reason: str | None = None
    entry: Entry = ()
    alerts: tuple[str, ...] = ()
    note: LineTax | None = None
    payment_state: str | None = None
    http_status: int | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceAccount:
    """One tenant's invoice and what happened to it. CNY; `taxes` are the splits of its total.

    An open invoice already carries its issue entry.
    """

    number: str
    taxes: tuple[TaxSplit, ...]
    state: InvoiceState = "open"
    tolerance: Decimal = ZERO
    allocated: Decimal = ZERO
    written_off: Decimal = ZERO
    credited: Decimal = ZERO
    credited_to_invoice: Decimal = ZERO
    customer_balance: Decimal = ZERO
    records: Mapping[str, PaymentRecord] = field(default_factory=lambda: MappingProxyType({}))
    bank_lines: Mapping[tuple[str, str], BankLine] = field(default_factory=lambda: MappingProxyType({}))
    gateway_events: frozenset[str] = frozenset()
    entries: tuple[Entry, ...] = ()

    @property
    def total(self) -> Decimal:
        """Of the invoice, VAT included."""
        return sum((split.gross for split in self.taxes), ZERO)

    @property
    def net(self) -> Decimal:
        """Of the invoice, without VAT."""
        return sum((split.net for split in self.taxes), ZERO)

    @property
    def tax(self) -> Decimal:
        """VAT of the invoice."""
        return self.total - self.net

    @property
    def remaining(self) -> Decimal:
        """What is still owed."""
        if self.state == "void":
            return ZERO
        return self.total - self.allocated - self.written_off - self.credited_to_invoice

    @property
    def creditable(self) -> Decimal:
        """R-CREDIT-NOTE: what notes may still credit."""
        return ZERO if self.state == "void" else self.total - self.credited


Step = tuple[InvoiceAccount, Outcome]


def opened(account: InvoiceAccount) -> InvoiceAccount:
    """The account with its issue entry posted; an invoice of 0.00 is paid at once."""
    posted = _post(account, _issue_entry(account))
    return _restate(replace(posted, state="open"))


def finalise(account: InvoiceAccount) -> Step:
    """Only a draft can be finalised; posts the issue entry."""
    if account.state != "draft":
        return account, _rejected("invoice_state")
    return opened(account), Outcome(result="accepted", entry=_issue_entry(account))


def void(account: InvoiceAccount) -> Step:
    """Only an open invoice with nothing paid or credited; the number stays used."""
    reason = payments.refuse_void(account.state, allocated=account.allocated, credited=account.credited)
    if reason:
        return account, _rejected(reason)
    entry = ledger.void(enterprise=account.total, government=ZERO, net=account.net, tax=account.tax)
    return replace(_post(account, entry), state="void"), Outcome(result="accepted", entry=entry)


def credit_note(account: InvoiceAccount, amount: Decimal) -> Step:
    """R-CREDIT-NOTE: lowers what is owed first; the rest becomes customer balance."""
    reason = payments.refuse_credit_note(account.state, amount, account.creditable)
    if reason:
        return account, _rejected(reason)
    note = credit_split(account.taxes, account.credited, amount)
    entry = ledger.credit(net=note.net, tax=note.tax)
    to_invoice = min(amount, account.remaining)
    credited = replace(
        _post(account, entry),
        credited=account.credited + amount,
        credited_to_invoice=account.credited_to_invoice + to_invoice,
        customer_balance=account.customer_balance + amount - to_invoice,
    )
    return _restate(credited), Outcome(result="accepted", entry=entry, note=note)


def refund(account: InvoiceAccount, payment: str, amount: Decimal) -> Step:
    """Out of the customer balance, back to the payment it came with."""
    record = account.records.get(payment)
    reason = payments.refuse_refund(
        amount, balance=account.customer_balance, refundable=record.refundable if record else ZERO
    )
    if record is None or reason:
        return account, _rejected(reason or "exceeds_payment", record)
    entry = ledger.refund(gateway=record.gateway, amount=amount)
    refunded = replace(record, refunded=record.refunded + amount)
    after = replace(_post(account, entry), customer_balance=account.customer_balance - amount)
    outcome = Outcome(result="accepted", entry=entry, payment_state=refunded.state)
    return _with_record(after, refunded), outcome


def bank_line(account: InvoiceAccount, line: BankLine) -> Step:
    """R-BANK: a known serial is a duplicate or a conflict; a new line is matched by reference or queued."""
    known = account.bank_lines.get(line.identity)
    if known is not None:
        return account, Outcome(result="duplicate" if known == line else "conflict")
    kept = replace(account, bank_lines=MappingProxyType({**account.bank_lines, line.identity: line}))
    # A draft has no number yet, so nothing can name it.
    match = payments.match_line(line, [] if account.state == "draft" else [account.number])
    if match.number is None:
        return kept, Outcome(result="unmatched", reason=match.reason)
    identity = line.serial if line.account == "main" else f"{line.account}:{line.serial}"
    return receive(kept, identity, "bank_transfer", line.amount, result="matched")


def webhook(account: InvoiceAccount, notice: GatewayNotice) -> Step:
    """R-WEBHOOK, R-SIGNATURE: refuse, remember the event, then apply the re-read state, only forward."""
    if not notice.signature_valid or not payments.signature_is_fresh(notice.signed_seconds_ago):
        return account, Outcome(result="refused", http_status=400)
    if notice.event in account.gateway_events:
        return account, Outcome(result="duplicate", http_status=200)
    kept = replace(account, gateway_events=account.gateway_events | {notice.event})
    if notice.type not in payments.HANDLED_WEBHOOKS:
        return kept, Outcome(result="stored", http_status=200)
    if not notice.paid or notice.payment in account.records:
        return kept, Outcome(result="ignored", http_status=200)
    after, outcome = receive(kept, notice.payment, "stripe", notice.amount, result="applied")
    return after, replace(outcome, http_status=200)


def receive(account: InvoiceAccount, payment: str, gateway: str, amount: Decimal, *, result: str) -> Step:
    """A payment for this invoice, CNY > 0: what is not owed becomes balance with an alert, never an error."""
    tolerance = account.tolerance if gateway == "bank_transfer" else ZERO
    owed = ZERO if account.state == "draft" else account.remaining
    settled = payments.settle(owed, amount, tolerance)
    entry = ledger.payment(gateway=gateway, amount=amount, written_off=settled.written_off)
    record = PaymentRecord(id=payment, gateway=gateway, amount=amount)
    paid = replace(
        _with_record(_post(account, entry), record),
        allocated=account.allocated + settled.allocated,
        written_off=account.written_off + settled.written_off,
        customer_balance=account.customer_balance + settled.to_balance,
    )
    alerts = _alerts(account.state) if settled.to_balance else ()
    outcome = Outcome(result=result, entry=entry, alerts=alerts, payment_state=record.state)
    return _restate(paid), outcome


def _alerts(state: InvoiceState) -> tuple[str, ...]:
    return ("payment_on_void_invoice",) if state == "void" else ("overpayment",)


def _restate(account: InvoiceAccount) -> InvoiceAccount:
    if account.state in ("draft", "void"):
        return account
    state = payments.invoice_state(account.total, account.remaining, account.allocated)
    return replace(account, state=state)


def _issue_entry(account: InvoiceAccount) -> Entry:
    return ledger.issue(enterprise=account.total, government=ZERO, net=account.net, tax=account.tax)


def _post(account: InvoiceAccount, entry: Entry) -> InvoiceAccount:
    return replace(account, entries=(*account.entries, entry))


def _with_record(account: InvoiceAccount, record: PaymentRecord) -> InvoiceAccount:
    return replace(account, records=MappingProxyType({**account.records, record.id: record}))


def _rejected(reason: str, record: PaymentRecord | None = None) -> Outcome:
    return Outcome(result="rejected", reason=reason, payment_state=record.state if record else None)
