"""Of what an invoice is made: waiting item lines, usage of the period, late usage. Composed whole, by R-ORDER."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.billing.domain.calendar import Period
from apps.billing.domain.invoice import DraftLine, InvoiceDraft, Minimum, build_invoice
from apps.billing.domain.invoice import Invoice as Figures
from apps.billing.domain.money import total
from apps.billing.models import Invoice, InvoiceLine, PendingLine
from apps.billing.selectors.catalogue import PriceBook, standard_tax_rate
from apps.billing.selectors.rating import UsageBill, late_bills, part_of_month, usage_bills


@dataclass(frozen=True, kw_only=True)
class Source:
    """One line before discounts and tax, with where it comes from."""

    draft: DraftLine
    description: str
    service: Period
    quantity: Decimal
    unit_price: Decimal | None = None
    billed_days: int | None = None
    period_days: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    pending: PendingLine | None = None


@dataclass(frozen=True)
class Composition:
    """The lines in order with the figures built from them; `usage` is what finalise writes down as billed.

    `rows` are the stored lines once they were written.
    """

    sources: tuple[Source, ...]
    figures: Figures
    usage: tuple[UsageBill, ...]
    rows: list[InvoiceLine] = field(default_factory=list)


def compose(invoice: Invoice, book: PriceBook, *, on: date, balance: Decimal) -> Composition:
    """Build `invoice` from what is waiting for it, as of local day `on`, with the customer balance (CNY)."""
    sources = pending_sources(waiting_lines(invoice), book)
    bills: list[UsageBill] = []
    minimum = None
    if invoice.usage_start and invoice.usage_end and invoice.usage_start < invoice.usage_end:
        period = Period(invoice.usage_start, invoice.usage_end)
        bills += usage_bills(invoice.subscription, period, book)
        minimum = Minimum(total(bill.price.minimum for bill in bills), part_of_month(period))
    if invoice.reason in (Invoice.Reason.RECURRING, Invoice.Reason.FINAL):
        bills += late_bills(invoice.subscription, invoice.usage_start or invoice.period_start, book)
    sources += [usage_source(bill) for bill in bills if bill.amount]
    return Composition(tuple(sources), figures_of(sources, on=on, balance=balance, minimum=minimum), tuple(bills))


def figures_of(sources: Sequence[Source], *, on: date, balance: Decimal, minimum: Minimum | None = None) -> Figures:
    """R-ORDER over the lines; preview and charge both come through here."""
    draft = InvoiceDraft(
        lines=tuple(source.draft for source in sources),
        tax_rate=standard_tax_rate(on),
        on=on,
        minimum=minimum,
        customer_balance=balance,
    )
    return build_invoice(draft)


def waiting_lines(invoice: Invoice) -> list[PendingLine]:
    """Lines that no invoice has taken; a change takes its own only."""
    lines = PendingLine.objects.of(invoice.tenant_id).filter(subscription_id=invoice.subscription_id, taken_by=None)
    if invoice.reason == Invoice.Reason.CHANGE:
        lines = lines.filter(change_id=invoice.change_id)
    return list(lines.select_related("price").order_by("id"))


def pending_sources(lines: Sequence[PendingLine], book: PriceBook) -> list[Source]:
    """Fixed lines in catalogue order, then charges and credits as they were made; 0.00 makes no line (R-ZERO)."""
    charged = [line for line in lines if line.amount]
    fixed = [line for line in charged if line.kind == "fixed" and line.change_id is None]
    fixed.sort(key=lambda line: (line.price.position, line.pk))
    return [pending_source(line) for line in [*fixed, *(line for line in charged if line not in fixed)]]


def pending_source(line: PendingLine) -> Source:
    return Source(
        draft=DraftLine(kind=line.kind, amount=line.amount, item=line.item),  # type: ignore[arg-type]  # stored literal
        description=describe(line.kind, line.price.name),
        service=Period(line.service_start, line.service_end),
        quantity=Decimal(line.quantity),
        unit_price=line.unit_price,
        billed_days=line.billed_days,
        period_days=line.period_days,
        pending=line,
    )


def usage_source(bill: UsageBill) -> Source:
    late = bill.kind == "late_usage"
    return Source(
        draft=DraftLine(kind=bill.kind, amount=bill.amount, item=bill.meter),
        description=_("%(name)s（补计）") % {"name": bill.name} if late else bill.name,
        service=bill.period,
        quantity=bill.quantity,
        detail=bill.detail,
    )


def describe(kind: str, name: str) -> str:
    """What the reader of an invoice line is told beside its days."""
    patterns = {
        "proration_charge": _("%(name)s（按天计费）"),
        "proration_credit": _("%(name)s（按天退回）"),
        "minimum_true_up": _("最低消费补足"),
        "credit_carried": _("转入余额"),
    }
    return patterns.get(kind, "%(name)s") % {"name": name}


def write_lines(invoice: Invoice, composition: Composition) -> list[InvoiceLine]:
    """Replace the lines of a draft; they are never added to."""
    InvoiceLine.objects.of(invoice.tenant_id).filter(invoice=invoice).delete()
    service = Period(invoice.period_start, invoice.period_end)
    built = composition.figures.lines
    extra = [
        Source(
            draft=DraftLine(kind=line.kind, amount=line.amount),
            description=describe(line.kind, ""),
            service=service,
            quantity=Decimal(1),
        )
        for line in built[len(composition.sources) :]
    ]
    rows = [
        InvoiceLine(
            tenant_id=invoice.tenant_id, invoice=invoice, position=position, kind=line.kind, item=line.item or "",
            description=source.description, service_start=source.service.start, service_end=source.service.end,
            quantity=source.quantity, unit_price=source.unit_price, billed_days=source.billed_days,
            period_days=source.period_days, amount=line.amount, discount=line.discount, net=line.net, tax=line.tax,
            tax_rate=line.tax_rate, detail=source.detail,
        )
        for position, (source, line) in enumerate(zip([*composition.sources, *extra], built, strict=True), start=1)
    ]  # fmt: skip
    return InvoiceLine.objects.bulk_create(rows)
