"""生产设置."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.production.models import ProductionSettings
from apps.production.models.settings import SETTINGS_ID
from apps.production.services.plan_refusals import check_version
from apps.production.services.work_centres import calendar_called
from kernel import audit
from tenants.rights import Member

FIELDS = (
    "plan_calendar",
    "report_tolerance",
    "horizon_days",
    "time_limit_s",
    "workers",
    "overhead_rate",
    "hold_partial",
)


@transaction.atomic
def change_settings(*, values: Mapping[str, Any], actor: Member) -> ProductionSettings:
    """Change what `values` holds. Raises StaleVersion, Invalid `bad_calendar`."""
    ProductionSettings.objects.get_or_create(pk=SETTINGS_ID)
    row = ProductionSettings.objects.select_for_update().get(pk=SETTINGS_ID)
    check_version(row.version, values.get("version"))
    before = {name: getattr(row, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    if "plan_calendar" in values:
        row.plan_calendar = calendar_called(str(values["plan_calendar"]), "plan_calendar").code
    row.version += 1
    row.save()
    after = {name: getattr(row, name) for name in FIELDS}
    changes = audit.difference(before, after)
    audit.record(actor=actor, action="production.settings", object="production:settings", label="", changes=changes)
    return row
