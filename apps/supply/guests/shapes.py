"""What a guest is shown over the API: the order object of a seller, without codes of its own."""

from typing import Any

from apps.supply.domain.canonical import number
from apps.supply.domain.delivery import Delivery
from apps.supply.domain.despatch import ZERO, Ledger
from apps.supply.domain.terms import Line, Terms
from apps.supply.guests.desk import Desk, GuestOrder
from kernel.money import money_text

Json = dict[str, Any]
FIGURES = ("received", "short", "over", "rejected")


def order(desk: Desk, one: GuestOrder) -> Json:
    folded, header = one.order, one.order.header
    agreed, asked = folded.agreed, folded.open
    return {
        "id": str(one.chain),
        "link": str(desk.bond.pk),
        "partner": None,
        "role": desk.side,
        "buyer": {"name": desk.buyer.name},
        "number": header.number if header else "",
        "type": header.type if header else "standard",
        "state": folded.state,
        "progress": one.progress,
        "waiting_for": folded.waiting_for,
        "version": folded.seq,
        "sent_at": one.sent_at.isoformat(),
        "currency": header.currency if header else "CNY",
        "price_includes_tax": _taxed(one),
        "over_tolerance": number(header.over_tolerance) if header else "0",
        "payment_terms": header.payment_terms if header else "",
        "note": header.note if header else "",
        "expires_at": one.until.isoformat(),
        "agreed": {"seq": agreed.seq, **_terms(one, agreed.terms)} if agreed else None,
        "open": {
            "seq": asked.seq, "by": asked.by, "what": asked.what, "reason": asked.reason,
            **(_terms(one, asked.terms) if asked.terms else {"lines": [], "total": None}),
        }
        if asked and not folded.closed
        else None,
        "lines": [line(one, row) for row in folded.terms.lines],
        "warnings": [],
    }  # fmt: skip


def _taxed(one: GuestOrder) -> bool:
    return one.order.header.price_includes_tax if one.order.header else True


def _terms(one: GuestOrder, terms: Terms) -> Json:
    return {
        "lines": [line(one, row) for row in terms.lines],
        "total": money_text(terms.total(price_includes_tax=_taxed(one))),
    }


def line(one: GuestOrder, row: Line) -> Json:
    done = one.moved.get(row.line, Ledger())
    dates = {key: getattr(row, key) for key in ("requested_date", "promised_date", "first_promised")}
    return {
        "line": row.line,
        "item": None,
        "partner_item": row.item,
        "name": row.name,
        "spec": row.spec,
        "quantity": number(row.quantity),
        "unit": row.unit,
        "unit_price": number(row.unit_price),
        "tax_rate": number(row.tax_rate),
        "amount": money_text(row.amount),
        **{key: value.isoformat() if value else None for key, value in dates.items()},
        "note": row.note,
        "split_of": row.split_of,
        "mapped": True,
        "own_quantity": None,
        "own_unit": None,
        "despatched": number(done.despatched),
        "received": number(done.received),
        "accepted": number(done.accepted),
        "rejected": number(done.rejected),
        "short": number(done.short),
        "returned": number(done.returned),
    }


def delivery(chain: Any, one: Delivery) -> Json:
    """The ASN as its sender reads it; what came in stands at the first line of an order line."""
    came: dict[tuple[str, int], Json] = {}
    for receipt in one.live:
        for row in receipt.lines:
            known = came.setdefault((row.order, row.line), dict.fromkeys(FIGURES, ZERO))
            for key in FIGURES:
                known[key] += getattr(row, key)
            known["reason"] = row.reason
    lines = []
    for asn in one.lines:
        got = came.pop((asn.order, asn.line), dict.fromkeys(FIGURES, ZERO))
        lines.append(
            {
                "order": asn.order, "line": asn.line, "quantity": number(asn.quantity), "unit": asn.unit,
                "lot": asn.lot, "package": asn.package, **{key: number(got[key]) for key in FIGURES},
                "accepted": number(got["received"] - got["rejected"]), "reason": got.get("reason", ""),
            }
        )  # fmt: skip
    return {
        "id": str(chain),
        "number": str(one.header.get("number", "")),
        "state": one.state,
        "version": one.seq,
        "lines": lines,
        "packages": [{"no": row.no, "sscc": row.sscc or None, "code": row.code} for row in one.packages],
    }
