"""The chart as a list, dimensions and their values."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.finance.models import AccountDimension, Dimension, DimensionValue, LedgerAccount
from apps.finance.selectors.combos import get_dimension
from kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class AccountFilter:
    """None = not asked for; `search` is a part of the name or the beginning of the code."""

    level: int | None = None
    category: str | None = None
    is_leaf: bool | None = None
    is_active: bool | None = None
    search: str | None = None


def listed(wanted: AccountFilter) -> QuerySet[LedgerAccount]:
    """Accounts by code with their parents and dimensions."""
    conditions = {
        "level": wanted.level,
        "category": wanted.category,
        "is_leaf": wanted.is_leaf,
        "is_active": wanted.is_active,
    }
    rows = LedgerAccount.objects.filter(**{name: value for name, value in conditions.items() if value is not None})
    if wanted.search is not None:
        rows = rows.filter(
            Q(name__icontains=wanted.search) | Q(name_en__icontains=wanted.search) | Q(code__startswith=wanted.search)
        )
    return _with_all(rows).order_by("code")


def _with_all(rows: QuerySet[LedgerAccount]) -> QuerySet[LedgerAccount]:
    dimensions = AccountDimension.objects.select_related("dimension").order_by("dimension__code")
    return rows.select_related("parent").prefetch_related(Prefetch("dimensions", queryset=dimensions))


def detail(code: str) -> LedgerAccount:
    """One account with parent and dimensions. Raises NotFound."""
    found = _with_all(LedgerAccount.objects.filter(code=code)).first()
    if found is None:
        raise NotFound(_("没有科目 %(code)s。") % {"code": code[:20]})
    return found


def dimensions() -> QuerySet[Dimension]:
    """Built-in ones first, then by code."""
    return Dimension.objects.order_by("-built_in", "code")


def values_of(dimension: str, *, search: str | None = None, is_active: bool | None = None) -> QuerySet[DimensionValue]:
    """Values of a dimension by code. Raises NotFound for an unknown dimension."""
    rows = DimensionValue.objects.filter(dimension=get_dimension(dimension))
    if search is not None:
        rows = rows.filter(Q(name__icontains=search) | Q(code__icontains=search))
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    return rows.order_by("code")
