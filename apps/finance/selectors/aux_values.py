"""Values of dimensions for lookups and labels: master data for the built-in ones, our own rows for the others."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q

from apps.finance.models import DimensionValue
from apps.finance.selectors.account_names import initials
from apps.masterdata import public as masterdata

_FINDERS: Mapping[str, Callable[[str, int], list[Any]]] = {
    "customer": lambda text, limit: masterdata.find_partners(text, customers=True, limit=limit, usable_only=True),
    "supplier": lambda text, limit: masterdata.find_partners(text, suppliers=True, limit=limit, usable_only=True),
    "department": lambda text, limit: masterdata.find_departments(text, limit=limit),
    "employee": lambda text, limit: masterdata.find_employees(text, limit=limit),
    "item": lambda text, limit: masterdata.find_items(text, limit=limit),
}


def find_values(dimension: str, text: str, *, limit: int) -> list[dict[str, str]]:
    """`{code, text}` of the values that fit, by code; unknown dimensions have none."""
    own = DimensionValue.objects.filter(dimension__code=dimension, is_active=True)
    if text:
        own = own.filter(Q(code__istartswith=text) | Q(name__icontains=text))
    found = {row.code: row.name for row in own.order_by("code")[:limit]}
    finder = _FINDERS.get(dimension)
    for record in finder(text, limit) if finder else []:
        found.setdefault(record.code, record.name)
    if text and len(found) < limit and not finder:
        found |= _by_initials(dimension, text, limit)
    return [{"code": code, "text": found[code]} for code in sorted(found)][:limit]


def _by_initials(dimension: str, text: str, limit: int) -> dict[str, str]:
    rows = DimensionValue.objects.filter(dimension__code=dimension, is_active=True).order_by("code")[:2000]
    wanted = text.casefold()
    return dict([(row.code, row.name) for row in rows if wanted in initials(row.name)][:limit])


def value_labels(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """{`customer:C001`: `C001 宁波海川机电`} of the known ones; a value that only master data knows shows its code."""
    wanted = set(pairs)
    if not wanted:
        return {}
    rows = DimensionValue.objects.select_related("dimension").filter(code__in={code for _dimension, code in wanted})
    known = {(row.dimension.code, row.code): str(row) for row in rows}
    return {f"{dimension}:{code}": known.get((dimension, code), code) for dimension, code in wanted}
