"""Aux combos by what a reader names: `customer:C001`, or a whole dimension."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from apps.finance.models import AuxComboMember, Dimension, DimensionValue
from kernel.errors import NotFound


def combos_with(aux: Mapping[str, str]) -> frozenset[int]:
    """Ids of the combos that hold every given value. Raises NotFound for an unknown dimension or value."""
    found: frozenset[int] | None = None
    for dimension, code in sorted(aux.items()):
        value = DimensionValue.objects.filter(dimension__code=dimension, code=code).first()
        if value is None:
            raise NotFound(_("%(dimension)s 中没有 %(code)s。") % {"dimension": dimension[:30], "code": code[:60]})
        own = frozenset(AuxComboMember.objects.filter(value=value).values_list("combo_id", flat=True))
        found = own if found is None else found & own
    return found or frozenset()


def get_dimension(code: str) -> Dimension:
    """The dimension by code. Raises NotFound."""
    found = Dimension.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("没有辅助核算维度 %(code)s。") % {"code": code[:30]})
    return found


def values_by_combo(dimension: Dimension) -> dict[int, tuple[str, str]]:
    """{combo: (code, name) of its value in the dimension}."""
    rows = AuxComboMember.objects.filter(dimension=dimension).order_by("combo_id")
    return {combo: (code, name) for combo, code, name in rows.values_list("combo_id", "value__code", "value__name")}
