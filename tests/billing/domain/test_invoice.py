"""Composition of invoices: I1, I2, R-ORDER, R-COUPON, R-SPLIT, R-NO-NEGATIVE, R-ZERO."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given

from apps.billing.domain.discounts import Coupon, Subsidy, Voucher
from apps.billing.domain.invoice import DraftLine, InvoiceDraft, LineKind, build_invoice, in_line_order, line_amount
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.wallet import Grant
from tests.billing.domain.strategies import drafts


def yuan(*amounts: str, **options) -> InvoiceDraft:
    lines = tuple(DraftLine(kind="fixed", amount=Decimal(amount)) for amount in amounts)
    return InvoiceDraft(lines=lines, on=date(2026, 3, 4), **options)


@given(drafts)
def test_i1_every_figure_follows_from_the_lines(draft):
    built = build_invoice(draft)

    lines = total(line.amount for line in built.lines)
    assert built.subtotal + built.true_up + built.balance_credit == lines
    assert lines - built.discount - built.promo == built.list_total
    assert built.list_total == total(vars(built.shares).values())
    assert built.list_total - built.concession == built.total
    assert built.net + built.tax == built.total
    assert total(split.gross for split in built.taxes) == built.total


@given(drafts)
def test_i1_lines_sum_to_the_invoice(draft):
    built = build_invoice(draft)

    for line in built.lines:
        assert line.net + line.tax == line.amount - line.discount
    assert total(line.net for line in built.lines) == built.net
    assert total(line.tax for line in built.lines) == built.tax
    assert total(line.discount for line in built.lines) == built.discount + built.promo + built.concession


@given(drafts)
def test_i2_nothing_is_negative(draft):
    built = build_invoice(draft)

    assert built.total >= 0
    assert min(vars(built.shares).values()) >= 0
    assert min(built.amount_due, built.balance_applied, built.wallet_applied, built.balance_credit) >= 0
    assert built.amount_due + built.balance_applied + built.wallet_applied == built.shares.enterprise
    assert all(left >= 0 for left in built.remaining.values())


@given(drafts)
def test_r_tax_excl_adds_tax_to_the_list_total(draft):
    built = build_invoice(replace(draft, tax_inclusive=False))

    assert built.net == built.list_total - built.concession
    assert built.total == built.net + built.tax
    assert total(line.tax for line in built.lines) == built.tax


@given(drafts)
def test_preview_and_charge_are_one_function(draft):
    assert build_invoice(draft) == build_invoice(draft)


def test_r_zero_no_lines_no_invoice():
    nothing = build_invoice(yuan())
    free = build_invoice(yuan("0.00"))

    assert (nothing.created, nothing.state) == (False, None)
    assert (free.created, free.state) == (False, None)


def test_r_no_negative_the_rest_becomes_balance():
    built = build_invoice(yuan("99.00", "-150.00"))

    assert built.lines[-1].kind == "credit_carried"
    assert (built.total, built.balance_credit, built.state) == (ZERO, Decimal("51.00"), "paid")
    # 51.00 / 1.06 = 48.1132: what the ledger takes back from revenue and VAT
    assert (built.lines[-1].net, built.lines[-1].tax) == (Decimal("48.11"), Decimal("2.89"))


def test_r_coupon_each_applies_to_what_the_former_left_of_its_items():
    lines = (
        DraftLine(kind="fixed", amount=Decimal("99.00"), item="finance"),
        DraftLine(kind="fixed", amount=Decimal("129.00"), item="inventory"),
    )
    half = Coupon(duration="once", percent=Decimal(50), items=frozenset({"finance"}))
    tenth = Coupon(duration="forever", percent=Decimal(10))

    built = build_invoice(InvoiceDraft(lines=lines, coupons=(half, tenth)))

    # 49.50, then 10 % of 178.50 = 17.85; next time only 10 % of 228.00
    assert built.discount == Decimal("67.35")
    assert [line.discount for line in built.lines] == [Decimal("54.45"), Decimal("12.90")]
    assert built.next_invoice_discount == Decimal("22.80")


def test_r_coupon_a_carried_amount_waits_for_the_next_invoice():
    coupon = Coupon(duration="once", amount=Decimal("150.00"), carry=True)

    built = build_invoice(yuan("99.00", coupons=(coupon,)))

    assert (built.discount, built.carried, built.total) == (Decimal("99.00"), Decimal("51.00"), ZERO)
    assert (built.next_invoice_discount, built.state) == (Decimal("51.00"), "paid")
    assert built.coupons_after == (replace(coupon, amount=Decimal("51.00")),)


def test_r_coupon_repeating_ends_with_its_last_month():
    coupon = Coupon(duration="repeating", percent=Decimal(20), months_left=1)

    last = build_invoice(yuan("100.00", coupons=(coupon,)))
    over = build_invoice(yuan("100.00", coupons=(replace(coupon, months_left=0),)))

    assert (last.discount, last.next_invoice_discount, last.coupons_after) == (Decimal("20.00"), ZERO, (None,))
    assert over.discount == ZERO


def test_r_wallet_order_soonest_expiry_then_oldest_and_dead_ones_are_lost():
    def grant(name: str, expires: date | None, created: int) -> Grant:
        return Grant(
            id=name,
            kind="promo",
            remaining=Decimal("10.00"),
            expires_on=expires,
            created_on=date(2026, 1, created),
        )

    grants = (
        grant("endless", None, 1),
        grant("young", date(2026, 3, 4), 9),
        grant("old", date(2026, 3, 4), 2),
        grant("dead", date(2026, 3, 3), 1),
    )

    built = build_invoice(yuan("25.00", grants=grants))

    assert [(drawn.grant, drawn.amount) for drawn in built.applied] == [
        ("old", Decimal("10.00")),
        ("young", Decimal("10.00")),
        ("endless", Decimal("5.00")),
    ]
    assert [drawn.grant for drawn in built.expired] == ["dead"]
    assert built.remaining == {"endless": Decimal("5.00"), "young": ZERO, "old": ZERO, "dead": ZERO}


def test_r_split_stops_at_cap_and_voucher_and_a_dead_voucher_pays_nothing():
    def split(**limits) -> Decimal:
        subsidy = Subsidy(provider_percent=Decimal(30), government_percent=Decimal(40), **limits)
        return build_invoice(yuan("387.00", subsidy=subsidy)).shares.government

    assert split() == Decimal("154.80")
    assert split(government_cap=Decimal("100.00")) == Decimal("100.00")
    assert split(voucher=Voucher(remaining=Decimal("50.00"), expires_on=date(2026, 3, 4))) == Decimal("50.00")
    assert split(voucher=Voucher(remaining=Decimal("50.00"), expires_on=date(2026, 3, 3))) == ZERO


def test_an_invoice_with_an_open_government_share_is_not_paid():
    built = build_invoice(yuan("100.00", subsidy=Subsidy(government_percent=Decimal(100))))

    assert (built.amount_due, built.shares.government, built.state) == (ZERO, Decimal("100.00"), "open")


def test_lines_stand_in_their_order_and_zero_makes_none():
    kinds: list[LineKind] = ["late_usage", "usage", "proration_credit", "fixed"]
    lines = [DraftLine(kind=kind, amount=Decimal("1.00")) for kind in kinds]

    ordered = in_line_order([*lines, DraftLine(kind="fixed", amount=ZERO)])

    assert [line.kind for line in ordered] == ["fixed", "proration_credit", "usage", "late_usage"]


def test_r_round_a_line_is_rounded_once():
    assert line_amount(Decimal(3), Decimal("0.333333")) == Decimal("1.00")
    assert line_amount(Decimal(5), Decimal("0.001")) == Decimal("0.01")
    assert Fraction(line_amount(Decimal(1), Decimal("0.0049"))) == 0
