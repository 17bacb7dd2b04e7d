"""proration: atomic changes of one subscription within one period."""

from decimal import Decimal

from apps.billing.domain import changes, proration
from apps.billing.domain.calendar import Period, local_day
from apps.billing.domain.changes import Step, SubscriptionPeriod
from apps.billing.domain.money import total
from apps.billing.domain.proration import ItemState, ProrationLine
from tests.billing.case_kinds._text import Json, day, days, moment, money, period, without_nones


def run(given: Json) -> Json:
    held = period(given["period"])
    items = tuple(_item(code, text, held) for code, text in given["items"].items())
    state = SubscriptionPeriod(period=held, size=held.days, items=items)
    history, steps = [(held.start, state)], list[tuple[ProrationLine, ...]]()
    for action in given["actions"]:
        changed_on = local_day(moment(action["at"]))
        state, lines = changes.apply_change(state, changed_on, [Step(**step) for step in action["changes"]])
        history.append((changed_on, state))
        steps.append(lines)
    answer: Json = {
        "steps": [{"lines": [_line(line) for line in lines], "net": money(proration.net_of(lines))} for lines in steps],
        "net": money(total(proration.net_of(lines) for lines in steps)),
        "period_days": held.days,
        "charged": {item.code: money(item.charged) for item in state.items},
        "next_period": {
            code: {"quantity": quantity, "amount": money(amount)}
            for code, (quantity, amount) in state.renewal().items()
        },
        "quantities_on": {text: changes.usable_on(history, day(text)) for text in given.get("check_days", [])},
    }
    if state.period != held:
        answer |= {"new_period": days(state.period), "new_period_days": state.period.days}
    return answer


def _item(code: str, text: Json, held: Period) -> ItemState:
    annual = text.get("annual_price")
    return proration.open_item(
        code,
        unit_price=Decimal(text["unit_price"]),
        quantity=text["quantity"],
        charged=Decimal(text["charged"]),
        start=held.start,
        annual_price=None if annual is None else Decimal(annual),
    )


def _line(line: ProrationLine) -> Json:
    return without_nones(
        {
            "item": line.item,
            "kind": line.kind,
            "amount": money(line.amount),
            "billed_days": line.billed_days,
            "delta_quantity": line.delta_quantity,
            "used_unit_days": line.used_unit_days,
            "used_charge": None if line.used_charge is None else money(line.used_charge),
            "service_period": days(line.service_period),
        }
    )
