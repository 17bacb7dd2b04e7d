"""Money in and out of one invoice: I3, I4, I5, R-BANK, R-WEBHOOK, R-SIGNATURE, R-CREDIT-NOTE."""

from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from apps.billing.domain import ledger, payments, settlement
from apps.billing.domain.money import ZERO, from_fen, total
from apps.billing.domain.payments import BankLine
from apps.billing.domain.settlement import GatewayNotice, InvoiceAccount, Step
from apps.billing.domain.tax import split_inclusive

NUMBER = "INV-2026-000001"
fen = st.integers(1, 60_000).map(from_fen)


def draft(amount: str = "425.93", tolerance: str = "0.00") -> InvoiceAccount:
    taxes = (split_inclusive(Decimal(amount), Decimal("0.06")),)
    return InvoiceAccount(number=NUMBER, taxes=taxes, state="draft", tolerance=Decimal(tolerance))


def transfer(serial: str, amount: str, **fields) -> BankLine:
    return BankLine(serial=serial, amount=Decimal(amount), **{"remark": NUMBER, **fields})


def notice(event: str, amount: str = "425.93", **fields) -> GatewayNotice:
    given = {"type": "checkout.session.completed", "payment": "pi_1", "paid": True, **fields}
    return GatewayNotice(event=event, amount=Decimal(amount), **given)


class InvoiceLife(RuleBasedStateMachine):
    """Anything may happen to an invoice in any order; the books always agree."""

    @initialize(amount=fen, tolerance=st.sampled_from(["0.00", "0.05"]))
    def given_an_open_invoice(self, amount, tolerance):
        self.account = settlement.opened(draft(str(amount), tolerance))
        self.notes_tax = ZERO

    def _take(self, step: Step):
        self.account, outcome = step
        if outcome.note:
            self.notes_tax += outcome.note.tax

    @rule(serial=st.integers(1, 6), amount=fen)
    def bank(self, serial, amount):
        self._take(settlement.bank_line(self.account, transfer(f"B{serial}", str(amount))))

    @rule(event=st.integers(1, 6), payment=st.integers(1, 3), amount=fen, paid=st.booleans())
    def webhook(self, event, payment, amount, paid):
        sent = notice(f"evt_{event}", str(amount), payment=f"pi_{payment}", paid=paid)
        self._take(settlement.webhook(self.account, sent))

    @rule(amount=fen)
    def credit_note(self, amount):
        self._take(settlement.credit_note(self.account, amount))

    @rule(serial=st.integers(1, 6), amount=fen)
    def refund(self, serial, amount):
        self._take(settlement.refund(self.account, f"B{serial}", amount))

    @rule()
    def refund_everything(self):
        for record in self.account.records.values():
            amount = min(record.refundable, self.account.customer_balance)
            self._take(settlement.refund(self.account, record.id, amount))

    @rule()
    def void(self):
        self._take(settlement.void(self.account))

    @invariant()
    def i3_payments_are_allocated_on_balance_or_refunded(self):
        received = total(record.amount for record in self.account.records.values())
        refunded = total(record.refunded for record in self.account.records.values())
        from_notes = self.account.credited - self.account.credited_to_invoice
        balance = self.account.customer_balance
        assert received + from_notes == self.account.allocated + balance + refunded

    @invariant()
    def i4_the_ledger_sums_to_zero_and_holds_what_is_owed(self):
        sums = ledger.balances(self.account.entries)
        assert total(sums.values()) == ZERO
        owed = self.account.remaining - self.account.customer_balance
        assert sums["accounts_receivable"] == owed

    @invariant()
    def i5_credits_stay_within_the_total_and_end_with_its_tax(self):
        assert ZERO <= self.account.credited <= self.account.total
        if self.account.credited == self.account.total:
            assert self.notes_tax == self.account.tax

    @invariant()
    def nothing_is_negative(self):
        assert self.account.remaining >= 0
        assert self.account.customer_balance >= 0
        assert (self.account.state == "paid") == (not self.account.remaining and self.account.state != "void")


InvoiceLife.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestInvoiceLife = InvoiceLife.TestCase


@pytest.mark.parametrize(
    ("line", "number", "reason"),
    [
        (transfer("1", "1.00", remark="付货款inv-2026-000001号"), NUMBER, None),
        (transfer("1", "1.00", remark="ＩＮＶ－２０２６－０００００１"), NUMBER, None),
        (transfer("1", "1.00", remark=f"{NUMBER} {NUMBER}"), NUMBER, None),
        (transfer("1", "1.00", remark="INV-2026-0000012"), None, "reference"),
        (transfer("1", "1.00", remark="软件费"), None, "reference"),
        (transfer("1", "1.00", remark=f"{NUMBER}/INV-2026-000002"), None, "ambiguous"),
        (transfer("1", "1.00", currency="USD"), None, "currency"),
        (transfer("1", "-1.00"), None, "outgoing"),
    ],
)
def test_r_bank_one_number_in_the_remark_matches(line, number, reason):
    match = payments.match_line(line, [NUMBER])

    assert (match.number, match.reason) == (number, reason)


def test_r_bank_a_known_serial_is_a_duplicate_or_a_conflict():
    account, _ = settlement.bank_line(settlement.opened(draft()), transfer("B1", "100.00"))

    again = settlement.bank_line(account, transfer("B1", "100.0"))
    other = settlement.bank_line(account, transfer("B1", "200.00"))
    elsewhere = settlement.bank_line(account, transfer("B1", "100.00", account="second"))

    assert (again[1].result, other[1].result, elsewhere[1].result) == ("duplicate", "conflict", "matched")
    assert set(elsewhere[0].records) == {"B1", "second:B1"}


def test_r_bank_a_shortfall_within_the_tolerance_settles():
    account, outcome = settlement.bank_line(settlement.opened(draft(tolerance="0.05")), transfer("B1", "425.90"))

    assert account.state == "paid"
    assert [(row.account, row.side, str(row.amount)) for row in outcome.entry] == [
        ("bank", "D", "425.90"),
        ("bad_debt", "D", "0.03"),
        ("accounts_receivable", "C", "425.93"),
    ]


def test_a_payment_on_a_void_invoice_is_balance_and_an_alert():
    account, _ = settlement.void(settlement.opened(draft()))

    account, outcome = settlement.bank_line(account, transfer("B1", "425.93"))

    assert (outcome.result, outcome.alerts) == ("matched", ("payment_on_void_invoice",))
    assert (account.state, account.customer_balance) == ("void", Decimal("425.93"))


def test_void_is_refused_after_money_or_a_credit():
    paid, _ = settlement.bank_line(settlement.opened(draft()), transfer("B1", "1.00"))
    credited, _ = settlement.credit_note(settlement.opened(draft()), Decimal("1.00"))

    assert settlement.void(paid)[1].reason == "has_payments"
    assert settlement.void(credited)[1].reason == "invoice_state"
    assert settlement.void(draft())[1].reason == "invoice_state"


def test_refunds_stay_within_the_balance_and_the_payment():
    account = settlement.opened(draft())
    account, _ = settlement.bank_line(account, transfer("B1", "300.00"))
    account, _ = settlement.bank_line(account, transfer("B2", "125.93"))
    account, _ = settlement.credit_note(account, Decimal("200.00"))

    assert settlement.refund(account, "B1", Decimal("200.01"))[1].reason == "exceeds_balance"
    assert settlement.refund(account, "B2", Decimal("200.00"))[1].reason == "exceeds_payment"
    assert settlement.refund(account, "B9", Decimal("1.00"))[1].reason == "exceeds_payment"
    assert settlement.refund(account, "B2", ZERO)[1].reason == "amount"
    assert settlement.refund(account, "B2", Decimal("125.93"))[1].payment_state == "refunded"


@pytest.mark.parametrize(("age", "fresh"), [(300, True), (301, False), (-60, True), (-61, False)])
def test_r_signature_window(age, fresh):
    _, outcome = settlement.webhook(settlement.opened(draft()), notice("evt_1", signed_seconds_ago=age))

    assert (outcome.result, outcome.http_status) == (("applied", 200) if fresh else ("refused", 400))


def test_r_webhook_a_refused_event_is_not_remembered_and_a_second_payment_is_balance():
    account, refused = settlement.webhook(settlement.opened(draft()), notice("evt_1", signature_valid=False))
    account, unpaid = settlement.webhook(account, notice("evt_0", paid=False))
    account, applied = settlement.webhook(account, notice("evt_1"))
    account, second = settlement.webhook(account, notice("evt_2", payment="pi_2"))

    results = [outcome.result for outcome in (refused, unpaid, applied, second)]
    assert results == ["refused", "ignored", "applied", "applied"]
    assert second.alerts == ("overpayment",)
    assert account.customer_balance == Decimal("425.93")


def test_r_ledger_an_entry_that_does_not_balance_cannot_be_made():
    with pytest.raises(ledger.Unbalanced):
        ledger.entry([("bank", Decimal("1.00"))], [("accounts_receivable", Decimal("0.99"))])


def test_r_ledger_every_event_of_the_business_balances():
    entries = [
        ledger.issue(
            enterprise=Decimal("116.10"), government=Decimal("154.80"), net=Decimal("255.57"), tax=Decimal("15.33")
        ),
        ledger.payment(gateway="wallet", amount=Decimal("10.00")),
        ledger.payment(gateway="manual", amount=Decimal("154.80"), payer="government"),
        ledger.payout(arrived=Decimal("99.00"), fees=Decimal("1.00")),
        ledger.top_up(amount=Decimal("1000.00")),
        ledger.write_off(amount=Decimal("3.00")),
        ledger.move_share(amount=Decimal("5.00")),
        ledger.recognise(amount=Decimal("191.34")),
        ledger.recognise(amount=Decimal("-1.00")),
    ]

    assert total(ledger.balances(entries).values()) == ZERO
