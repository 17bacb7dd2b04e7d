"""payments: one invoice and what arrives, goes back or is taken back, step by step."""

from decimal import Decimal
from typing import get_args

from apps.billing.domain import ledger, settlement
from apps.billing.domain.invoice import GENERAL_RATE
from apps.billing.domain.ledger import Entry, LedgerAccount
from apps.billing.domain.money import ZERO
from apps.billing.domain.payments import BankLine
from apps.billing.domain.settlement import GatewayNotice, InvoiceAccount, Outcome, Step
from apps.billing.domain.tax import split_inclusive
from tests.billing.case_kinds._text import Json, money, moneys, without_nones


def run(given: Json) -> Json:
    account = _opening(given)
    answers, alerts = list[Json](), list[str]()
    for step in given["steps"]:
        account, outcome = _take(account, step)
        answers.append(_answer(account, outcome))
        alerts += outcome.alerts
    every_account = dict.fromkeys(get_args(LedgerAccount), ZERO)
    return {
        "steps": answers,
        "status": account.state,
        "customer_balance": money(account.customer_balance),
        "alerts": alerts,
        "payments_recorded": len(account.records),
        "net": money(account.net),
        "tax": money(account.tax),
        "balances": moneys(every_account | ledger.balances(account.entries)),
    }


def _opening(given: Json) -> InvoiceAccount:
    text = given["invoice"]
    rate = Decimal(text["tax_rate"]) if "tax_rate" in text else GENERAL_RATE
    account = InvoiceAccount(
        number=text["number"],
        taxes=(split_inclusive(Decimal(text["total"]), rate),),
        state="draft",
        tolerance=Decimal(given.get("settings", {}).get("tolerance", "0.00")),
    )
    return account if text.get("status", "open") == "draft" else settlement.opened(account)


def _take(account: InvoiceAccount, step: Json) -> Step:
    (verb, text), *_ = step.items()
    match verb:
        case "finalise":
            return settlement.finalise(account)
        case "void":
            return settlement.void(account)
        case "credit_note":
            return settlement.credit_note(account, Decimal(text["amount"]))
        case "refund":
            return settlement.refund(account, text["payment"], Decimal(text["amount"]))
        case "bank":
            return settlement.bank_line(account, _bank_line(text))
        case "webhook":
            return settlement.webhook(account, _notice(text))
    raise AssertionError(f"unknown step {verb}")


def _bank_line(text: Json) -> BankLine:
    return BankLine(
        serial=text["serial"],
        amount=Decimal(text["amount"]),
        account=text.get("account", "main"),
        currency=text.get("currency", "CNY"),
        remark=text.get("reference", ""),
    )


def _notice(text: Json) -> GatewayNotice:
    fetched = text["fetched"]
    return GatewayNotice(
        event=text["event"],
        type=text["type"],
        payment=fetched["payment"],
        paid=fetched["payment_status"] == "paid",
        amount=Decimal(fetched["amount"]),
        signature_valid=text.get("signature", "valid") == "valid",
        signed_seconds_ago=text.get("signed_seconds_ago", 0),
    )


def _answer(account: InvoiceAccount, outcome: Outcome) -> Json:
    note = outcome.note
    return without_nones(
        {
            "result": outcome.result,
            "reason": outcome.reason,
            "status": account.state,
            "amount_remaining": money(account.remaining),
            "customer_balance": money(account.customer_balance),
            "remaining_creditable": money(account.creditable),
            "net": money(note.net) if note else None,
            "tax": money(note.tax) if note else None,
            "journal": _journal(outcome.entry),
            "http_status": outcome.http_status,
            "alerts": list(outcome.alerts),
            "payment_state": outcome.payment_state,
        }
    )


def _journal(entry: Entry) -> list[list[str]]:
    return [[row.account, row.side, money(row.amount)] for row in entry]
