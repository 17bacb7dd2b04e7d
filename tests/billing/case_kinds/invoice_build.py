"""invoice_build: compose and finalise one invoice."""

from collections.abc import Sequence
from decimal import Decimal

from apps.billing.domain import invoice
from apps.billing.domain.calendar import local_day
from apps.billing.domain.discounts import Coupon, Subsidy, Voucher
from apps.billing.domain.invoice import DraftLine, Invoice, InvoiceDraft, Minimum
from apps.billing.domain.wallet import Drawn, Grant
from tests.billing.case_kinds._text import (
    Json,
    day,
    day_or_none,
    decimals,
    fraction,
    moment,
    money,
    moneys,
    plain,
    without_nones,
)


def run(given: Json) -> Json:
    built = invoice.build_invoice(_draft(given))
    lines = built.lines
    answer = without_nones(_figures(built)) | {
        "line_amounts": [money(line.amount) for line in lines],
        "line_discounts": [money(line.discount) for line in lines],
        "line_net": [money(line.net) for line in lines],
        "line_tax": [money(line.tax) for line in lines],
        "line_kinds": [line.kind for line in lines],
        "applied": _drawn(built.applied),
        "expired": _drawn(built.expired),
        "remaining": moneys(built.remaining),
        "taxes": [
            {"rate": plain(one.rate), "gross": money(one.gross), "net": money(one.net), "tax": money(one.tax)}
            for one in built.taxes
        ],
        "shares": moneys(vars(built.shares)),
    }
    return answer | {
        "status": built.state,
        "invoice_created": built.created,
        "number_assigned": built.created,
    }


def _figures(built: Invoice) -> Json:
    named = {
        "subtotal": built.subtotal,
        "true_up": built.true_up,
        "effective_minimum": built.effective_minimum,
        "discount": built.discount,
        "next_invoice_discount": built.next_invoice_discount,
        "carried": built.carried,
        "promo": built.promo,
        "list_total": built.list_total,
        "concession": built.concession,
        "total": built.total,
        "net": built.net,
        "tax": built.tax,
        "balance_applied": built.balance_applied,
        "wallet_applied": built.wallet_applied,
        "amount_due": built.amount_due,
        "balance_credit": built.balance_credit,
        "voucher_after": built.voucher_after,
    }
    return {name: None if amount is None else money(amount) for name, amount in named.items()}


def _draft(given: Json) -> InvoiceDraft:
    tax = given.get("tax", {"rate": "0.06", "behavior": "inclusive"})
    minimum = given.get("minimum")
    return InvoiceDraft(
        lines=tuple(_line(text) for text in given["lines"]),
        tax_rate=Decimal(tax["rate"]),
        tax_inclusive=tax["behavior"] == "inclusive",
        on=local_day(moment(given["at"])) if "at" in given else None,
        minimum=Minimum(Decimal(minimum["amount"]), fraction(minimum.get("period_fraction"))) if minimum else None,
        coupons=tuple(_coupon(text) for text in given.get("coupons", [])),
        grants=tuple(_grant(text) for text in given.get("grants", [])),
        customer_balance=Decimal(given.get("customer_balance", "0.00")),
        subsidy=_subsidy(given["subsidy"]) if "subsidy" in given else None,
    )


def _line(text: Json) -> DraftLine:
    if "amount" in text:
        amount = Decimal(text["amount"])
    else:
        amount = invoice.line_amount(Decimal(text["quantity"]), Decimal(text["unit_price"]))
    rate = Decimal(text["tax_rate"]) if "tax_rate" in text else None
    return DraftLine(kind=text.get("kind", "fixed"), amount=amount, item=text.get("item"), tax_rate=rate)


def _coupon(text: Json) -> Coupon:
    return Coupon(
        duration=text["duration"],
        percent=Decimal(text["percent"]) if "percent" in text else None,
        amount=Decimal(text["amount"]) if "amount" in text else None,
        items=_items(text.get("items")),
        carry=text.get("carry", False),
        months_left=text.get("months_left"),
    )


def _grant(text: Json) -> Grant:
    return Grant(
        id=text["id"],
        kind=text["kind"],
        remaining=Decimal(text["amount"]),
        expires_on=day_or_none(text["expires"]),
        created_on=day(text["created"]),
    )


def _subsidy(text: Json) -> Subsidy:
    voucher = text.get("voucher")
    return Subsidy(
        **decimals(text, ("provider_percent", "government_percent", "government_cap")),
        items=_items(text.get("items")),
        voucher=Voucher(remaining=Decimal(voucher["remaining"]), expires_on=day(voucher["expires_on"]))
        if voucher
        else None,
    )


def _items(texts: Sequence[str] | None) -> frozenset[str] | None:
    return None if texts is None else frozenset(texts)


def _drawn(entries: Sequence[Drawn]) -> list[list[str]]:
    return [[entry.grant, money(entry.amount)] for entry in entries]
