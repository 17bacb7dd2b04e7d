"""Roles and rights. A right is `<module>.<verb>`; each module says in its `apps.py` which roles hold which verbs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

ROLES: dict[str, object] = {
    "owner": _("老板"),
    "admin": _("管理员"),
    "chief": _("会计主管"),
    "accountant": _("会计"),
    "reviewer": _("审核"),
    "cashier": _("出纳"),
    "bookkeeper": _("代账"),
    "auditor": _("检查"),
    "storekeeper": _("仓管"),
    "planner": _("计划"),
    "worker": _("车间"),
    "buyer": _("采购"),
    "sales": _("销售"),
    "data_officer": _("数据专员"),
}
EVERYBODY = tuple(ROLES)

_rights: dict[str, frozenset[str]] = {}
_conflicts: list[tuple[str, frozenset[str]]] = []
_labels: dict[str, object] = {}  # of rights (`finance.post`) and of modules (`finance`); lazy translations


def register(
    module: str, verbs: Mapping[str, Iterable[str]], *, title: object = "", labels: Mapping[str, object] | None = None
) -> None:
    """Declare the rights of `module`: verb -> roles that hold it by default. Owners hold all.

    `title` and `labels` (verb -> words) are what people read where rights are given; lazy translations.
    """
    if title:
        _labels[module] = title
    _labels.update({f"{module}.{verb}": words for verb, words in (labels or {}).items()})
    for verb, roles in verbs.items():
        names = frozenset(roles) | {"owner"}
        unknown = names - ROLES.keys()
        if unknown:
            raise ValueError(f"Unknown roles: {sorted(unknown)}")
        _rights[f"{module}.{verb}"] = names


def register_conflict(role: str, rights: Iterable[str]) -> None:
    """Declare rights that `role` may never be given (令98 art. 12: a cashier keeps no books)."""
    _conflicts.append((role, frozenset(rights)))


def all_rights() -> list[str]:
    return sorted(_rights)


def label_of(name: str) -> str:
    """Words for a right (`finance.post`) or a module (`finance`); its own name where none were given."""
    return str(_labels.get(name, name))


def rights_of_role(role: str) -> frozenset[str]:
    """What `role` holds before anything is added or taken."""
    return frozenset(right for right, roles in _rights.items() if role in roles)


def conflicting(role: str, rights: Iterable[str]) -> frozenset[str]:
    """Those of `rights` that `role` may not hold."""
    wanted = frozenset(rights)
    return frozenset().union(*(wanted & forbidden for name, forbidden in _conflicts if name == role))


def effective_rights(role: str, overrides: Mapping[str, bool]) -> frozenset[str]:
    """Rights of the role, plus those set true, minus those set false."""
    added = {right for right, on in overrides.items() if on and right in _rights}
    taken = {right for right, on in overrides.items() if not on}
    return (rights_of_role(role) | added) - taken


@dataclass(frozen=True, kw_only=True)
class Member:
    """Who acts: a person with the rights held in the current company (or on the operator's site)."""

    user_id: int
    name: str
    email: str = ""
    role: str = "owner"
    rights: frozenset[str] = field(default_factory=frozenset)
    membership_id: int | None = None
    until: date | None = None
    is_operator: bool = False
    ip: str | None = None
    token_id: int | None = None

    def can(self, right: str) -> bool:
        """True when the member holds `right`, e.g. `finance.post`."""
        return right in self.rights

    def can_any(self, rights: Iterable[str]) -> bool:
        return any(right in self.rights for right in rights)
