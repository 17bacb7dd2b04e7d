"""入库: goods come in, with a cost, as a gain, or back from where they went."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.domain.amounts import fen, money, spread
from apps.inventory.models import Lot, StockDocument, StockMove
from apps.inventory.models.documents import IN_REASONS
from apps.inventory.records import ReceiptLine
from apps.inventory.services.refusals import OverReturned, spot, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.engine import post
from apps.inventory.services.stock.heads import Head, known_by, lines_of, new_document
from apps.inventory.services.stock.holding import open_shelves
from apps.inventory.services.stock.lots import LotWish, check_not_on_hand, ensure_lots
from apps.inventory.services.stock.opening import check_not_future, settle_date
from apps.inventory.services.stock.plan import Leg, Plan
from apps.masterdata.public import StockItem, WarehouseInfo
from kernel.money import to_cent

MOST_AMOUNT = Decimal("9999999999999.99")


@transaction.atomic
def receive(*, head: Head, warehouse: str, lines: Sequence[ReceiptLine], partner: str = "") -> StockDocument:
    """Post a receipt. Publishes StockMoved, CostPosted, GoodsReceived or GoodsReturned.

    Raises Invalid `unknown_item`, `unknown_warehouse`, `unknown_unit`, `lot_required`, `lot_not_allowed`,
    `serials_mismatch`, `too_many_decimals`, `future_date`; DuplicateSerial, OverReturned, PeriodClosed, `cost_needed`.
    """
    known = known_by(head.idem)
    if known is not None:
        return known
    check_reason(head.reason, IN_REASONS)
    check_lines(lines)
    named = naming.find_names([line.item for line in lines], document="receipt", warehouse=warehouse)
    items, place = named.items, named.places["warehouse"]
    customer = naming.find_partner(partner)
    check_not_future(head.moved_on, head.at)
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(place, [line.location for line in lines])
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        naming.check_tracking(item, quantity=quantity, lot=line.lot, serials=line.serials, line=number, lot_needed=True)
        check_cost(line, number)
    lots = _lots(lines, items)
    opening, shelves = open_shelves(
        {(item.id, place.id) for item in items}, head=head, moves=sum(len(line.serials) or 1 for line in lines),
        lots=[lot.pk for lot in lots.values()], outgoing=False,
    )  # fmt: skip
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    check_origins([line.origin for line in lines], items, dating.moved_on, outgoing=True)
    check_not_on_hand([lot for lot in lots.values() if lot.kind == Lot.Kind.SERIAL])
    document = new_document(
        StockDocument.Kind.RECEIPT, head, warehouse_id=place.id, partner_id=customer.id if customer else None
    )
    legs: list[Leg] = []
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        legs += _legs(number, item, line, quantity, place, locations[number - 1], lots, head.reason)
    plan = Plan(
        document=document, lines=lines_of(items, lines, quantities, locations), legs=legs, numbering=named.numbering
    )
    return post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)


def _legs(
    number: int,
    item: StockItem,
    line: ReceiptLine,
    quantity: Decimal,
    place: WarehouseInfo,
    location: int | None,
    lots: dict[tuple[int, str], Lot],
    reason: str,
) -> list[Leg]:
    codes = list(line.serials) or [line.lot]
    each = quantity if not line.serials else Decimal(1)
    amounts = _amounts(line, len(codes))
    costing = "given" if amounts[0] is not None else "return" if line.origin else "average"
    return [
        Leg(
            line=number, part=part, item=item, warehouse=place, quantity=each, reason=reason, costing=costing,
            location_id=location, lot=lots.get((item.id, code)), given=amount, origin_id=line.origin,
            feeder_id=line.origin if costing == "return" else None,
        )
        for part, (code, amount) in enumerate(zip(codes, amounts, strict=True), start=1)
    ]  # fmt: skip


def _amounts(line: ReceiptLine, parts: int) -> list[Decimal | None]:
    """The line's amount over its serials: `amount`, else r(quantity x unit_cost)."""
    whole = line.amount
    if whole is None and line.unit_cost is not None:
        whole = to_cent(line.quantity * line.unit_cost)
    if whole is None:
        return [None] * parts
    return [money(part) for part in spread(fen(whole), [1] * parts)]


def _lots(lines: Sequence[ReceiptLine], items: Sequence[StockItem]) -> dict[tuple[int, str], Lot]:
    wishes = [
        LotWish(
            item_id=item.id, code=code, kind=Lot.Kind.SERIAL if line.serials else Lot.Kind.LOT, made_on=line.made_on,
            expires_on=naming.expiry_of(item, line.made_on, line.expires_on), supplier_lot=line.supplier_lot,
        )
        for line, item in zip(lines, items, strict=True)
        for code in (line.serials or ((line.lot,) if line.lot else ()))
    ]  # fmt: skip
    seen = [(wish.item_id, wish.code) for wish in wishes if wish.kind == Lot.Kind.SERIAL]
    if len(set(seen)) != len(seen):
        raise wrong(_("同一个序列号在单据里出现了两次。"), "serials_mismatch", "lines")
    return ensure_lots(wishes) if wishes else {}


# -- Shared by the verbs -----------------------------------------------------------------------------------------


def check_reason(reason: str, allowed: Sequence[str]) -> None:
    if reason not in allowed:
        raise wrong(_("收发类别“%(reason)s”不适用于这种单据。") % {"reason": reason}, "bad_reason", "reason")


def check_lines(lines: Sequence[object]) -> None:
    if not lines:
        raise wrong(_("单据至少要有一行。"), "invalid", "lines")


def check_cost(line: ReceiptLine, number: int) -> None:
    """Amounts are not negative, not too fine, not too big. Raises Invalid `too_many_decimals`, `bad_amount`."""
    for name, value, places in (("amount", line.amount, 2), ("unit_cost", line.unit_cost, 6)):
        if value is None:
            continue
        if not value.is_finite() or value < 0 or value > MOST_AMOUNT:
            raise wrong(_("金额不能是负数，也不能过大。"), "bad_amount", spot(number, name))
        if -int(value.normalize().as_tuple().exponent) > places:
            raise wrong(_("小数位太多。"), "too_many_decimals", spot(number, name))
    if line.unit_cost is not None and line.quantity * line.unit_cost > MOST_AMOUNT:
        raise wrong(_("金额不能是负数，也不能过大。"), "bad_amount", spot(number, "unit_cost"))


def check_origins(origins: Sequence[int | None], items: Sequence[StockItem], on: object, *, outgoing: bool) -> None:
    """Each named origin is a move of the line's item, in the right direction, not after the return, not reversed.

    Raises Invalid `unknown_origin`, OverReturned.
    """
    wanted = {origin for origin in origins if origin}
    if not wanted:
        return
    rows = StockMove.objects.filter(pk__in=wanted)
    known = {row.pk: row for row in rows}
    reversed_ids = set(StockMove.objects.filter(reverses__in=wanted).values_list("reverses_id", flat=True))
    for number, (origin, item) in enumerate(zip(origins, items, strict=True), start=1):
        if not origin:
            continue
        row = known.get(origin)
        if row is None or row.item_id != item.id or (row.quantity < 0) != outgoing or row.reverses_id:
            raise wrong(_("找不到这个物料的原出入库流水。"), "unknown_origin", spot(number, "origin"))
        if origin in reversed_ids or row.moved_on > on:  # type: ignore[operator]
            raise OverReturned(_("原单已红冲，或退回日期早于原单日期，没有可退的数量。"))
