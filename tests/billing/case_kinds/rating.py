"""rating: one price over several inputs, or over a stream of events under a cap."""

from decimal import Decimal

from apps.billing.domain import rating
from apps.billing.domain.money import total
from apps.billing.domain.rating import Cap, LevelChange, Rated, Usage, UsagePrice
from tests.billing.case_kinds._text import Json, fraction, moment, money, period, plain, usage_price


def run(given: Json) -> Json:
    price = usage_price(given["price"])
    inputs = [text for text in given["inputs"] for _ in range(text.get("times", 1))]
    levels = {"level_days": [_level_days(text["levels"]) for text in inputs if "levels" in text]}
    if "cap" in given:
        return levels | _under_cap(price, Cap(Decimal(given["cap"]["amount"]), given["cap"]["mode"]), inputs)
    rated = [rating.rate(price, _usage(text), fraction(text.get("period_fraction"))) for text in inputs]
    return levels | _figures(rated)


def _figures(rated: list[Rated]) -> Json:
    return {
        "amounts": [money(one.amount) for one in rated],
        "subtotal": money(total(one.amount for one in rated)),
        "allowance": [plain(one.allowance) for one in rated],
        "billable": [None if one.billable is None else plain(one.billable) for one in rated],
    }


def _under_cap(price: UsagePrice, cap: Cap, inputs: list[Json]) -> Json:
    part = fraction(inputs[0].get("period_fraction")) if inputs else None
    capped = rating.rate_under_cap(price, cap, [_usage(text) for text in inputs], part)
    return _figures([rating.rate(price, capped.accepted, part)]) | {
        "accepted_units": plain(capped.accepted.quantity or capped.accepted.amount),
        "refused_units": plain(capped.refused.quantity or capped.refused.amount),
        "gross": money(capped.gross),
        "charge": money(capped.charge),
        "waived": money(capped.waived),
        "statuses": ["accepted" if admitted else "refused" for admitted in capped.admitted],
        "http_status_of_refused": 402,
    }


def _usage(text: Json) -> Usage:
    if "levels" in text:
        levels = text["levels"]
        weighted = rating.weighted_level(period(levels["period"]), Decimal(levels["opening"]), _level_changes(levels))
        return Usage(weighted)
    return Usage(Decimal(text.get("quantity", 0)), Decimal(text.get("amount", 0)), text.get("transactions", 0))


def _level_days(levels: Json) -> str:
    opening = Decimal(levels["opening"])
    return plain(rating.level_days(period(levels["period"]), opening, _level_changes(levels)))


def _level_changes(levels: Json) -> list[LevelChange]:
    return [LevelChange(moment(change["at"]), Decimal(change["level"])) for change in levels["changes"]]
