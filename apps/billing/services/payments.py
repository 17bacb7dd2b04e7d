"""Money that arrived: recorded once, laid on the shares it pays, the rest kept as balance; late companies set free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain import ledger as entries
from apps.billing.domain import payments as rules
from apps.billing.domain.ledger import Entry
from apps.billing.domain.money import ZERO, total
from apps.billing.models import Invoice, InvoiceShare, Payment, PaymentAllocation, Subscription
from apps.billing.services import audit, balance, dunning, ledger
from kernel.errors import DomainError, NotFound
from tenants.rights import Member

TOLERANCE = Decimal("0.00")  # a shortfall up to this is written off with the payment


class ExceedsRemaining(DomainError):
    """More is laid on a share than is left of it, or than the payment brings."""

    code = "exceeds_remaining"


@dataclass(frozen=True)
class Part:
    """`amount` (CNY) of a payment for one payer's share of an invoice; None = as much as is left."""

    invoice_id: int
    amount: Decimal | None = None
    payer: str = "enterprise"


@transaction.atomic
def record(
    *,
    tenant_id: int,
    gateway: str,
    external_id: str,
    amount: Decimal,
    parts: Sequence[Part],
    received_at: datetime,
    at: datetime,
    actor: Member | None = None,
) -> Payment:
    """Record money from a customer (CNY > 0), pay `parts`, keep the rest as balance, lift dunning when nothing is late.

    A payment already known under (gateway, external id) is answered as it is. Money for a void or paid invoice is
    balance plus an alert in the audit, never an error. Raises ExceedsRemaining, NotFound.
    """
    subscription = _lock(tenant_id)
    account = balance.lock_account(tenant_id)
    payment, fresh = Payment.objects.of(tenant_id).get_or_create(
        gateway=gateway,
        external_id=external_id,
        defaults={"tenant_id": tenant_id, "amount": amount, "received_at": received_at, "created_at": at},
    )
    if not fresh:
        return payment
    left = _lay_out(payment, parts, at, actor)
    source = f"payment:{payment.pk}"
    balance.move(account, amount=left, kind="payment", source=source, at=at)
    payment.to_balance = left
    payment.save(update_fields=["to_balance"])
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="payment.recorded", object=source, label=f"{amount:.2f}",
        changes={"gateway": [None, gateway], "to_balance": [None, f"{left:.2f}"]},
    )  # fmt: skip
    if subscription is not None:
        dunning.settle(subscription=subscription, at=at, actor=actor)
    return payment


def _lock(tenant_id: int) -> Subscription | None:
    return Subscription.objects.of(tenant_id).select_for_update().order_by("-id").first()


def _lay_out(payment: Payment, parts: Sequence[Part], at: datetime, actor: Member | None) -> Decimal:
    """Pay the parts in order; answers what is left of the payment."""
    left, rows = payment.amount, list[Entry]()
    for part in parts:
        invoice, share = _share(payment.tenant_id, part)
        settlement = _settlement(invoice, share, part, left, at, actor)
        rows.append(_pay(payment, invoice, share, settlement, at))
        left -= settlement.allocated
    rows.append(entries.payment(gateway=payment.gateway, amount=left) if left else ())
    postings = tuple(posting for entry in rows for posting in entry)
    ledger.post(tenant_id=payment.tenant_id, kind="payment", source=f"payment:{payment.pk}", entry=postings, at=at)
    return left


def _share(tenant_id: int, part: Part) -> tuple[Invoice, InvoiceShare]:
    invoice = Invoice.objects.of(tenant_id).select_for_update().filter(pk=part.invoice_id, number__isnull=False).first()
    share = InvoiceShare.objects.of(tenant_id).filter(invoice_id=part.invoice_id, payer=part.payer).first()
    if invoice is None or share is None:
        raise NotFound(_("找不到这家企业的这张账单。"))
    return invoice, share


def _settlement(
    invoice: Invoice, share: InvoiceShare, part: Part, left: Decimal, at: datetime, actor: Member | None
) -> rules.Settlement:
    remaining = ZERO if invoice.state in ("void", "uncollectible") else share.amount - share.settled
    if part.amount is not None and part.amount > min(left, remaining):
        raise ExceedsRemaining(_("分配金额超过账单未付金额或到账金额。"), extra={"remaining": f"{remaining:.2f}"})
    settlement = rules.settle(remaining, left if part.amount is None else part.amount, TOLERANCE)
    if settlement.to_balance:
        action = "alert.payment_on_void_invoice" if invoice.state == "void" else "alert.overpayment"
        audit.record(
            at=at, tenant_id=invoice.tenant_id, actor=actor, action=action, object=f"invoice:{invoice.pk}",
            label=str(invoice), changes={"to_balance": [None, f"{settlement.to_balance:.2f}"]},
        )  # fmt: skip
    return settlement


def _pay(payment: Payment, invoice: Invoice, share: InvoiceShare, settlement: rules.Settlement, at: datetime) -> Entry:
    allocated, written_off = settlement.allocated, settlement.written_off
    if not allocated:
        return ()
    PaymentAllocation.objects.create(
        tenant_id=payment.tenant_id, payment=payment, invoice=invoice, share=share, amount=allocated, made_at=at
    )
    share.settled += allocated + written_off
    share.save(update_fields=["settled"])
    invoice.paid += allocated
    invoice.written_off += written_off
    invoice.state = rules.invoice_state(invoice.total, remaining_of(invoice), invoice.paid)
    invoice.version += 1
    invoice.save(update_fields=["paid", "written_off", "state", "version"])
    payer: entries.Payer = "government" if share.payer == "government" else "enterprise"
    return entries.payment(gateway=payment.gateway, amount=allocated, written_off=written_off, payer=payer)


def remaining_of(invoice: Invoice) -> Decimal:
    """CNY still open over all payers; what the provider lets go is nobody's debt."""
    shares = InvoiceShare.objects.of(invoice.tenant_id).filter(invoice=invoice).exclude(payer="provider")
    return total(share.amount - share.settled for share in shares.order_by("id"))
