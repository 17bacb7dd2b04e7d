"""Changes of a subscription: previewed and confirmed by the same code, bound by a quote (R-QUOTE)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain import changes as arithmetic
from apps.billing.domain import proration
from apps.billing.domain.access import SubscriptionState, Target, may_change_modules, refusal_code
from apps.billing.domain.calendar import Period, local_day, period_of, start_of_day
from apps.billing.domain.changes import ChangeNotPossible, Step, SubscriptionPeriod
from apps.billing.domain.invoice import DraftLine
from apps.billing.domain.invoice import Invoice as Figures
from apps.billing.domain.money import ZERO
from apps.billing.domain.proration import ProrationLine
from apps.billing.models import BillingAccount, Invoice, Subscription, SubscriptionChange
from apps.billing.selectors.catalogue import PriceBook, price_book
from apps.billing.selectors.periods import period_around
from apps.billing.services import audit, change_state, invoices
from apps.billing.services.access import message_of, write_access
from apps.billing.services.change_state import Present, present
from apps.billing.services.drafting import Source, describe, figures_of
from apps.billing.services.subscriptions import lock_current, settle_due
from kernel.errors import DomainError, Invalid, PaymentRequired
from tenants.rights import Member

VERBS = ("add", "set_quantity", "remove_now", "remove_at_period_end", "keep", "change_interval")


class ChangeRefused(DomainError):
    """A step cannot be taken; the sentence says which."""

    code = "change_not_possible"


class QuoteChanged(DomainError):
    """Price, day or subscription moved since the preview."""

    code = "quote_changed"


class KeyReused(DomainError):
    """The idempotency key named another change."""

    code = "idempotency_conflict"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change would cost, to the fen; nothing was written."""

    quote: str
    valid_until: datetime
    lines: tuple[ProrationLine, ...]
    net: Decimal
    figures: Figures | None
    next_period: Period | None
    next_fixed_total: Decimal

    @property
    def due_now(self) -> Decimal:
        """CNY that the change invoices at once."""
        return self.figures.amount_due if self.figures else ZERO

    @property
    def on_next_invoice(self) -> Decimal:
        """CNY with sign that waits for the next invoice."""
        return ZERO if proration.settles_now(self.net) else self.net


@dataclass(frozen=True)
class _Planned:
    steps: tuple[Step, ...]
    before: Present
    after: SubscriptionPeriod
    lines: tuple[ProrationLine, ...]
    quote: str


def parse_steps(raw: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps from checked input."""
    return tuple(
        Step(do=step["do"], item=step.get("item"), quantity=step.get("quantity"), to=step.get("to")) for step in raw
    )


@transaction.atomic
def preview(*, tenant_id: int, steps: Sequence[Step], at: datetime) -> Preview:
    """Price a change as of now; looking changes nothing. Raises ChangeRefused."""
    sid = transaction.savepoint()
    try:
        subscription, book = lock_current(tenant_id), price_book()
        settle_due(subscription, book, at)  # as confirming would: a boundary that is due comes first
        planned = _plan(subscription, book, steps, at)
        account = BillingAccount.objects.of(tenant_id).get()
        return _preview(planned, book, account.balance, at)
    finally:
        transaction.savepoint_rollback(sid)


@transaction.atomic
def change(
    *, tenant_id: int, steps: Sequence[Step], quote: str, key: str, at: datetime, actor: Member | None
) -> tuple[SubscriptionChange, bool]:
    """Confirm a previewed change: (change, was it made just now). An equal command under `key` gets the first answer.

    Above zero it is invoiced at once, otherwise its lines wait (R-PENDING). Raises QuoteChanged, ChangeRefused.
    """
    subscription, book = lock_current(tenant_id), price_book()
    known = SubscriptionChange.objects.of(tenant_id).filter(idempotency_key=key).first()
    if known is not None:
        if known.quote != quote or known.steps != change_state.wish(steps):
            raise KeyReused(_("这个 Idempotency-Key 已用于另一个变更。"))
        return known, False
    settle_due(subscription, book, at)
    planned = _plan(subscription, book, steps, at)
    if planned.quote != quote:
        raise QuoteChanged(_("价格、日期或订阅在预览之后有变化，请重新预览后确认。"))
    return _carry_out(planned, book, key, at, actor), True


def _plan(subscription: Subscription, book: PriceBook, steps: Sequence[Step], at: datetime) -> _Planned:
    state = SubscriptionState(subscription.state)
    if not may_change_modules(state):
        code = refusal_code(state, frozenset(), Target.SUBSCRIPTION_CHANGE, None)
        raise PaymentRequired(message_of(state), code, extra={"invoice": None})
    now = present(subscription, book, local_day(at))
    _check(now, steps)
    try:
        after, lines = _apply(now, steps)
    except ChangeNotPossible as error:
        raise ChangeRefused(_("这项变更目前不能办理：%(why)s") % {"why": error}) from error
    return _Planned(tuple(steps), now, after, lines, _quote(now, steps))


def _apply(now: Present, steps: Sequence[Step]) -> tuple[SubscriptionPeriod, tuple[ProrationLine, ...]]:
    if not change_state.is_free(now.subscription):
        return arithmetic.apply_change(now.state, now.day, steps)
    ordinary = [step for step in steps if step.do != "change_interval"]
    after, _lines = arithmetic.apply_change(now.state, now.day, ordinary)
    return after, ()


def _check(now: Present, steps: Sequence[Step]) -> None:
    if not steps:
        raise Invalid(_("请选择要变更的内容。"), fields={"changes": [_("至少一项。")]})
    held = {item.code: item.quantity for item in now.state.items}
    for step in steps:
        if step.do == "change_interval":
            if step.to is None:
                raise Invalid(_("请选择按月或按年。"), fields={"changes": [_("缺少 to。")]})
            continue
        if step.do == "keep" and step.item is None:
            continue
        _check_item(now, step, held)


def _check_item(now: Present, step: Step, held: dict[str, int]) -> None:
    item = step.item or ""
    if item not in now.prices:
        raise ChangeRefused(_("没有可订购的“%(item)s”。") % {"item": item}, "unknown_item")
    price, quantity = now.prices[item], held[item]
    if price.kind == "base" and step.do != "keep":
        raise ChangeRefused(_("基础版随订阅一直包含，不能单独增减。"), "base_included")
    if price.kind == "module" and step.do == "add":
        if quantity or (step.quantity or 1) != 1:
            raise ChangeRefused(_("%(name)s已经开通。") % {"name": price.name}, "already_subscribed")
        held[item] = 1
    if price.kind == "module" and step.do == "set_quantity" and (step.quantity or 0) > 1:
        raise ChangeRefused(_("%(name)s按企业开通，数量只能是 1。") % {"name": price.name}, "quantity_not_possible")
    if step.do in ("remove_now", "remove_at_period_end") and not quantity:
        raise ChangeRefused(_("%(name)s没有开通。") % {"name": price.name}, "not_subscribed")
    if step.do == "remove_now":
        held[item] = 0


def _quote(now: Present, steps: Sequence[Step]) -> str:
    prices = {
        code: f"{price.plan.version}:{price.pk}:{price.unit_price}"
        for code, price in [*now.prices.items(), *((f"{code}/year", price) for code, price in now.yearly.items())]
    }
    return arithmetic.quote_digest(
        subscription_version=now.subscription.version, local_date=now.day, prices=prices, steps=steps
    )


def _preview(planned: _Planned, book: PriceBook, account_balance: Decimal, at: datetime) -> Preview:
    net = change_state.net_of(planned.lines)
    figures = None
    if proration.settles_now(net):
        sources = [_source(planned, line) for line in planned.lines]
        figures = figures_of(sources, on=planned.before.day, balance=account_balance)
    free = change_state.is_free(planned.before.subscription)
    return Preview(
        quote=planned.quote,
        valid_until=start_of_day(planned.before.day + timedelta(days=1)),
        lines=planned.lines,
        net=net,
        figures=figures,
        next_period=None if free else _next_period(planned),
        next_fixed_total=_next_total(planned, free, book),
    )


def _source(planned: _Planned, line: ProrationLine) -> Source:
    return Source(
        draft=DraftLine(kind=line.kind, amount=line.amount, item=line.item),
        description=describe(line.kind, planned.before.prices[line.item].name),
        service=line.service_period,
        quantity=Decimal(line.delta_quantity),
    )


def _next_period(planned: _Planned) -> Period:
    subscription, after = planned.before.subscription, planned.after
    if after.interval == "year":
        anchor = subscription.anchor_date if planned.before.state.interval == "year" else planned.before.day
        return period_of(anchor or planned.before.day, "year", after.period.end)
    return period_around(subscription, after.period.end)


def _next_total(planned: _Planned, free: bool, book: PriceBook) -> Decimal:
    if not free:
        return sum((amount for _quantity, amount in planned.after.renewal().values()), ZERO)
    return sum(
        (
            proration.prorated(_after_trial(planned, item.code, book), item.renews_with, 1, 1)
            for item in planned.after.items
            if item.renews_with
        ),
        ZERO,
    )


def _after_trial(planned: _Planned, item: str, book: PriceBook) -> Decimal:
    """The unit price of a whole period once the trial is over, by the interval that these steps choose."""
    chosen = [step.to for step in planned.steps if step.do == "change_interval" and step.to]
    interval = chosen[-1] if chosen else planned.before.subscription.interval
    price = planned.before.prices[item]
    return (book.item(price.plan, item, interval) or price).unit_price


def _carry_out(planned: _Planned, book: PriceBook, key: str, at: datetime, actor: Member | None) -> SubscriptionChange:
    subscription, net = planned.before.subscription, change_state.net_of(planned.lines)
    row = _write_change(planned, key, at, actor, net)
    change_state.save(planned.before, planned.after, row, planned.lines)
    if change_state.is_free(subscription):
        for step in planned.steps:
            if step.do == "change_interval" and step.to and step.to != subscription.interval:
                change_state.set_trial_interval(subscription, step.to, book, planned.before.day)
    if proration.settles_now(net):
        period = Period(planned.before.day, planned.after.period.end)
        draft = invoices.make_draft(
            subscription=subscription, reason=Invoice.Reason.CHANGE, period=period, at=at, change=row
        )
        invoices.finalise(invoice_id=draft.pk, at=at, actor=actor)
    audit.record(
        at=at, tenant_id=subscription.tenant_id, actor=actor, action="subscription.changed",
        object=f"subscription:{subscription.pk}", label=f"{net:.2f}",
        changes={"items": [row.before, row.after]},
    )  # fmt: skip
    write_access(subscription=subscription, at=at, actor=actor)
    settle_due(subscription, book, at)
    return row


def _write_change(planned: _Planned, key: str, at: datetime, actor: Member | None, net: Decimal) -> SubscriptionChange:
    subscription = planned.before.subscription
    return SubscriptionChange.objects.create(
        tenant_id=subscription.tenant_id,
        subscription=subscription,
        idempotency_key=key,
        actor_id=actor.user_id if actor else None,
        actor_name=actor.name if actor else "系统",
        made_at=at,
        made_on=planned.before.day,
        steps=change_state.wish(planned.steps),
        before=_quantities(planned.before.state),
        after=_quantities(planned.after),
        quote=planned.quote,
        lines=[stored_line(line) for line in planned.lines],
        net=net,
    )


def _quantities(state: SubscriptionPeriod) -> dict[str, list[int]]:
    return {item.code: [item.quantity, item.renews_with] for item in state.items if item.quantity or item.renews_with}


def stored_line(line: ProrationLine) -> dict[str, Any]:
    """A billed line as the change remembers it and the API tells it."""
    return {
        "kind": line.kind,
        "item": line.item,
        "amount": f"{line.amount:.2f}",
        "billed_days": line.billed_days,
        "period_days": line.period_days,
        "quantity": line.delta_quantity,
        "unit_price": f"{line.unit_price:.6f}",
        "service_period": [line.service_period.start.isoformat(), line.service_period.end.isoformat()],
        "used_unit_days": line.used_unit_days,
        "used_charge": None if line.used_charge is None else f"{line.used_charge:.2f}",
    }
