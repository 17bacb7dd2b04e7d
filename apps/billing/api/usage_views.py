"""Usage, caps and alerts of a company. Own usage stays open when the company is late."""

from datetime import timedelta
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import BillingView
from apps.billing.api.events import batch_answer, single_answer, to_event
from apps.billing.models import AlertRule, SpendCap, UsageEvent
from apps.billing.selectors import usage as questions
from apps.billing.services import caps, usage
from kernel.clock import now, today
from kernel.errors import Forbidden, Invalid

READ: dict[str, str | None] = {"GET": "billing.view"}


class UsageView(BillingView):
    always_open = True
    rights = READ

    def get(self, request: Any) -> Response:
        return self.answer(questions.usage_page(self.company.id, today=today(), now=now()))


class UsageDaysView(BillingView):
    """`?meter=&from=&to=`, the last 31 days when nothing is said."""

    sheet = "usage-days"

    always_open = True
    rights = READ

    def get(self, request: Any) -> HttpResponseBase:
        start, end, meter = _window(request)
        last = end or today()
        first = start or last - timedelta(days=30)
        if (last - first).days > 400:
            raise Invalid(_("一次最多查询 400 天。"), fields={"from": [_("范围太大。")]})
        rows = questions.usage_days(self.company.id, start=first, end=last, meter=meter)
        if self.wants_file:
            return self.file(rows)
        return self.answer({"count": len(rows), "next": None, "previous": None, "results": rows})


def _window(request: Any) -> tuple[Any, Any, str | None]:
    given = {name: request.GET.get(name) for name in ("from", "to", "meter")}
    checked = shapes.Days(data={name: value for name, value in given.items() if value})
    checked.is_valid(raise_exception=True)
    return checked.validated_data.get("from"), checked.validated_data.get("to"), checked.validated_data.get("meter")


class UsageEventsView(BillingView):
    """GET the events behind the figures; POST one event of a meter that the company itself feeds."""

    sheet = "usage-events"

    always_open = True
    rights: dict[str, str | None] = {"GET": "billing.view", "POST": "billing.usage"}

    def get(self, request: Any) -> HttpResponseBase:
        start, end, meter = _window(request)
        rows = questions.usage_events(self.company.id, start=start, end=end, meter=meter)
        return self.page(rows, _event)

    def post(self, request: Any) -> Response:
        received = now()
        event = to_event(request.data, str(self.company.id))
        _check_own([event.meter])
        verdict = usage.ingest(events=[event], received_at=received)[0]
        return single_answer(event, verdict)


class UsageBatchView(BillingView):
    """As the operator's batch, for the company's own events and meters."""

    always_open = True
    rights: dict[str, str | None] = {"POST": "billing.usage"}

    def post(self, request: Any) -> Response:
        return batch_answer(request.data, received_at=now(), tenant_id=self.company.id)


def _check_own(meters: list[str | None]) -> None:
    known = questions.meters_by_code()
    for code in meters:
        if code in known and known[code].source != "api":
            raise Forbidden(_("这个计量项由系统计数，不能上报。"), "meter_not_yours", extra={"meter": code})


def _event(row: UsageEvent) -> dict[str, Any]:
    return {
        "transaction_id": row.transaction_id,
        "meter": row.meter,
        "value": row.value,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        "properties": row.properties,
    }


class CapsView(BillingView):
    def get(self, request: Any) -> Response:
        return self.answer(_caps(self.company.id))

    def put(self, request: Any) -> Response:
        rows = self.read(shapes.Caps)["caps"]
        wanted = [(row["meter"], row["mode"], row["amount"]) for row in rows]
        caps.set_caps(tenant_id=self.company.id, wanted=wanted, actor=self.member, at=now())
        return self.answer(_caps(self.company.id))


def _caps(tenant_id: int) -> dict[str, Any]:
    rows = SpendCap.objects.of(tenant_id).order_by("meter_id", "id")
    return {"caps": [{"meter": row.meter_id, "mode": row.mode, "amount": row.amount} for row in rows]}


class AlertsView(BillingView):
    def get(self, request: Any) -> Response:
        return self.answer(_alerts(self.company.id))

    def put(self, request: Any) -> Response:
        rows = self.read(shapes.Alerts)["alerts"]
        wanted = [(row["meter"], row["limit_amount"], sorted(set(row["thresholds"]))) for row in rows]
        caps.set_alerts(tenant_id=self.company.id, wanted=wanted)
        return self.answer(_alerts(self.company.id))


def _alerts(tenant_id: int) -> dict[str, Any]:
    rows = AlertRule.objects.of(tenant_id).order_by("meter__position", "id")
    return {
        "alerts": [
            {"meter": row.meter_id, "limit_amount": row.limit_amount, "thresholds": row.thresholds} for row in rows
        ]
    }
