"""Composition of an invoice in the order of R-ORDER. Preview and charge call `build_invoice` alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from apps.billing.domain import discounts, rating, wallet
from apps.billing.domain.discounts import Coupon, Subsidy
from apps.billing.domain.money import ZERO, round_half_up, total
from apps.billing.domain.tax import LineTax, TaxSplit, split_lines
from apps.billing.domain.wallet import Drawn, Grant

LineKind = Literal[
    "fixed",
    "usage",
    "late_usage",
    "proration_charge",
    "proration_credit",
    "minimum_true_up",
    "credit_carried",
]

_TURN: dict[LineKind, int] = {
    "fixed": 0,
    "proration_charge": 1,
    "proration_credit": 1,
    "usage": 2,
    "late_usage": 3,
    "minimum_true_up": 4,
    "credit_carried": 5,
}
GENERAL_RATE = Decimal("0.06")  # 信息技术服务, general taxpayer; the dated row in force wins


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A line before discounts and tax: CNY with sign; `tax_rate` None = the invoice's."""

    kind: LineKind
    amount: Decimal
    item: str | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True)
class Minimum:
    """R-MINIMUM: CNY per period and the part of it (days, period days) that is billed."""

    amount: Decimal
    fraction: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class InvoiceDraft:
    """Everything an invoice is made of. `on` is the local date of finalise; None = nothing can expire."""

    lines: tuple[DraftLine, ...]
    tax_rate: Decimal = GENERAL_RATE
    tax_inclusive: bool = True
    on: date | None = None
    minimum: Minimum | None = None
    coupons: tuple[Coupon, ...] = ()
    grants: tuple[Grant, ...] = ()
    customer_balance: Decimal = ZERO
    subsidy: Subsidy | None = None


@dataclass(frozen=True, kw_only=True)
class BuiltLine:
    """A line of the invoice: `discount` = coupons + promotional credit + concession; CNY."""

    kind: LineKind
    item: str | None
    amount: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    tax_rate: Decimal


@dataclass(frozen=True)
class Shares:
    """R-SPLIT: who pays what, CNY; with inclusive prices the three sum to the list total."""

    enterprise: Decimal
    provider: Decimal
    government: Decimal


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """The figures of an invoice, CNY. `lines` are the draft's, then the true-up, then credit_carried."""

    lines: tuple[BuiltLine, ...]
    subtotal: Decimal
    effective_minimum: Decimal
    true_up: Decimal
    discount: Decimal
    next_invoice_discount: Decimal
    carried: Decimal
    coupons_after: tuple[Coupon | None, ...]
    promo: Decimal
    list_total: Decimal
    shares: Shares
    total: Decimal
    taxes: tuple[TaxSplit, ...]
    balance_applied: Decimal
    wallet_applied: Decimal
    amount_due: Decimal
    balance_credit: Decimal
    voucher_after: Decimal | None
    applied: tuple[Drawn, ...]
    expired: tuple[Drawn, ...]
    remaining: dict[str, Decimal]

    @property
    def created(self) -> bool:
        """R-ZERO: no line above or below 0.00, no invoice and no number."""
        return any(line.amount for line in self.lines)

    @property
    def concession(self) -> Decimal:
        """What the provider lets go: list total - total."""
        return self.shares.provider

    @property
    def net(self) -> Decimal:
        """Sum over the rates, CNY without VAT."""
        return total(split.net for split in self.taxes)

    @property
    def tax(self) -> Decimal:
        """Sum over the rates, VAT in CNY."""
        return total(split.tax for split in self.taxes)

    @property
    def state(self) -> Literal["open", "paid"] | None:
        """Paid at once when no share remains; None when there is no invoice."""
        if not self.created:
            return None
        return "open" if self.amount_due or self.shares.government else "paid"


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """R-ROUND: quantity x unit price, CNY, rounded once."""
    return round_half_up(Fraction(quantity) * Fraction(unit_price))


def in_line_order(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """Items, pending lines, usage, late usage; each group keeps its order, lines of 0.00 are not made.

    The order decides the ties of R-ALLOC, so preview and charge must both call this.
    """
    return tuple(sorted((line for line in lines if line.amount), key=lambda line: _TURN[line.kind]))


def build_invoice(draft: InvoiceDraft) -> Invoice:
    """R-ORDER: lines, true-up, coupons, promo, concession, tax, government, balance, wallet, due.

    Never below zero (R-NO-NEGATIVE): a `credit_carried` line closes it at 0.00 and the rest is balance.
    """
    lines, minimum = _with_true_up(draft)
    pot = _Pot(lines)
    coupon_results = pot.apply_coupons(draft.coupons)
    promo = wallet.draw(draft.grants, "promo", max(ZERO, pot.left_total), draft.on)
    pot.take(discounts.spread(_sum(promo), pot.left))
    list_total = pot.left_total
    carried_line = pot.close_at_zero()
    payers = discounts.split_payers(draft.subsidy or Subsidy(), pot.items, pot.left, draft.on)
    pot.take(payers.provider_shares)
    rates = [line.tax_rate if line.tax_rate is not None else draft.tax_rate for line in pot.lines]
    taxes, line_taxes = split_lines(pot.left, rates, inclusive=draft.tax_inclusive)
    gross = total(split.gross for split in taxes)
    enterprise = gross - payers.government
    balance = max(ZERO, min(draft.customer_balance, enterprise))
    paid = wallet.draw(draft.grants, "paid", enterprise - balance, draft.on)
    lost = wallet.expired(draft.grants, draft.on)
    return Invoice(
        lines=pot.built(rates, line_taxes),
        subtotal=total(line.amount for line in draft.lines),
        effective_minimum=minimum,
        true_up=total(line.amount for line in lines[len(draft.lines) :]),
        discount=total(result.amount for result in coupon_results),
        next_invoice_discount=_next_discount(lines, coupon_results),
        carried=total(result.carried for result in coupon_results),
        coupons_after=tuple(result.after for result in coupon_results),
        promo=_sum(promo),
        list_total=max(ZERO, list_total),
        shares=Shares(enterprise, payers.provider, payers.government),
        total=gross,
        taxes=taxes,
        balance_applied=balance,
        wallet_applied=_sum(paid),
        amount_due=enterprise - balance - _sum(paid),
        balance_credit=carried_line,
        voucher_after=_voucher_after(draft.subsidy, payers.government),
        applied=(*promo, *paid),
        expired=lost,
        remaining=wallet.remainders(draft.grants, [*promo, *paid, *lost]),
    )


class _Pot:
    """The lines on their way down: what is left of each, and what has been taken off it."""

    def __init__(self, lines: Sequence[DraftLine]) -> None:
        self.lines = list(lines)
        self.left = [line.amount for line in lines]

    @property
    def items(self) -> list[str | None]:
        return [line.item for line in self.lines]

    @property
    def left_total(self) -> Decimal:
        return total(self.left)

    def take(self, shares: Sequence[Decimal]) -> None:
        self.left = [left - share for left, share in zip(self.left, shares, strict=True)]

    def apply_coupons(self, coupons: Sequence[Coupon]) -> list[discounts.Discount]:
        """R-COUPON: in order, each on what the former left."""
        results = []
        for coupon in coupons:
            results.append(discounts.apply_coupon(coupon, self.items, self.left))
            self.take(results[-1].shares)
        return results

    def close_at_zero(self) -> Decimal:
        """R-NO-NEGATIVE: what is below zero becomes a line that closes the invoice; answers its amount."""
        if self.left_total >= 0:
            return ZERO
        missing = -self.left_total
        self.lines.append(DraftLine(kind="credit_carried", amount=missing))
        self.left.append(missing)
        return missing

    def built(self, rates: Sequence[Decimal], taxes: Sequence[LineTax]) -> tuple[BuiltLine, ...]:
        return tuple(
            BuiltLine(
                kind=line.kind,
                item=line.item,
                amount=line.amount,
                discount=line.amount - left,
                net=tax.net,
                tax=tax.tax,
                tax_rate=rate,
            )
            for line, left, rate, tax in zip(self.lines, self.left, rates, taxes, strict=True)
        )


def _with_true_up(draft: InvoiceDraft) -> tuple[list[DraftLine], Decimal]:
    """R-MINIMUM: only usage lines of this period count towards the minimum."""
    if draft.minimum is None:
        return list(draft.lines), ZERO
    minimum = rating.effective_minimum(draft.minimum.amount, draft.minimum.fraction)
    used = total(line.amount for line in draft.lines if line.kind == "usage")
    missing = rating.true_up(minimum, used)
    added = [DraftLine(kind="minimum_true_up", amount=missing)] if missing else []
    return [*draft.lines, *added], minimum


def _next_discount(lines: Sequence[DraftLine], used: Sequence[discounts.Discount]) -> Decimal:
    """R-COUPON: what the coupons would take off an equal next invoice."""
    results = _Pot(lines).apply_coupons([result.after for result in used if result.after is not None])
    return total(result.amount for result in results)


def _voucher_after(subsidy: Subsidy | None, government: Decimal) -> Decimal | None:
    if subsidy is None or subsidy.voucher is None:
        return None
    return subsidy.voucher.remaining - government


def _sum(drawn: Sequence[Drawn]) -> Decimal:
    return total(entry.amount for entry in drawn)
