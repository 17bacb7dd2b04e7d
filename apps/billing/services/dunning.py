"""From due to closed by whole local days, and back in one step when everything overdue is paid (R-DUNNING)."""

from datetime import date, datetime

from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain import dunning as ladder_rules
from apps.billing.domain.access import SubscriptionState, after_settling
from apps.billing.domain.calendar import local_day
from apps.billing.domain.dunning import PaidAt, Receivable
from apps.billing.models import BillingAccount, DunningStep, InvoiceShare, Subscription
from apps.billing.selectors.catalogue import price_book
from apps.billing.selectors.dunning import LADDER, pause_of
from apps.billing.selectors.periods import living_items
from apps.billing.services import audit, invoices, periods
from apps.billing.services.access import write_access
from apps.billing.services.after import after_commit
from apps.billing.services.ahead import check_ahead
from kernel.errors import Invalid, NotFound
from tenants.models import Membership
from tenants.rights import Member

RUNGS = (
    SubscriptionState.ACTIVE,
    SubscriptionState.PAST_DUE,
    SubscriptionState.READ_ONLY,
    SubscriptionState.SUSPENDED,
    SubscriptionState.CLOSED,
)


def receivables(tenant_id: int) -> list[tuple[InvoiceShare, Receivable]]:
    """Open enterprise shares, oldest due first; money a government owes never duns the company."""
    shares = (
        InvoiceShare.objects.of(tenant_id)
        .filter(payer="enterprise", invoice__state__in=("open", "partially_paid"))
        .select_related("invoice")
        .prefetch_related("allocations__payment")
        .order_by("invoice__due_on", "invoice_id")
    )
    return [(share, _receivable(share)) for share in shares if share.settled < share.amount]


def _receivable(share: InvoiceShare) -> Receivable:
    invoice = share.invoice
    issued_on, due_on = invoice.issued_on, invoice.due_on
    if issued_on is None or due_on is None:
        raise ValueError(f"invoice {invoice.pk} is not issued")
    paid = [PaidAt(row.payment.received_at, row.amount) for row in share.allocations.all()]
    owed = share.amount - invoice.balance_applied - invoice.wallet_applied - invoice.credited_to_share
    return Receivable(
        number=str(invoice),
        issued_on=issued_on,
        terms_days=(due_on - issued_on).days,
        amount=owed - invoice.written_off,
        payments=tuple(sorted(paid, key=lambda payment: payment.at)),
    )


def climb(*, subscription: Subscription, at: datetime) -> int:
    """Move the locked subscription down the ladder as far as its oldest unpaid share has come; rungs taken."""
    if subscription.state not in RUNGS or subscription.state == SubscriptionState.CLOSED:
        return 0
    open_shares = receivables(subscription.tenant_id)
    if not open_shares:
        return settle(subscription=subscription, at=at)
    plan = ladder_rules.schedule(open_shares[0][1].due, LADDER, pause_of(subscription))
    target = ladder_rules.state_on(plan, local_day(at))
    if target is SubscriptionState.ACTIVE:
        return settle(subscription=subscription, at=at)
    here, there = RUNGS.index(SubscriptionState(subscription.state)), RUNGS.index(target)
    for rung in RUNGS[here + 1 : there + 1]:
        _move(subscription, rung, at, None)
        _step(open_shares[0][0], rung.value, local_day(at), at)
    return max(0, there - here)


def settle(*, subscription: Subscription, at: datetime, actor: Member | None = None) -> int:
    """Nothing overdue is open any more: any late state is active again in one step; 1 when it moved."""
    state = SubscriptionState(subscription.state)
    if after_settling(state) is state:
        return 0
    today = local_day(at)
    if any(receivable.due < today for _share, receivable in receivables(subscription.tenant_id)):
        return 0
    _move(subscription, after_settling(state), at, actor)
    return 1


def _move(subscription: Subscription, state: SubscriptionState, at: datetime, actor: Member | None) -> None:
    before, subscription.state = subscription.state, state.value
    if state is SubscriptionState.CLOSED:
        subscription.closed_on = local_day(at)
        for row in living_items(subscription):
            periods.close_item(row, local_day(at))
        _settle_up(subscription, at)
    subscription.version += 1
    subscription.save()
    audit.record(
        at=at, tenant_id=subscription.tenant_id, actor=actor, action="subscription.state",
        object=f"subscription:{subscription.pk}", label=state.value, changes={"state": [before, state.value]},
    )  # fmt: skip
    write_access(subscription=subscription, at=at, actor=actor)


def _settle_up(subscription: Subscription, at: datetime) -> None:
    draft = periods.final_draft(subscription, day=local_day(at), at=at)
    if draft is not None:
        invoices.recompute(invoice=draft, book=price_book(), at=at)


def _step(share: InvoiceShare, kind: str, day: date, at: datetime) -> bool:
    row = {"invoice_id": share.invoice_id, "kind": kind, "on": day}
    if DunningStep.objects.of(share.tenant_id).filter(**row).exists():
        return False
    DunningStep.objects.create(tenant_id=share.tenant_id, made_at=at, **row)
    return True


def remind(*, subscription: Subscription, at: datetime) -> int:
    """Send each reminder whose 09:00 has passed and at which something was open, once; returns how many."""
    sent = 0
    for share, receivable in receivables(subscription.tenant_id):
        days = ladder_rules.reminders_sent(receivable, LADDER, at, pause_of(subscription))
        for day in days:
            if _step(share, "reminder", day, at):
                _mail(subscription.tenant_id, receivable, share)
                sent += 1
    return sent


def _mail(tenant_id: int, receivable: Receivable, share: InvoiceShare) -> None:
    subject = _("账单 %(number)s 待付款") % {"number": receivable.number}
    body = _("账单 %(number)s 还有 %(amount)s 元未付，到期日 %(due)s。转账时请在附言中写明账单编号。") % {
        "number": receivable.number,
        "amount": f"{share.amount - share.settled:.2f}",
        "due": receivable.due.isoformat(),
    }
    after_commit(send_mail, subject, body, None, billing_addresses(tenant_id))


def billing_addresses(tenant_id: int) -> list[str]:
    """Who is written to about money: the addresses of the billing account, else the owners."""
    account = BillingAccount.objects.of(tenant_id).first()
    if account is not None and account.emails:
        return list(account.emails)
    owners = Membership.objects.filter(tenant_id=tenant_id, role="owner", status="active")
    return list(owners.order_by("id").values_list("user__email", flat=True))


@transaction.atomic
def pause(*, tenant_id: int, until: date, reason: str, at: datetime, actor: Member | None) -> Subscription:
    """暂停催收 to the end of `until`, with a reason. Raises Invalid for a day in the past."""
    today = local_day(at)
    if until < today:
        raise Invalid(_("暂停截止日不能早于今天。"), fields={"until": [_("不能早于今天。")]})
    check_ahead(until, at)
    subscription = Subscription.objects.of(tenant_id).select_for_update().order_by("-id").first()
    if subscription is None:
        raise NotFound(_("这家企业还没有订阅。"), "no_subscription")
    subscription.dunning_paused_from, subscription.dunning_paused_until = today, until
    subscription.dunning_pause_reason = reason[:200]
    subscription.save(update_fields=["dunning_paused_from", "dunning_paused_until", "dunning_pause_reason"])
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="dunning.paused", object=f"subscription:{subscription.pk}",
        label=until.isoformat(), changes={"until": [None, until.isoformat()]}, reason=reason,
    )  # fmt: skip
    return subscription
