"""工作中心."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.production.domain.codes import code_key
from apps.production.models import Calendar, RoutingStep, WorkCentre, WorkOrderStep
from apps.production.services.calendars import bad_calendar, in_use, set_code_and_name
from apps.production.services.capacity_seeding import ROUND_THE_CLOCK
from apps.production.services.plan_refusals import absent, check_version, wrong
from kernel import audit
from kernel.errors import Invalid
from tenants.rights import Member

FIELDS = ("kind", "units", "efficiency", "machine_rate", "labour_rate", "overhead_rate", "setup_matrix")
ONGOING = ("draft", "released", "started", "on_hold")


@transaction.atomic
def save_work_centre(*, centre_id: int | None, values: Mapping[str, Any], actor: Member) -> WorkCentre:
    """Create or change: `code, name, kind, units, calendar (code), efficiency, rates, setup_matrix`.

    Raises Invalid `bad_calendar` (unknown), DomainError `duplicate_code`, StaleVersion.
    """
    centre = _locked(centre_id) if centre_id is not None else WorkCentre()
    is_new = centre.pk is None
    if not is_new:
        check_version(centre.version, values.get("version"))
        centre.version += 1
    set_code_and_name(centre, values, is_new=is_new)
    if values.get("calendar") or is_new:
        centre.calendar = calendar_called(str(values.get("calendar") or ROUND_THE_CLOCK))
    for name in FIELDS:
        if name in values:
            setattr(centre, name, values[name])
    centre.save()
    verb = "create" if is_new else "change"
    audit.record(actor=actor, action=f"work_centre.{verb}", object=f"work_centre:{centre.pk}", label=str(centre))
    return centre


def calendar_called(code: str, field: str = "calendar") -> Calendar:
    """The calendar with this code. Raises Invalid `bad_calendar`."""
    found = Calendar.objects.filter(code_key=code_key(code)).first()
    if found is None:
        raise bad_calendar(_("没有日历“%(code)s”。") % {"code": code[:64]}, field)
    return found


def unknown_work_centre(code: str, field: str) -> Invalid:
    return wrong("unknown_work_centre", _("没有工作中心“%(code)s”。") % {"code": code[:64]}, field)


def _locked(centre_id: int) -> WorkCentre:
    found = WorkCentre.objects.select_for_update().filter(pk=centre_id).first()
    if found is None:
        raise absent()
    return found


@transaction.atomic
def delete_work_centre(*, centre_id: int, actor: Member) -> None:
    """Remove a work centre that no routing, order or plan names. Raises `in_use`."""
    centre = _locked(centre_id)
    label, sentence = str(centre), _("还有工艺路线或工单在用工作中心 %(centre)s。") % {"centre": centre}
    named = [{"work_centre": centre.code}]
    alternative = RoutingStep.objects.filter(alternatives__contains=named).exists() or (
        WorkOrderStep.objects.filter(alternatives__contains=named, order__state__in=ONGOING).exists()
    )
    if alternative:
        raise in_use(sentence)
    try:
        with transaction.atomic():
            centre.delete()
    except (ProtectedError, IntegrityError) as error:
        raise in_use(sentence) from error
    audit.record(actor=actor, action="work_centre.delete", object=f"work_centre:{centre_id}", label=label)
