"""price_version: what a pinned item pays at each renewal, and what a new purchase costs."""

from decimal import Decimal

from apps.billing.domain import price_version
from apps.billing.domain.calendar import local_day
from apps.billing.domain.price_version import PriceVersion
from tests.billing.case_kinds._text import Json, day, day_or_none, moment, money, period


def run(given: Json) -> Json:
    versions = [_version(text) for text in given["versions"]]
    renewals = [day(text) for text in given["renewals"]]
    chosen = price_version.over_renewals(versions, given["pinned_version"], renewals)
    answer: Json = {
        "renewal_prices": [money(version.unit_price) for version in chosen],
        "pinned_after": [version.version for version in chosen],
    }
    if "new_purchase" in given:
        answer["new_purchase"] = _purchase(versions, given["new_purchase"])
    return answer


def _version(text: Json) -> PriceVersion:
    return PriceVersion(
        version=text["version"],
        unit_price=Decimal(text["unit_price"]),
        effective_from=day(text["effective_from"]),
        grandfathered_until=day_or_none(text.get("grandfathered_until")),
    )


def _purchase(versions: list[PriceVersion], text: Json) -> Json:
    bought_on = local_day(moment(text["at"]))
    version = price_version.for_new_purchase(versions, bought_on)
    amount = price_version.purchase_amount(version.unit_price, text["quantity"], bought_on, period(text["period"]))
    return {"version": version.version, "amount": money(amount)}
