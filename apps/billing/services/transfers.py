"""我已转账: a company says that money is on its way; the operator sees it beside the bank's queue."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.models import AuditLog, Invoice
from apps.billing.services import audit
from apps.billing.services.invoices import InvoiceState
from kernel.errors import NotFound
from tenants.rights import Member

ANNOUNCED = "invoice.transfer_announced"


@transaction.atomic
def announce(*, tenant_id: int, invoice_id: int, at: datetime, actor: Member) -> Invoice:
    """Note that the open invoice was paid by bank transfer; said twice it is noted once. No money is booked by it.

    Raises NotFound, InvoiceState.
    """
    invoice = Invoice.objects.of(tenant_id).select_for_update().filter(pk=invoice_id, number__isnull=False).first()
    if invoice is None:
        raise NotFound(_("找不到这张账单。"))
    if invoice.state not in (Invoice.State.OPEN, Invoice.State.PARTIALLY_PAID):
        raise InvoiceState(_("这张账单不需要付款。"), extra={"state": invoice.state})
    name = f"invoice:{invoice.pk}"
    if not AuditLog.objects.filter(tenant_id=tenant_id, action=ANNOUNCED, object=name).exists():
        audit.record(at=at, tenant_id=tenant_id, actor=actor, action=ANNOUNCED, object=name, label=str(invoice))
    return invoice
