"""Making orders: a draft, its rewriting, its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.inventory.services.orders.lines import MOST_AMOUNT, Known, check_count, partner_called, written
from apps.inventory.services.orders.refusals import (
    DuplicateNumber,
    NotDraft,
    PartnerBlocked,
    check_version,
    unknown_order,
)
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import LineInput, OrderInput
from apps.masterdata import public as masterdata
from apps.masterdata.public import PartnerInfo
from kernel import audit
from kernel.errors import Invalid
from tenants.rights import Member


@transaction.atomic
def create(*, side: Side, values: OrderInput, actor: Member, at: datetime) -> Any:
    """A draft order; it binds nobody yet.

    Raises Invalid `unknown_partner`, `unknown_item`, `unknown_unit`, `unknown_warehouse`, `too_many_decimals`; 409
    `partner_blocked`, `item_stopped`, `unit_not_exact`, `duplicate_number`.
    """
    check_count(values.lines)
    partner = partner_called(values.partner, sells=side.sells)
    check_partner(partner)
    order = side.order(
        partner_id=partner.id, ordered_on=values.ordered_on, price_includes_tax=values.price_includes_tax,
        currency=partner.currency, note=values.note, source_kind=values.source_kind, source_ref=values.source_ref,
        created_by_id=actor.user_id, created_by_name=actor.name, created_at=at,
    )  # fmt: skip
    if side.sells:
        order.reserve = values.reserve
    rows = read_lines(side, order, values.lines, partner)
    order.total = total_of(rows)
    order.number = values.number.strip() or masterdata.next_number(side.kind, values.ordered_on)
    _insert(side, order)
    side.line.objects.bulk_create(rows)
    audit.record(actor=actor, action=f"{side.kind}.create", object=f"{side.kind}:{order.pk}", label=order.number)
    return order


@transaction.atomic
def rewrite(*, side: Side, order_id: int, version: int | None, values: OrderInput, actor: Member) -> Any:
    """Write a draft anew, lines and all. Raises as `create`, and `not_draft`, `stale_version`."""
    order = lock(side, order_id)
    check_draft(order)
    check_version(order.version, version)
    check_count(values.lines)
    partner = partner_called(values.partner, sells=side.sells)
    check_partner(partner)
    order.partner_id, order.ordered_on, order.note = partner.id, values.ordered_on, values.note
    order.price_includes_tax, order.currency = values.price_includes_tax, partner.currency
    if side.sells:
        order.reserve = values.reserve
    if values.number.strip() and values.number.strip() != order.number:
        _check_free(side, values.number.strip())
        order.number = values.number.strip()
    rows = read_lines(side, order, values.lines, partner)
    order.total, order.version = total_of(rows), order.version + 1
    order.save()
    order.lines.all().delete()
    side.line.objects.bulk_create(rows)
    audit.record(actor=actor, action=f"{side.kind}.change", object=f"{side.kind}:{order.pk}", label=order.number)
    return order


@transaction.atomic
def delete(*, side: Side, order_id: int, actor: Member) -> None:
    """Throw a draft away. Raises `not_draft`."""
    order = lock(side, order_id)
    check_draft(order)
    audit.record(actor=actor, action=f"{side.kind}.delete", object=f"{side.kind}:{order.pk}", label=order.number)
    order.delete()


def lock(side: Side, order_id: int) -> Any:
    """The order, locked until the transaction ends. Raises NotFound."""
    order = side.order.objects.select_for_update(of=("self",)).select_related("partner").filter(pk=order_id).first()
    if order is None:
        raise unknown_order()
    return order


def check_draft(order: Any) -> None:
    """Raise NotDraft for anything but a draft."""
    if order.state != order.State.DRAFT:
        raise NotDraft(_("订单 %(number)s 已确认，不能这样修改。") % {"number": order.number})


def check_partner(partner: PartnerInfo) -> None:
    """Raise PartnerBlocked."""
    if partner.is_blocked:
        sentence = _("%(partner)s 已冻结，不能下新单，请先在往来单位里解除冻结。") % {"partner": partner.label}
        raise PartnerBlocked(sentence, fields={"partner": [sentence]})


def read_lines(
    side: Side, order: Any, lines: Sequence[LineInput], partner: PartnerInfo, *, start: int = 1
) -> list[Any]:
    """Unsaved lines, numbered as asked or in their order from `start`."""
    known = Known.of(lines)
    taken = {row.line for row in lines if row.line is not None}
    numbers = (number for number in range(start, start + 10**6) if number not in taken)
    rows = []
    for index, values in enumerate(lines):
        columns = written(values, known=known, spot=f"lines.{index}", partner=partner, order=order)
        if side.sells:
            columns["make_to_order"] = bool(values.make_to_order)
        rows.append(side.line(order=order, line=values.line or next(numbers), **columns))
    return rows


def total_of(rows: Sequence[Any]) -> Any:
    """Sum of the lines' amounts. Raises Invalid where a column could not hold it."""
    total = sum(row.amount for row in rows)
    if total >= MOST_AMOUNT:
        raise Invalid(_("订单总额太大，请检查数量和单价。"))
    return total


def _insert(side: Side, order: Any) -> None:
    _check_free(side, order.number)
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:  # another clerk took the number between the look and the insert
        raise _duplicate(order.number) from error


def _check_free(side: Side, number: str) -> None:
    if side.order.objects.filter(number=number).exists():
        raise _duplicate(number)


def _duplicate(number: str) -> DuplicateNumber:
    sentence = _("单号 %(number)s 已被使用，请换一个。") % {"number": number[:60]}
    return DuplicateNumber(sentence, fields={"number": [sentence]})
