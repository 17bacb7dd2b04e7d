"""组装 and 拆卸: inputs become outputs, which carry their cost."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import Lot, LotLink, StockDocument
from apps.inventory.records import AssemblyLine
from apps.inventory.services.refusals import spot, wrong
from apps.inventory.services.stock import naming
from apps.inventory.services.stock.engine import post
from apps.inventory.services.stock.heads import Head, known_by, new_document, typed_line
from apps.inventory.services.stock.holding import lock_shelves
from apps.inventory.services.stock.issuing import legs_out
from apps.inventory.services.stock.lots import LotWish, check_not_on_hand, ensure_lots
from apps.inventory.services.stock.opening import open_books, settle_date
from apps.inventory.services.stock.plan import Leg, Plan
from apps.inventory.services.stock.receiving import MOST_AMOUNT, check_lines
from apps.inventory.services.stock.shelves import Shelf, Wish, choose
from apps.masterdata.public import StockItem, WarehouseInfo
from kernel.money import QUANTITY


@transaction.atomic
def assemble(
    *,
    head: Head,
    warehouse: str,
    inputs: Sequence[AssemblyLine],
    outputs: Sequence[AssemblyLine],
    extra_cost: Decimal = Decimal(0),
) -> StockDocument:
    """Turn `inputs` into `outputs`; their cost and `extra_cost` (CNY) are split by share with largest remainder.

    Lines count on from the inputs to the outputs. Lots of outputs are linked to those of inputs. Publishes StockMoved,
    CostPosted. Raises what `issue` and `receive` raise.
    """
    known = known_by(head.idem)
    if known is not None:
        return known
    check_lines(inputs)
    check_lines(outputs)
    check_shares(outputs, extra_cost)
    lines = [*inputs, *outputs]
    named = naming.find_names([line.item for line in lines], document="assembly", warehouse=warehouse)
    items, place = named.items, named.places["warehouse"]
    opening = open_books([item.id for item in items])
    dating = settle_date(opening, head.moved_on, when_closed=head.when_closed, at=head.at)
    quantities = naming.stock_quantities(lines, items)
    locations = naming.find_locations(place, [line.location for line in lines])
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        naming.check_tracking(
            item, quantity=quantity, lot=line.lot, serials=line.serials, line=number, lot_needed=number > len(inputs)
        )
    lots = _lots(outputs, items[len(inputs) :])
    shelves = lock_shelves({(item.id, place.id) for item in items}, at=head.at, lots=[lot.pk for lot in lots.values()])
    document = new_document(StockDocument.Kind.ASSEMBLY, head, warehouse_id=place.id, extra_cost=extra_cost)
    plan = Plan(document=document, lines=[], legs=[], numbering=named.numbering)
    taken: dict[Shelf, Decimal] = {}
    for number, (item, line, quantity) in enumerate(zip(items, lines, quantities, strict=True), start=1):
        side, location = "in" if number <= len(inputs) else "out", locations[number - 1]
        plan.lines.append(typed_line(number, item, line, quantity, side=side, location_id=location))
        if side == "in":
            wish = Wish(
                line=number, item=item, warehouse=place, quantity=quantity, lot=line.lot, serials=line.serials,
                location_id=location,
            )  # fmt: skip
            plan.legs += legs_out(wish, choose(shelves, wish, on=dating.moved_on, taken=taken), reason="assembly")
        else:
            plan.legs += _outputs(number, item, line, quantity, place, location, lots)
    posted = post(plan, opening=opening, dating=dating, shelves=shelves, actor=head.actor)
    LotLink.objects.bulk_create(_links(plan))
    return posted


def check_shares(outputs: Sequence[AssemblyLine], extra_cost: Decimal) -> None:
    """Raise Invalid `bad_amount`, `too_many_decimals`, `bad_share`."""
    if not extra_cost.is_finite() or not 0 <= extra_cost <= MOST_AMOUNT:
        raise wrong(_("金额不能是负数，也不能过大。"), "bad_amount", "extra_cost")
    if -int(extra_cost.normalize().as_tuple().exponent) > 2:
        raise wrong(_("小数位太多。"), "too_many_decimals", "extra_cost")
    shares = [line.share for line in outputs if line.share is not None]
    if any(not share.is_finite() or not 0 <= share <= MOST_AMOUNT for share in shares) or (
        shares and len(shares) == len(outputs) and sum(shares) == 0
    ):
        raise wrong(_("分摊比例不能是负数，也不能全是零。"), "bad_share", spot(1, "share"))


def _lots(outputs: Sequence[AssemblyLine], items: Sequence[StockItem]) -> dict[tuple[int, str], Lot]:
    wishes = [
        LotWish(
            item_id=item.id, code=code, kind=Lot.Kind.SERIAL if line.serials else Lot.Kind.LOT, made_on=line.made_on,
            expires_on=naming.expiry_of(item, line.made_on, line.expires_on),
        )
        for line, item in zip(outputs, items, strict=True)
        for code in (line.serials or ((line.lot,) if line.lot else ()))
    ]  # fmt: skip
    lots = ensure_lots(wishes) if wishes else {}
    check_not_on_hand([lot for lot in lots.values() if lot.kind == Lot.Kind.SERIAL])
    return lots


def _outputs(
    number: int,
    item: StockItem,
    line: AssemblyLine,
    quantity: Decimal,
    place: WarehouseInfo,
    location: int | None,
    lots: dict[tuple[int, str], Lot],
) -> list[Leg]:
    codes = list(line.serials) or [line.lot]
    return [
        Leg(
            line=number, part=part, item=item, warehouse=place, quantity=Decimal(1) if line.serials else quantity,
            reason="assembly", costing="share", location_id=location, lot=lots.get((item.id, code)), weight=line.share,
        )
        for part, code in enumerate(codes, start=1)
    ]  # fmt: skip


def _links(plan: Plan) -> list[LotLink]:
    """Every input's part in every output that has a lot, by the outputs' quantities."""
    inputs = [leg for leg in plan.legs if leg.quantity < 0]
    outputs = [leg for leg in plan.legs if leg.quantity > 0]
    whole = sum(leg.quantity for leg in outputs)
    return [
        LotLink(
            document_id=plan.document.pk, from_lot=source.lot, from_item_id=source.item.id, to_lot=target.lot,
            from_quantity=max((-source.quantity * target.quantity / whole).quantize(QUANTITY, ROUND_HALF_UP), QUANTITY),
            to_quantity=target.quantity,
        )
        for target in outputs
        if target.lot is not None
        for source in inputs
        if source.lot is None or source.lot.pk != target.lot.pk
    ]  # fmt: skip
