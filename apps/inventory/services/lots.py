"""State of lots: held for quality, blocked for good, free again; a hold can freeze everything made from the lot."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.events import LotStateChanged
from apps.inventory.models import Lot
from apps.inventory.selectors import trace
from kernel import audit
from kernel.errors import NotFound
from kernel.events import publish
from tenants.rights import Member

_VERBS = {Lot.State.HELD: "hold", Lot.State.FREE: "release", Lot.State.BLOCKED: "block"}


@transaction.atomic
def set_state(
    *, lot_id: int, state: str, actor: Member, at: datetime, downstream: bool = False, note: str = ""
) -> list[Lot]:
    """Give a lot `state` (free, held, blocked), with `downstream` also every lot made from it; all in one step.

    Answers the lots that changed, by id. Publishes LotStateChanged for each. Raises NotFound.
    """
    if not Lot.objects.filter(pk=lot_id).exists():
        raise unknown_lot()
    ids = trace.downstream(lot_id) if downstream else [lot_id]
    rows = Lot.objects.select_for_update(of=("self",)).select_related("item").filter(pk__in=ids).order_by("id")
    changed = [row for row in rows if row.state != state]
    for row in changed:
        row.state = state
        row.version += 1
    Lot.objects.bulk_update(changed, ["state", "version"])
    for row in changed:
        audit.record(
            actor=actor, action=f"lot.{_VERBS[Lot.State(state)]}", object=f"lot:{row.pk}",
            label=f"{row.item.code} {row.code} {note}".strip(),
        )  # fmt: skip
        publish(LotStateChanged(lot_id=row.pk, state=state))
    return changed


def unknown_lot() -> NotFound:
    return NotFound(_("找不到这个批次，请刷新列表。"))
