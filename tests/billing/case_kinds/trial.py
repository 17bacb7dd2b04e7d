"""trial: what happens on the day after a trial."""

from datetime import timedelta
from decimal import Decimal

from apps.billing.domain import trial
from apps.billing.domain.calendar import local_day
from tests.billing.case_kinds._text import Json, days, moment, money


def run(given: Json) -> Json:
    end = trial.end_trial(
        started_on=local_day(moment(given["trial_start"])),
        days=given["trial_days"],
        unit_price=Decimal(given["unit_price"]),
        interval=given["interval"],
        alignment=given["alignment"],
        payment_method_present=given["payment_method_present"],
        invoice_terms_accepted=given["invoice_terms_accepted"],
    )
    last_day = end.trial.end - timedelta(days=1)
    return {
        "trial_days_local": [end.trial.start.isoformat(), last_day.isoformat()] if end.trial.days else [],
        "first_billable_day": end.first_billable_day.isoformat(),
        "first_period": days(end.first_period),
        "first_line": {
            "amount": money(end.first_line.amount),
            "billed_days": end.first_line.billed_days,
            "period_days": end.first_line.period_days,
        },
        "trial_usage_charge": money(end.usage_charge),
        "state": end.state.value,
        "access": end.access.value,
        "invoice_created": end.invoice_created,
    }
