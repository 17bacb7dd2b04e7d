"""Shapes of what the API gives out: numbers are text, ids the chains', codes our own."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.supply.domain.canonical import number
from apps.supply.domain.despatch import Ledger
from apps.supply.domain.terms import Line, Terms
from apps.supply.models import ItemMap
from apps.supply.selectors.links import LinkView
from apps.supply.selectors.orders import OrderView
from kernel.money import money_text

Json = dict[str, Any]


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def at(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def figure(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def link(view: LinkView) -> Json:
    return {
        "id": str(view.row.pk),
        "kind": "guest" if view.row.is_guest else "tenant",
        "role": view.row.role,
        "partner": view.row.partner.code,
        "state": view.state,
        "other": {"name": view.other.name, "uscc": view.other.uscc} if view.other else None,
        "settings": view.row.settings,
        "party_ids": view.row.party_ids,
        "own_party_ids": view.row.own_party_ids,
        "created_at": at(view.row.created_at),
        "expires_at": at(view.bond.expires_at) if view.state == "invited" else None,
    }


def order(view: OrderView) -> Json:
    row, folded = view.row, view.order
    agreed, asked, header = folded.agreed, folded.open, folded.header
    return {
        "id": str(row.pk),
        "link": str(row.link_id),
        "partner": row.link.partner.code,
        "role": row.role,
        "number": row.number,
        "type": row.type,
        "state": folded.state,
        "progress": row.progress,
        "waiting_for": folded.waiting_for,
        "version": folded.seq,
        "sent_at": at(row.sent_at),
        "currency": row.currency,
        "price_includes_tax": view.includes_tax,
        "over_tolerance": number(row.over_tolerance),
        "payment_terms": header.payment_terms if header else "",
        "note": header.note if header else "",
        "internal_note": row.internal_note,
        "purchase_order": row.purchase_order,
        "agreed": {"seq": agreed.seq, **_terms(view, agreed.terms)} if agreed else None,
        "open": {
            "seq": asked.seq,
            "by": asked.by,
            "what": asked.what,
            "reason": asked.reason,
            **(_terms(view, asked.terms) if asked.terms else {"lines": [], "total": None}),
        }
        if asked and not folded.closed
        else None,
        "lines": [line(view, one) for one in folded.terms.lines],
        "warnings": view.warnings(),
    }


def _terms(view: OrderView, terms: Terms) -> Json:
    total = terms.total(price_includes_tax=view.includes_tax)
    return {"lines": [line(view, one) for one in terms.lines], "total": money_text(total)}


def line(view: OrderView, one: Line) -> Json:
    own, info = view.items.get(one.line), view.item_of(one)
    done = view.moved.get(one.line, Ledger())
    buys = view.row.role == "buyer"
    return {
        "line": one.line,
        "item": info.code if info else None,
        "partner_item": (own.partner_item if own else "") or None if buys else one.item,
        "name": one.name,
        "spec": one.spec,
        "quantity": number(one.quantity),
        "unit": one.unit,
        "unit_price": number(one.unit_price),
        "tax_rate": number(one.tax_rate),
        "amount": money_text(one.amount),
        "requested_date": day(one.requested_date),
        "promised_date": day(one.promised_date),
        "first_promised": day(one.first_promised),
        "note": one.note,
        "internal_note": own.internal_note if own else "",
        "split_of": one.split_of,
        "mapped": own.is_settled if own else False,
        "own_quantity": figure(view.own_quantity(one)),
        "own_unit": info.stock_unit if info else None,
        "despatched": number(done.despatched),
        "received": number(done.received),
        "accepted": number(done.accepted),
        "rejected": number(done.rejected),
        "short": number(done.short),
        "returned": number(done.returned),
        "materials": [
            {"item": part.item, "quantity_per": number(part.quantity_per), "loss_rate": number(part.loss_rate)}
            for part in one.materials
        ],
    }


def item_map(row: ItemMap) -> Json:
    return {
        "id": row.pk,
        "link": str(row.link_id),
        "item": row.item.code,
        "partner_item": row.partner_item,
        "partner_unit": row.partner_unit,
        "partner_name": row.partner_name,
        "factor": str(row.factor),
        "state": "proposed" if row.is_proposed else "live",
    }
