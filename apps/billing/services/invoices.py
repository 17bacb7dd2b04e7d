"""Invoices: drafted, recomputed, finalised with number and ledger in one transaction, voided, written off."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain import ledger as entries
from apps.billing.domain import numbering, payments
from apps.billing.domain.calendar import Period, finalise_not_before, local_day
from apps.billing.domain.money import ZERO, total
from apps.billing.domain.states import INVOICE, may_move
from apps.billing.domain.usage import IngestSettings
from apps.billing.models import (
    BillingAccount,
    Invoice,
    InvoiceLine,
    InvoiceShare,
    Subscription,
    SubscriptionChange,
    TaxTotal,
    UsagePeriod,
)
from apps.billing.selectors.catalogue import PriceBook, price_book
from apps.billing.services import audit, balance, ledger, usage_rows
from apps.billing.services.drafting import Composition, compose, write_lines
from kernel.errors import DomainError, NotFound
from tenants.rights import Member

GRACE_HOURS = IngestSettings().grace_hours


class InvoiceState(DomainError):
    """The invoice is in a state that does not allow this."""

    code = "invoice_state"


class TooEarly(DomainError):
    """Late usage may still arrive; the draft waits."""

    code = "grace_not_over"


def make_draft(
    *,
    subscription: Subscription,
    reason: str,
    period: Period,
    at: datetime,
    usage: Period | None = None,
    change: SubscriptionChange | None = None,
) -> Invoice:
    """The one draft of (subscription, reason, period start) or of `change`; the known one when it is there (R-RUN).

    With `usage` it waits for the grace after the end of that period (R-GRACE), else it is due at once.
    """
    identity = {"change": change} if change else {"period_start": period.start}
    invoice, _fresh = Invoice.objects.of(subscription.tenant_id).get_or_create(
        subscription=subscription,
        reason=reason,
        **identity,
        defaults={
            "tenant_id": subscription.tenant_id,
            "period_start": period.start,
            "period_end": period.end,
            "usage_start": usage.start if usage else None,
            "usage_end": usage.end if usage else None,
            "finalise_after": finalise_not_before(usage.end, GRACE_HOURS) if usage else at,
            "created_at": at,
        },
    )
    return invoice


def recompute(*, invoice: Invoice, book: PriceBook, at: datetime) -> Composition:
    """Build a draft again as a whole: lines replaced, figures written. Call with the subscription locked."""
    account = BillingAccount.objects.of(invoice.tenant_id).get()
    return _write(invoice, compose(invoice, book, on=local_day(at), balance=account.balance))


def refresh(*, invoice: Invoice, book: PriceBook, at: datetime) -> bool:
    """Build a waiting draft again where its lines or the balance moved; was it written? Call as `recompute`."""
    account = BillingAccount.objects.of(invoice.tenant_id).get()
    composition = compose(invoice, book, on=local_day(at), balance=account.balance)
    written = InvoiceLine.objects.of(invoice.tenant_id).filter(invoice=invoice).order_by("position")
    before = [(line.kind, line.item, line.amount) for line in written]
    quantities = [line.quantity for line in written][: len(composition.sources)]
    figures = composition.figures
    if (
        before == [(line.kind, line.item or "", line.amount) for line in figures.lines]
        and quantities == [source.quantity for source in composition.sources]
        and invoice.balance_applied == figures.balance_applied
    ):
        return False
    _write(invoice, composition)
    return True


def _write(invoice: Invoice, composition: Composition) -> Composition:
    figures = composition.figures
    for name in (
        "subtotal", "true_up", "discount", "promo", "list_total", "concession", "total", "net", "tax",
        "balance_applied", "wallet_applied", "balance_credit",
    ):  # fmt: skip
        setattr(invoice, name, getattr(figures, name))
    invoice.save()
    rows = write_lines(invoice, composition)
    composition.rows.extend(rows)
    return composition


@transaction.atomic
def finalise(*, invoice_id: int, at: datetime, actor: Member | None = None, early: bool = False) -> Invoice | None:
    """Give the draft its number: lines, shares, ledger and number in one transaction. None = nothing to bill (R-ZERO).

    A finalised invoice is answered as it is. Raises TooEarly before the grace is over (unless `early`), InvoiceState.
    """
    invoice = lock(invoice_id)
    if invoice.is_final:
        return invoice
    if not early and invoice.finalise_after and at < invoice.finalise_after:
        raise TooEarly(_("本期用量还可能补报，账单要等到宽限期结束后才能出账。"))
    account = balance.lock_account(invoice.tenant_id)
    usage_rows.wait_for_events(invoice.tenant_id)
    composition = compose(invoice, price_book(), on=local_day(at), balance=account.balance)
    if not composition.figures.created:
        _remember_usage(invoice, composition, at)
        _delete_draft(invoice)
        return None
    _write(invoice, composition)
    _take(composition)
    _remember_usage(invoice, composition, at)
    _write_parts(invoice, composition)
    _move_balance(invoice, account, at)
    _post_issue(invoice, composition, at)
    _number(invoice, account, at)
    audit.record(
        at=at, tenant_id=invoice.tenant_id, actor=actor, action="invoice.finalised", object=f"invoice:{invoice.pk}",
        label=str(invoice), changes={"total": [None, f"{invoice.total:.2f}"]},
    )  # fmt: skip
    return invoice


def lock(invoice_id: int) -> Invoice:
    """The invoice with its subscription, both locked, the subscription first. Raises NotFound."""
    found = Invoice.objects.across_tenants().filter(pk=invoice_id).values_list("subscription_id", flat=True).first()
    if found is None:
        raise NotFound(_("找不到这张账单。"))
    Subscription.objects.across_tenants().select_for_update().get(pk=found)
    invoice = (
        Invoice.objects.across_tenants()
        .select_for_update(of=("self",))
        .select_related("subscription", "change")
        .filter(pk=invoice_id)
        .first()
    )
    if invoice is None:  # deleted while we waited
        raise NotFound(_("找不到这张账单。"))
    return invoice


def _take(composition: Composition) -> None:
    """Each waiting line is taken once, by the line of the invoice that bills it."""
    for source, row in zip(composition.sources, composition.rows, strict=False):
        if source.pending is not None:
            source.pending.taken_by = row
            source.pending.save(update_fields=["taken_by"])


def _remember_usage(invoice: Invoice, composition: Composition, at: datetime) -> None:
    """What was billed of each meter, so that a late event bills the difference only (R-LATE)."""
    for bill in composition.usage:
        UsagePeriod.objects.of(invoice.tenant_id).update_or_create(
            subscription_id=invoice.subscription_id,
            meter_id=bill.meter,
            period_start=bill.period.start,
            defaults={
                "tenant_id": invoice.tenant_id,
                "price": bill.price,
                "period_end": bill.period.end,
                "quantity": bill.total_quantity,
                "charged": bill.amount + (bill.known.charged if bill.known else 0),
                "waived": bill.waived + (bill.known.waived if bill.known else 0),
                "finalised_at": at,
                "dirty": False,
            },
        )


def _write_parts(invoice: Invoice, composition: Composition) -> None:
    TaxTotal.objects.of(invoice.tenant_id).filter(invoice=invoice).delete()
    InvoiceShare.objects.of(invoice.tenant_id).filter(invoice=invoice).delete()
    figures = composition.figures
    TaxTotal.objects.bulk_create(
        TaxTotal(
            tenant_id=invoice.tenant_id, invoice=invoice, rate=split.rate, gross=split.gross, net=split.net,
            tax=split.tax,
        )
        for split in figures.taxes
    )  # fmt: skip
    applied = figures.balance_applied + figures.wallet_applied
    shares = [("enterprise", figures.shares.enterprise, applied)]
    shares += [
        (payer, amount, ZERO)
        for payer, amount in (("provider", figures.shares.provider), ("government", figures.shares.government))
        if amount
    ]
    InvoiceShare.objects.bulk_create(
        InvoiceShare(tenant_id=invoice.tenant_id, invoice=invoice, payer=payer, amount=amount, settled=settled)
        for payer, amount, settled in shares
    )


def _move_balance(invoice: Invoice, account: BillingAccount, at: datetime) -> None:
    source = f"invoice:{invoice.pk}"
    balance.move(account, amount=-invoice.balance_applied, kind="applied", source=f"{source}:applied", at=at)
    balance.move(account, amount=invoice.balance_credit, kind="credit_carried", source=f"{source}:carried", at=at)


def _post_issue(invoice: Invoice, composition: Composition, at: datetime) -> None:
    """Billed gross against revenue and VAT; what a credit_carried line closes is taken back in an entry of its own."""
    shares = composition.figures.shares
    carried = [line for line in composition.figures.lines if line.kind == "credit_carried"]
    ledger.post(
        tenant_id=invoice.tenant_id, kind="issue", source=f"invoice:{invoice.pk}:issue", at=at,
        entry=entries.issue(
            enterprise=shares.enterprise, government=shares.government, net=invoice.net, tax=invoice.tax
        ),
    )  # fmt: skip
    ledger.post(
        tenant_id=invoice.tenant_id, kind="credit_carried", source=f"invoice:{invoice.pk}:carried", at=at,
        entry=entries.credit(net=total(line.net for line in carried), tax=total(line.tax for line in carried)),
    )  # fmt: skip


def _number(invoice: Invoice, account: BillingAccount, at: datetime) -> None:
    """State, dates, buyer and, as the last lock before commit, the number (R-NUMBER)."""
    today = local_day(at)
    invoice.issued_on = today
    invoice.due_on = numbering.due_on(today, account.terms_days)
    invoice.finalised_at = at
    invoice.buyer = buyer_of(account)
    remaining = invoice.total - invoice.balance_applied - invoice.wallet_applied
    invoice.state = payments.invoice_state(invoice.total, remaining, invoice.paid)
    invoice.number = ledger.next_number("INV", at)
    invoice.version += 1
    invoice.save()


def buyer_of(account: BillingAccount) -> dict[str, str]:
    """The buyer's details as they stand on the invoice from now on."""
    names = ("legal_name", "tax_id", "bank_name", "bank_account", "address", "phone")
    return {name: getattr(account, name) for name in names}


def _delete_draft(invoice: Invoice) -> None:
    InvoiceLine.objects.of(invoice.tenant_id).filter(invoice=invoice).delete()
    invoice.delete()


@transaction.atomic
def delete_draft(*, invoice_id: int, at: datetime, actor: Member | None = None) -> None:
    """Throw a draft away; its lines wait for the next invoice. Raises InvoiceState for a finalised one."""
    invoice = lock(invoice_id)
    if not may_move(INVOICE, invoice.state, "deleted"):
        raise InvoiceState(_("只有草稿可以删除。"))
    audit.record(
        at=at, tenant_id=invoice.tenant_id, actor=actor, action="invoice.draft_deleted",
        object=f"invoice:{invoice.pk}", label=str(invoice),
    )  # fmt: skip
    _delete_draft(invoice)


@transaction.atomic
def void(*, invoice_id: int, reason: str, at: datetime, actor: Member | None = None) -> Invoice:
    """作废: an open invoice of which nothing is paid or credited; it keeps its number. Raises InvoiceState."""
    invoice = lock(invoice_id)
    refused = payments.refuse_void(
        invoice.state,  # type: ignore[arg-type]  # the column holds the names of the literal
        allocated=invoice.paid + invoice.balance_applied + invoice.wallet_applied,
        credited=invoice.credited,
    )
    if refused:
        raise InvoiceState(_("只有完全未付、未冲减的账单可以作废。"), refused)
    government = total(share.amount for share in invoice.shares.all() if share.payer == "government")
    ledger.post(
        tenant_id=invoice.tenant_id, kind="void", source=f"invoice:{invoice.pk}:void", at=at,
        entry=entries.void(
            enterprise=invoice.total - government, government=government, net=invoice.net, tax=invoice.tax
        ),
    )  # fmt: skip
    _move_state(invoice, Invoice.State.VOID, at, actor, reason, "invoice.voided")
    return invoice


@transaction.atomic
def write_off(*, invoice_id: int, reason: str, at: datetime, actor: Member | None = None) -> Invoice:
    """核销: what is left of every share is given up as a bad debt. Raises InvoiceState."""
    invoice = lock(invoice_id)
    if not may_move(INVOICE, invoice.state, "uncollectible"):
        raise InvoiceState(_("只有未付清的账单可以核销。"))
    for share in invoice.shares.all().order_by("id"):
        left = share.amount - share.settled if share.payer != "provider" else ZERO
        if left:
            payer: entries.Payer = "government" if share.payer == "government" else "enterprise"
            ledger.post(
                tenant_id=invoice.tenant_id, kind="write_off", at=at,
                source=f"invoice:{invoice.pk}:write_off:{share.payer}",
                entry=entries.write_off(amount=left, payer=payer),
            )  # fmt: skip
            share.settled = share.amount
            share.save(update_fields=["settled"])
            invoice.written_off += left
    _move_state(invoice, Invoice.State.UNCOLLECTIBLE, at, actor, reason, "invoice.uncollectible")
    return invoice


def _move_state(invoice: Invoice, state: str, at: datetime, actor: Member | None, reason: str, action: str) -> None:
    before, invoice.state = invoice.state, state
    invoice.version += 1
    invoice.save(update_fields=["state", "written_off", "version"])
    audit.record(
        at=at, tenant_id=invoice.tenant_id, actor=actor, action=action, object=f"invoice:{invoice.pk}",
        label=str(invoice), changes={"state": [before, state]}, reason=reason,
    )  # fmt: skip
