"""Grants of a wallet: which are alive, in which order they are used (R-WALLET-ORDER)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from apps.billing.domain.money import ZERO

GrantKind = Literal["promo", "paid"]


@dataclass(frozen=True, kw_only=True)
class Grant:
    """`remaining` CNY of promotional credit or of a prepayment; usable to the local end of `expires_on`."""

    id: str
    kind: GrantKind
    remaining: Decimal
    expires_on: date | None
    created_on: date

    def alive_on(self, day: date | None) -> bool:
        """R-WALLET-ORDER: expiry is at the end of the local day."""
        return day is None or self.expires_on is None or day <= self.expires_on


@dataclass(frozen=True)
class Drawn:
    """An amount (CNY) taken from one grant."""

    grant: str
    amount: Decimal


def in_order(grants: Iterable[Grant]) -> list[Grant]:
    """R-WALLET-ORDER: promo before paid, soonest expiry, oldest; equal ones keep their order."""
    return sorted(
        grants,
        key=lambda grant: (grant.kind != "promo", grant.expires_on or date.max, grant.created_on),
    )


def draw(grants: Iterable[Grant], kind: GrantKind, wanted: Decimal, day: date | None) -> tuple[Drawn, ...]:
    """R-WALLET: take up to `wanted` (CNY) from the living grants of one kind, in order."""
    drawn: list[Drawn] = []
    for grant in in_order(grant for grant in grants if grant.kind == kind and grant.alive_on(day)):
        amount = min(grant.remaining, wanted)
        if amount > 0:
            drawn.append(Drawn(grant.id, amount))
            wanted -= amount
    return tuple(drawn)


def expired(grants: Iterable[Grant], day: date | None) -> tuple[Drawn, ...]:
    """R-WALLET-ORDER: what is lost on `day` because its last day is over."""
    dead = [grant for grant in in_order(grants) if not grant.alive_on(day) and grant.remaining > 0]
    return tuple(Drawn(grant.id, grant.remaining) for grant in dead)


def remainders(grants: Iterable[Grant], taken: Sequence[Drawn]) -> dict[str, Decimal]:
    """What each grant still holds after `taken` (uses and expiry)."""
    left = {grant.id: grant.remaining for grant in grants}
    for entry in taken:
        left[entry.grant] = left.get(entry.grant, ZERO) - entry.amount
    return left
