"""Lots and serials of incoming goods: found or made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.inventory.models import Balance, Lot
from apps.inventory.services.refusals import DuplicateSerial, wrong


@dataclass(frozen=True, kw_only=True)
class LotWish:
    """A lot that goods come in with; facts count only for a new one."""

    item_id: int
    code: str
    kind: str
    made_on: date | None = None
    expires_on: date | None = None
    supplier_lot: str = ""


def ensure_lots(wishes: Sequence[LotWish]) -> dict[tuple[int, str], Lot]:
    """{(item, code): lot}; unknown ones are made. Two who make one at the same moment get the same."""
    for wish in wishes:
        if wish.made_on and wish.expires_on and wish.expires_on < wish.made_on:
            raise wrong(_("有效期至不能早于生产日期。"), "bad_expiry", "expires_on")
    found = _known(wishes)
    missing = [wish for wish in wishes if (wish.item_id, wish.code) not in found]
    if missing:
        rows = [
            Lot(
                item_id=wish.item_id, code=wish.code, kind=wish.kind, made_on=wish.made_on,
                expires_on=wish.expires_on, supplier_lot=wish.supplier_lot,
            )
            for wish in missing
        ]  # fmt: skip
        Lot.objects.bulk_create(rows, ignore_conflicts=True)
        found = _known(wishes)
    return found


def _known(wishes: Iterable[LotWish]) -> dict[tuple[int, str], Lot]:
    wanted = Q()
    for item_id in {wish.item_id for wish in wishes}:
        wanted |= Q(item_id=item_id, code__in={wish.code for wish in wishes if wish.item_id == item_id})
    rows = Lot.objects.filter(wanted).order_by("id") if wanted else []
    return {(row.item_id, row.code): row for row in rows}


def check_not_on_hand(serials: Sequence[Lot]) -> None:
    """A piece is in one place. Raises DuplicateSerial."""
    if not serials:
        return
    there = Balance.objects.filter(lot__in=[row.pk for row in serials], quantity__gt=0).select_related("lot")
    row = there.order_by("lot__code").first()
    if row is not None and row.lot is not None:
        raise DuplicateSerial(_("序列号 %(serial)s 已在库，不能重复入库。") % {"serial": row.lot.code})
