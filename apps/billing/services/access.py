"""What billing writes down: the level of each module and of the company, effective on the next request."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain.access import MODULES, AccessLevel, SubscriptionState, Target, access_of, refusal_code
from apps.billing.models import Invoice, Subscription, SubscriptionItem
from apps.billing.services import audit
from apps.billing.services.catching_up import catch_up_module
from tenants.models import ModuleGrant, Tenant
from tenants.rights import Member

INCLUDED_SEATS = 3


def write_access(*, subscription: Subscription, at: datetime, actor: Member | None = None) -> None:
    """Bring grants, seats and access of the company in line with its subscription. Call inside the transaction.

    One audit row per changed grant. A newly opened module is told of the facts it has missed, after the commit.
    """
    tenant = Tenant.objects.select_for_update().get(pk=subscription.tenant_id)
    held = _held(subscription)
    _write_levels(tenant, held, subscription, at, actor)
    state = SubscriptionState(subscription.state)
    code = refusal_code(state, frozenset(), Target.CREATE, None) or ""
    tenant.access = access_of(state).value
    tenant.access_code = code
    tenant.access_message = message_of(state)
    tenant.access_invoice = _oldest_unpaid(subscription) if access_of(state) is not AccessLevel.FULL else None
    tenant.seats = INCLUDED_SEATS + held.get("seat", 0)
    tenant.save(update_fields=["access", "access_code", "access_message", "access_invoice", "seats"])


def _held(subscription: Subscription) -> dict[str, int]:
    rows = SubscriptionItem.objects.of(subscription.tenant_id).filter(subscription=subscription, valid_to=None)
    return dict(rows.order_by("id").values_list("item", "quantity"))


def _write_levels(
    tenant: Tenant, held: dict[str, int], subscription: Subscription, at: datetime, actor: Member | None
) -> None:
    known = {grant.module: grant for grant in ModuleGrant.objects.filter(tenant=tenant).order_by("module")}
    closed = subscription.state == SubscriptionState.CLOSED
    for module in MODULES:
        before = known[module].level if module in known else None
        wanted = "full" if module in held and not closed else ("export_only" if before else None)
        if wanted is None or wanted == before:
            continue
        ModuleGrant.objects.update_or_create(tenant=tenant, module=module, defaults={"level": wanted, "granted_at": at})
        audit.record(
            at=at, tenant_id=tenant.pk, actor=actor, action="grant.changed", object=f"module:{module}",
            label=tenant.name, changes={"level": [before, wanted]},
        )  # fmt: skip
        if wanted == "full":
            catch_up_module(tenant.pk, module)


def _oldest_unpaid(subscription: Subscription) -> int | None:
    unpaid = Invoice.objects.of(subscription.tenant_id).filter(state__in=("open", "partially_paid"))
    return unpaid.order_by("due_on", "id").values_list("id", flat=True).first()


def message_of(state: SubscriptionState) -> str:
    """The sentence that a refused member reads."""
    sentences = {
        SubscriptionState.READ_ONLY: _("账单逾期未付，目前只能查看和导出。付款后立即恢复。"),
        SubscriptionState.TRIAL_EXPIRED: _("试用已结束，目前只能查看和导出。选好模块并接受条款后立即恢复。"),
        SubscriptionState.SUSPENDED: _("账单逾期已久，服务已暂停，数据仍可导出。付款后立即恢复。"),
        SubscriptionState.CLOSED: _("订阅已关闭，数据在保留期内仍可导出。"),
    }
    return sentences.get(state, "")


def refresh(*, tenant_id: int, at: datetime) -> None:
    """Write a company's access again from its subscription; used after a repair."""
    with transaction.atomic():
        row = Subscription.objects.of(tenant_id).select_for_update().order_by("-id").first()
        if row is not None:
            write_access(subscription=row, at=at)
