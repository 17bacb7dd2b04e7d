"""Aux combos by what a reader names: `customer:C001`, or a whole dimension."""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.finance.models import AuxComboMember, Dimension, DimensionValue
from kernel.errors import NotFound


def combos_with(aux: Mapping[str, str]) -> frozenset[int]:
    """Ids of the combos that hold every given value. Raises NotFound for an unknown dimension or value."""
    named = reduce(or_, (Q(value__dimension__code=one, value__code=code) for one, code in aux.items()), Q(pk=None))
    holders: dict[tuple[str, str], set[int]] = {}
    rows = AuxComboMember.objects.filter(named).values_list("value__dimension__code", "value__code", "combo_id")
    for dimension, code, combo in rows:
        holders.setdefault((dimension, code), set()).add(combo)
    for dimension, code in sorted(aux.items()):
        # A value that no combo holds may still be one.
        if (dimension, code) not in holders and not _is_value(dimension, code):
            raise NotFound(_("%(dimension)s 中没有 %(code)s。") % {"dimension": dimension[:30], "code": code[:60]})
    return frozenset(set.intersection(*(holders.get(pair, set()) for pair in aux.items()))) if aux else frozenset()


def _is_value(dimension: str, code: str) -> bool:
    return DimensionValue.objects.filter(dimension__code=dimension, code=code).exists()


def get_dimension(code: str) -> Dimension:
    """The dimension by code. Raises NotFound."""
    found = Dimension.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("没有辅助核算维度 %(code)s。") % {"code": code[:30]})
    return found


def values_by_combo(dimension: str) -> dict[int, tuple[str, str]]:
    """{combo: (code, name) of its value in the dimension}. Raises NotFound for an unknown dimension."""
    rows = AuxComboMember.objects.filter(dimension__code=dimension).order_by("combo_id")
    found = {combo: (code, name) for combo, code, name in rows.values_list("combo_id", "value__code", "value__name")}
    if not found:
        get_dimension(dimension)  # nothing carries it yet, or there is none
    return found
