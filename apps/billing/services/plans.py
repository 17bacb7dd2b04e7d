"""Price plans: drafted, their impact shown before, published once and never changed after."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.billing.domain.calendar import local_day
from apps.billing.models import Price, PricePlan
from apps.billing.services import audit
from kernel.errors import DomainError, Invalid, NotFound
from tenants.rights import Member

COPIED = (
    "kind", "item", "meter_id", "name", "position", "interval", "model", "unit_price", "tiers", "free_units",
    "free_prorated", "package_size", "package_price", "rate", "fixed_per_transaction", "minimum", "tax_behavior",
    "timing",
)  # fmt: skip


class PlanPublished(DomainError):
    """A published plan is not changed; draw up the next version."""

    code = "plan_published"


class PlanOverlaps(DomainError):
    """Another version takes effect on the same day."""

    code = "plan_overlaps"


@transaction.atomic
def draft(
    *,
    code: str,
    name: str,
    effective_from: date,
    grandfathered_until: date | None,
    prices: Iterable[Mapping[str, Any]],
    at: datetime,
    actor: Member | None,
) -> PricePlan:
    """The next version of plan `code` as a draft: all prices of the newest one, with `prices` laid over it.

    Raises Invalid for an unknown item or meter.
    """
    before = PricePlan.objects.select_for_update().filter(code=code).order_by("-version").first()
    if before is None:
        raise NotFound(_("没有这个价目表。"))
    if grandfathered_until and grandfathered_until < effective_from:
        raise Invalid(_("保价截止日不能早于生效日。"), fields={"grandfathered_until": [_("太早。")]})
    plan = PricePlan.objects.create(
        code=code, version=before.version + 1, name=name or before.name, effective_from=effective_from,
        grandfathered_until=grandfathered_until, trial_days=before.trial_days, created_at=at,
    )  # fmt: skip
    rows = [_copy(price, plan) for price in before.prices.order_by("position", "id")]
    for wanted in prices:
        _lay_over(rows, wanted)
    Price.objects.bulk_create(rows)
    audit.record(
        at=at, actor=actor, action="price_plan.drafted", object=f"price_plan:{plan.pk}", label=str(plan),
        changes={"effective_from": [str(before.effective_from), str(effective_from)]},
    )  # fmt: skip
    return plan


def _copy(price: Price, plan: PricePlan) -> Price:
    return Price(plan=plan, **{name: getattr(price, name) for name in COPIED})


def _lay_over(rows: list[Price], wanted: Mapping[str, Any]) -> None:
    item, meter = wanted.get("item") or "", wanted.get("meter")
    for row in rows:
        if row.interval == wanted["interval"] and (row.item, row.meter_id) == (item, meter):
            for name in ("unit_price", "free_units", "package_size", "package_price", "minimum", "tiers"):
                if name in wanted:
                    setattr(row, name, wanted[name])
            return
    raise Invalid(_("价目表里没有“%(what)s”。") % {"what": item or meter}, fields={"prices": [_("未知。")]})


@transaction.atomic
def publish(*, plan_id: int, at: datetime, actor: Member | None) -> PricePlan:
    """Put a draft on sale from its effective date, not before today. Raises PlanPublished, PlanOverlaps."""
    plan = PricePlan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("没有这个价目表。"))
    if plan.state != PricePlan.State.DRAFT:
        raise PlanPublished(_("这个版本已经发布，请起草新版本。"))
    if plan.effective_from < local_day(at):
        raise Invalid(_("生效日不能早于今天。"), fields={"effective_from": [_("太早。")]})
    rivals = PricePlan.objects.filter(code=plan.code, state=PricePlan.State.PUBLISHED)
    if rivals.filter(effective_from__gte=plan.effective_from).exists():
        raise PlanOverlaps(_("已有同日或更晚生效的版本。"))
    plan.state, plan.published_at = PricePlan.State.PUBLISHED, at
    plan.save(update_fields=["state", "published_at"])
    audit.record(
        at=at, actor=actor, action="price_plan.published", object=f"price_plan:{plan.pk}", label=str(plan),
        changes={"state": ["draft", "published"]},
    )  # fmt: skip
    return plan
