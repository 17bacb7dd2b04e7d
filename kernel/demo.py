"""The demo company: built once, through the services that people use, by parts that the modules bring.

The module that knows how companies are sold sets the maker; each module adds a part that fills its own pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tenants.context import Company
from tenants.rights import Member

SLUG = "demo"
NAME = "宏达五金制品"


@dataclass(frozen=True, kw_only=True)
class Person:
    """One demo member and how to sign in."""

    role: str
    title: str
    account: str
    password: str
    member: Member


@dataclass(frozen=True, kw_only=True)
class DemoCompany:
    """The company, its people by role, and the day that its story ends on."""

    company: Company
    people: dict[str, Person]
    staff: tuple[Person, ...]  # of the operator
    today: date

    def member(self, role: str) -> Member:
        """The member who plays `role`; the owner where nobody does."""
        return self.people.get(role, self.people["owner"]).member


@dataclass(frozen=True)
class Part:
    """A module's share of the story; runs inside the company."""

    key: str
    position: int
    module: str | None
    build: Callable[[DemoCompany], None]


_parts: dict[str, Part] = {}
_makers: list[Callable[[date], DemoCompany]] = []


def set_maker(make: Callable[[date], DemoCompany]) -> None:
    """Who makes company and people; runs on the shared tables."""
    _makers[:] = [make]


def add_part(key: str, build: Callable[[DemoCompany], None], *, position: int, module: str | None = None) -> None:
    _parts[key] = Part(key, position, module, build)


def parts() -> list[Part]:
    """In the order of the floors: what others build on comes first."""
    return sorted(_parts.values(), key=lambda part: (part.position, part.key))


def make_company(today: date) -> DemoCompany:
    """Raises RuntimeError when no module knows how to make companies."""
    if not _makers:
        raise RuntimeError("no maker of companies is registered")
    return _makers[0](today)
