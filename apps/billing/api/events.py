"""Usage events in and verdicts out, checked by hand: a serializer a row would cost more than the row."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.billing.domain.usage import UsageEvent, Verdict
from apps.billing.selectors.usage import meters_by_code
from apps.billing.services import usage
from kernel.errors import DomainError, Invalid
from tenants.models import Tenant

STATUS = {"accepted": 201, "duplicate": 200, "quarantined": 202}
PROPERTIES = 4000  # characters of JSON, roughly


class Malformed(ValueError):
    """One event cannot be read; the reason is its code."""


def to_event(raw: Any, tenant: str) -> UsageEvent:
    """One event of `tenant` (id as text). Raises Invalid with the field."""
    try:
        return read_event(raw, tenant)
    except Malformed as error:
        field = str(error).removesuffix("_invalid")
        raise Invalid(_("用量事件的“%(field)s”不对。") % {"field": field}, fields={field: [_("格式不对。")]}) from None


def read_event(raw: Any, tenant: str) -> UsageEvent:
    """Raises Malformed `<field>_invalid`."""
    if not isinstance(raw, Mapping):
        raise Malformed("event_invalid")
    identity, voids = raw.get("transaction_id"), raw.get("voids")
    if not isinstance(identity, str) or not identity or len(identity) > usage.MAX_ID or "\x00" in identity:
        raise Malformed("transaction_id_invalid")
    if voids is not None and (not isinstance(voids, str) or "\x00" in voids):
        raise Malformed("voids_invalid")
    if voids:
        return UsageEvent(tenant=tenant, transaction_id=identity, voids=voids)
    meter = raw.get("meter")
    if not isinstance(meter, str) or not meter:
        raise Malformed("meter_invalid")
    return UsageEvent(
        tenant=tenant,
        transaction_id=identity,
        meter=meter,
        value=_value(raw.get("value")),
        occurred_at=_moment(raw.get("occurred_at")),
        properties=_properties(raw.get("properties")),
    )


def _value(raw: Any) -> Decimal | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Malformed("value_invalid")
    try:
        value = Decimal(str(raw))
    except InvalidOperation:
        raise Malformed("value_invalid") from None
    if not value.is_finite() or value < 0 or abs(value.adjusted()) > 20:
        raise Malformed("value_invalid")
    return value


def _moment(raw: Any) -> datetime | None:
    if raw is None:
        return None
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2200:
        raise Malformed("occurred_at_invalid")
    return moment


def _properties(raw: Any) -> dict[str, Any]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise Malformed("properties_invalid")
    text = json.dumps(raw, ensure_ascii=False)
    if len(text) > PROPERTIES or "\\u0000" in text:  # NUL cannot be stored
        raise Malformed("properties_invalid")
    return raw


def single_answer(event: UsageEvent, verdict: Verdict) -> Response:
    """201 accepted, 200 duplicate, 202 quarantined; refusals as problem+json."""
    if verdict.status in STATUS:
        body = {"transaction_id": event.transaction_id, "status": verdict.status, "code": verdict.reason}
        return Response(body, status=STATUS[verdict.status])
    raise _refusal(verdict)


def _refusal(verdict: Verdict) -> DomainError:
    code, status, message = describe(verdict)
    error = DomainError(message, code)
    error.http_status = status
    return error


def describe(verdict: Verdict) -> tuple[str, int, str]:
    """(code, HTTP status, sentence) of an event that was not taken."""
    if verdict.status == "conflict":
        return "usage_conflict", 409, _("这个 transaction_id 已有另一个内容，以第一次为准。")
    known = {
        "in_future": ("usage_in_future", 409, _("发生时间在未来，请检查设备时钟。")),
        "cap_reached": ("cap_reached", 402, _("已达到消费上限，这次用量没有计入。")),
        "too_late": ("too_late", 202, _("发生时间太早，等待人工处理。")),
    }
    fallback = (verdict.reason or "invalid", 400, _("用量事件不对：%(code)s。") % {"code": verdict.reason or ""})
    return known.get(verdict.reason or "", fallback)


def batch_answer(body: Any, *, received_at: datetime, tenant_id: int | None) -> Response:
    """Take `{events: [...]}` of one company (`tenant_id`) or, None, of those each event names. Raises Invalid."""
    rows = body.get("events") if isinstance(body, Mapping) else None
    if not isinstance(rows, list):
        raise Invalid(_("请提供 events 列表。"), fields={"events": [_("必填。")]})
    if len(rows) > usage.MAX_BATCH:
        raise Invalid(_("一批最多 1000 个事件。"), "too_many_events", fields={"events": [_("最多 1000 个。")]})
    tenants = _tenants(rows) if tenant_id is None else {}
    foreign = _not_theirs() if tenant_id is not None else frozenset()
    verdicts: list[Verdict | None] = [None] * len(rows)
    events: list[tuple[int, UsageEvent]] = []
    for index, raw in enumerate(rows):
        try:
            events.append((index, _checked(raw, tenant_id, tenants, foreign)))
        except Malformed as error:
            verdicts[index] = Verdict("rejected", str(error))
    taken = usage.ingest(events=[event for _index, event in events], received_at=received_at) if events else []
    for (index, _event), verdict in zip(events, taken, strict=True):
        verdicts[index] = verdict
    return Response(_summary(verdicts))


def _tenants(rows: Sequence[Any]) -> dict[str, int]:
    named = {raw["tenant"] for raw in rows if isinstance(raw, Mapping) and isinstance(raw.get("tenant"), str)}
    slugs = {slug for slug in named if "\x00" not in slug}
    return dict(Tenant.objects.filter(slug__in=slugs, state=Tenant.State.ACTIVE).values_list("slug", "id"))


def _not_theirs() -> frozenset[str]:
    return frozenset(code for code, meter in meters_by_code().items() if meter.source != "api")


def _checked(raw: Any, tenant_id: int | None, tenants: Mapping[str, int], foreign: frozenset[str]) -> UsageEvent:
    if tenant_id is None:
        slug = raw.get("tenant") if isinstance(raw, Mapping) else None
        if not isinstance(slug, str) or slug not in tenants:
            raise Malformed("unknown_tenant")
        return read_event(raw, str(tenants[slug]))
    event = read_event(raw, str(tenant_id))
    if event.meter in foreign:
        raise Malformed("meter_not_yours")
    if event.voids is not None:
        raise Malformed("void_not_allowed")
    return event


def _summary(verdicts: Sequence[Verdict | None]) -> dict[str, Any]:
    counts = Counter(verdict.status for verdict in verdicts if verdict)
    results = []
    for index, verdict in enumerate(verdicts):
        if verdict is not None and verdict.status not in ("accepted", "duplicate"):
            code, _status, message = describe(verdict)
            results.append({"index": index, "status": verdict.status, "code": code, "message": message})
    return {
        "accepted": counts["accepted"],
        "duplicates": counts["duplicate"],
        "conflicts": counts["conflict"],
        "quarantined": counts["quarantined"],
        "rejected": counts["rejected"],
        "results": results,
    }
