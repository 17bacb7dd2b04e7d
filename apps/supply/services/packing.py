"""包装: codes of packages, given, issued from the company's GS1 prefix, or of our own; never used twice."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from apps.supply.domain import packages as rules
from apps.supply.domain.delivery import Parcel
from apps.supply.domain.errors import RuleBroken
from apps.supply.services.refusals import refusal
from kernel.numbering import next_in

AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class ParcelWish:
    """A package; `sscc` is "auto", 18 digits, or empty for an own code."""

    no: str
    kind: str = ""
    sscc: str = ""


def pack(wishes: Sequence[ParcelWish], *, gs1_prefix: str, counted: bool) -> tuple[Parcel, ...]:
    """Packages with their codes. `counted`: serials come from the company's own counter, else they are random.

    Raises Invalid `bad_sscc`, `invalid` for a number given twice.
    """
    if len({wish.no for wish in wishes}) != len(wishes):
        raise refusal("invalid", field="packages")
    return tuple(_parcel(place, wish, gs1_prefix, counted) for place, wish in enumerate(wishes))


def _parcel(place: int, wish: ParcelWish, prefix: str, counted: bool) -> Parcel:
    if wish.sscc and wish.sscc != AUTO and not rules.is_sscc(wish.sscc):
        raise refusal("bad_sscc", field=f"packages.{place}.sscc")
    if wish.sscc == AUTO:
        try:
            sscc = rules.build_sscc(prefix, _serial("sscc", counted))
        except RuleBroken as error:
            raise refusal("bad_sscc", field=f"packages.{place}.sscc") from error
    else:
        sscc = wish.sscc
    code = sscc or rules.own_code(_serial("package", counted))
    return Parcel(no=wish.no, kind=wish.kind, sscc=sscc, code=code)


def _serial(scope: str, counted: bool) -> int:
    # A company counts; a guest has no tables to count in, and twelve random digits do not meet twice by chance.
    return next_in(f"supply:{scope}") if counted else secrets.randbelow(10**12)


def claim_codes(party: UUID, version: UUID, parcels: Sequence[Parcel]) -> None:
    """Write the codes down as used. Raises duplicate_sscc when the party used one before."""
    for parcel in parcels:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO exchange.package_code (party, code, version) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [party, parcel.code, version],
            )
            if not cursor.rowcount:
                raise refusal("duplicate_sscc", package=parcel.no)
