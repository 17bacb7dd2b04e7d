"""dunning: the ladder of each invoice and the state of the subscription at given moments."""

from decimal import Decimal

from apps.billing.domain import dunning
from apps.billing.domain.dunning import Ladder, PaidAt, Receivable, Schedule
from tests.billing.case_kinds._text import Json, day, moment


def run(given: Json) -> Json:
    ladder = _ladder(given.get("ladder", {}))
    receivables = [_receivable(text, given.get("payments", [])) for text in given["invoices"]]
    checks = [moment(text) for text in given.get("check", [])]
    states = [dunning.state_at(receivables, ladder, at) for at in checks]
    until = max(checks, default=None)
    return {
        "schedule": {number: _schedule(plan) for number, plan in dunning.by_number(receivables, ladder).items()},
        "states": [state.value for state in states],
        "reminders_sent": {
            receivable.number: [sent.isoformat() for sent in dunning.reminders_sent(receivable, ladder, until)]
            for receivable in receivables
        },
        "writes_allowed": [dunning.writes_allowed(state) for state in states],
    }


def _ladder(text: Json) -> Ladder:
    return Ladder(**{**text, "reminders": tuple(text["reminders"])} if "reminders" in text else text)


def _receivable(text: Json, payments: list[Json]) -> Receivable:
    paid = [_paid(payment) for payment in payments if payment["invoice"] == text["number"]]
    return Receivable(
        number=text["number"],
        issued_on=day(text["issued"]),
        terms_days=text["terms_days"],
        amount=Decimal(text["total"]),
        payments=tuple(paid),
    )


def _paid(text: Json) -> PaidAt:
    return PaidAt(moment(text["at"]), None if text["amount"] == "full" else Decimal(text["amount"]))


def _schedule(plan: Schedule) -> Json:
    return {
        "due": plan.due.isoformat(),
        "reminders": [reminder.isoformat() for reminder in plan.reminders],
        "overdue_from": plan.overdue_from.isoformat(),
        "read_only_from": plan.read_only_from.isoformat(),
        "suspended_from": plan.suspended_from.isoformat(),
        "closed_from": plan.closed_from.isoformat(),
    }
