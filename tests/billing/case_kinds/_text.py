"""JSON text in and out of the product's values, for the adapters of case kinds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.billing.domain.calendar import Period
from apps.billing.domain.money import round_half_up
from apps.billing.domain.rating import Tier, UsagePrice

Json = dict[str, Any]


def money(amount: Decimal) -> str:
    """`83.45`."""
    return f"{amount:.2f}"


def plain(value: Decimal | Fraction | int) -> str:
    """A quantity without trailing zeros; a fraction is rounded to the 6 places that are stored."""
    written = value if isinstance(value, Decimal) else round_half_up(Fraction(value) * 10_000) / 10_000
    text = f"{written:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(text: str) -> date:
    return date.fromisoformat(text)


def day_or_none(text: str | None) -> date | None:
    return None if text is None else day(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def period(texts: Sequence[str]) -> Period:
    return Period(day(texts[0]), day(texts[1]))


def days(held: Period) -> list[str]:
    return [held.start.isoformat(), held.end.isoformat()]


def fraction(texts: Sequence[int] | None) -> tuple[int, int] | None:
    return None if texts is None else (texts[0], texts[1])


def decimals(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Decimal]:
    """The named keys that are there, as Decimal."""
    return {name: Decimal(given[name]) for name in names if name in given}


def usage_price(given: Mapping[str, Any]) -> UsagePrice:
    tiers = tuple(
        Tier(None if tier["up_to"] is None else Decimal(tier["up_to"]), Decimal(tier["unit_price"]))
        for tier in given.get("tiers", [])
    )
    named = {field.name for field in fields(UsagePrice)} - {"model", "tiers", "free_prorated"}
    return UsagePrice(
        model=given["model"],
        tiers=tiers,
        free_prorated=given.get("free_prorated", False),
        **decimals(given, named),
    )


def moneys(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: money(amount) for name, amount in amounts.items()}


def without_nones(answer: Json) -> Json:
    return {key: value for key, value in answer.items() if value is not None}
