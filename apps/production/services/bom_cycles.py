"""No item is made of itself: one check at a time, over all draft and active versions."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain.explosion import find_cycle
from apps.production.models import Bom, BomLine
from apps.production.services.plan_refusals import BomCycle

ALIVE = (Bom.State.DRAFT, Bom.State.ACTIVE)


def lock_bills() -> None:
    """Bills are written one after the other: two halves of a ring must not be saved at the same moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':production_bom'))")


def check_cycles(items: Iterable[int]) -> None:
    """Look for a ring below `items`; call after the lines are written, under `lock_bills`. Raises BomCycle."""
    roots = list(dict.fromkeys(items))
    path = find_cycle(_below(roots), roots)
    if path:
        raise cycle_refusal(path)


def _below(roots: list[int]) -> dict[int, list[int]]:
    """{parent: components} of everything that hangs below `roots`, one query a level."""
    children: dict[int, list[int]] = {}
    frontier = set(roots)
    while frontier:
        rows = BomLine.objects.filter(bom__item_id__in=frontier, bom__state__in=ALIVE)
        children.update({item: [] for item in frontier})
        for parent, component in rows.order_by("id").values_list("bom__item_id", "component_id"):
            children[parent].append(component)
        frontier = {child for item in frontier for child in children[item]} - children.keys()
    return children


def cycle_refusal(path: list[int]) -> BomCycle:
    """The refusal that names the items on the way."""
    known = masterdata.get_items(path)
    codes = [known[item].code if item in known else str(item) for item in path]
    sentence = _("物料清单成了环：%(path)s。请改掉其中一处用料。") % {"path": " → ".join(codes)}
    return BomCycle(sentence, extra={"path": codes})
