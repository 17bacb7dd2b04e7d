"""analytics: the operator's reports over given figures."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from apps.billing.domain import analytics
from apps.billing.domain.analytics import CostPool, RecurringItem
from apps.billing.domain.money import total
from tests.billing.case_kinds._text import Json, day, money, moneys, period


def run(given: Json) -> Json:
    return _REPORTS[given["report"]](given)


def _mrr_waterfall(given: Json) -> Json:
    start, end = (
        {tenant: analytics.monthly_recurring(map(_item, items)) for tenant, items in given[side].items()}
        for side in ("start", "end")
    )
    figures = analytics.waterfall(start, end, given.get("paid_before", []))
    return moneys(vars(figures)) | {"arr": money(figures.arr)}


def _revenue_recognition(given: Json) -> Json:
    net = analytics.net_of_gross(Decimal(given["gross"]), Decimal(given["tax_rate"]))
    months = analytics.recognition(net, period(given["service"]))
    return {
        "net": money(net),
        "monthly": {f"{month:%Y-%m}": money(amount) for month, amount in months.items()},
        "sum": money(total(months.values())),
    }


def _cohorts(given: Json) -> Json:
    paying = {_month(text): tenants for text, tenants in given["paying"].items()}
    mrr = {
        _month(text): {tenant: Decimal(amount) for tenant, amount in amounts.items()}
        for text, amounts in given.get("mrr", {}).items()
    }
    through = max([*paying, *mrr], default=date.min)
    signups = given["signups"].items()
    return {
        "logo_retention": {
            cohort: _ratios(analytics.logo_retention(members, _month(cohort), paying, through))
            for cohort, members in signups
        },
        "revenue_retention": {
            cohort: _ratios(analytics.revenue_retention(members, _month(cohort), mrr, through))
            for cohort, members in signups
        },
    }


def _unit_economics(given: Json) -> Json:
    revenue = {tenant: _amounts(modules) for tenant, modules in given["revenue"].items()}
    pools = [CostPool(text["name"], Decimal(text["amount"]), text["driver"]) for text in given["pools"]]
    drivers = {name: _amounts(tenants) for name, tenants in given["drivers"].items()}
    figures = analytics.unit_economics(revenue, pools, drivers)
    margin = {tenant: None if value is None else money(value) for tenant, value in figures.margin.items()}
    return {
        "revenue": moneys(figures.revenue),
        "cost": moneys(figures.cost),
        "contribution": moneys(figures.contribution),
        "margin": margin,
        "revenue_by_module": moneys(figures.revenue_by_module),
        "total_revenue": money(figures.total_revenue),
        "total_cost": money(figures.total_cost),
        "unallocated": money(figures.unallocated),
        "total_contribution": money(figures.total_contribution),
    }


def _ageing(given: Json) -> Json:
    open_ones = [(day(text["due"]), Decimal(text["remaining"])) for text in given["invoices"]]
    figures = analytics.ageing(day(given["as_of"]), open_ones)
    return moneys(vars(figures)) | {"total": money(figures.total)}


_REPORTS: Mapping[str, Callable[[Json], Json]] = {
    "mrr_waterfall": _mrr_waterfall,
    "revenue_recognition": _revenue_recognition,
    "cohorts": _cohorts,
    "unit_economics": _unit_economics,
    "ageing": _ageing,
}


def _item(text: Json) -> RecurringItem:
    return RecurringItem(Decimal(text["unit_price"]), text["quantity"], text["interval"])


def _month(text: str) -> date:
    return day(f"{text[:7]}-01")


def _amounts(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in texts.items()}


def _ratios(values: tuple[Decimal, ...]) -> list[str]:
    return [money(value) for value in values]
