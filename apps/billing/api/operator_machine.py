"""The operator's API: bank statements, usage pipeline, jobs and the test clock."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import OperatorView
from apps.billing.api.events import batch_answer
from apps.billing.models import BankStatementLine, Invoice, UsageQuarantine
from apps.billing.selectors import operator as questions
from apps.billing.selectors import usage as usage_questions
from apps.billing.services import bank, clock, jobs, quarantine
from apps.billing.services.payments import Part
from kernel.api.parsers import WholeTextParser
from kernel.clock import now
from kernel.errors import NotFound


class StatementsView(OperatorView):
    parser_classes = [MultiPartParser]

    def post(self, request: Any) -> Response:
        body = self.read(shapes.Statement)
        batch = bank.import_statement(
            account=body["account"], profile=body["profile"], file_name=body["file"].name, content=body["file"].read(),
            at=now(), actor=self.member,
        )  # fmt: skip
        return self.answer({"import": batch.pk, **batch.counts, "error_rows": batch.errors[:100]}, 201)


class BankLinesView(OperatorView):
    sheet = "bank-lines"

    def get(self, request: Any) -> HttpResponseBase:
        rows = questions.bank_lines(state=request.GET.get("state", "queue"), search=request.GET.get("search", ""))
        return self.page(rows, line_shown)


def line_shown(row: BankStatementLine) -> dict[str, Any]:
    """A statement row."""
    payment = row.payment
    return {
        "id": row.pk,
        "account": row.account_id,
        "serial": row.serial,
        "booked_at": row.booked_at,
        "amount": row.amount,
        "currency": row.currency,
        "payer_name": row.payer_name,
        "remark": row.remark,
        "state": row.state,
        "reason": row.reason or None,
        "note": row.note,
        "suggested": {"invoice": row.suggested_id, "number": row.suggested.number} if row.suggested else None,
        "tenant": payment.tenant.slug if payment else None,
        "payment": payment.pk if payment else None,
    }


class BankMatchView(OperatorView):
    def post(self, request: Any, line_id: int) -> Response:
        body = self.read(shapes.BankMatch)
        tenant = questions.tenant_by_slug(body["tenant"])
        parts = [Part(_invoice(tenant.pk, row["invoice"]), row["amount"], row["share"]) for row in body["allocations"]]
        bank.pay(line_id=line_id, tenant_id=tenant.pk, parts=parts, at=now(), actor=self.member)
        return self.answer(line_shown(_line(line_id)))


def _invoice(tenant_id: int, named: str) -> int:
    rows = Invoice.objects.of(tenant_id)
    found = rows.filter(pk=int(named)) if named.isdecimal() and len(named) < 18 else rows.filter(number=named.upper())
    invoice_id = found.values_list("id", flat=True).first()
    if invoice_id is None:
        raise NotFound(_("找不到这家企业的这张账单。"))
    return invoice_id


def _line(line_id: int) -> BankStatementLine:
    return questions.bank_lines(state="").get(pk=line_id)


class BankIgnoreView(OperatorView):
    state = "ignored"

    def post(self, request: Any, line_id: int) -> Response:
        reason = self.read(shapes.Reason)["reason"]
        bank.put_aside(line_id=line_id, state=self.state, reason=reason, at=now(), actor=self.member)
        return self.answer(line_shown(_line(line_id)))


class BankReturnView(BankIgnoreView):
    state = "returned"


class UsageBatchView(OperatorView):
    parser_classes = [WholeTextParser]

    def post(self, request: Any) -> Response:
        return batch_answer(request.data, received_at=now(), tenant_id=None)


class UsageHealthView(OperatorView):
    def get(self, request: Any) -> Response:
        return self.answer(usage_questions.health(now=now()))


class QuarantineView(OperatorView):
    sheet = "quarantine"

    def get(self, request: Any) -> HttpResponseBase:
        rows = UsageQuarantine.objects.across_tenants().select_related("tenant").order_by("-id")
        if request.GET.get("state"):
            rows = rows.filter(state=request.GET["state"])
        return self.page(rows, quarantined)


def quarantined(row: UsageQuarantine) -> dict[str, Any]:
    """An event that waits for a person."""
    return {
        "id": row.pk,
        "tenant": row.tenant.slug,
        "transaction_id": row.transaction_id,
        "meter": row.meter,
        "value": row.value,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        "reason": row.reason,
        "state": row.state,
        "resolution": row.resolution,
    }


class ReleaseView(OperatorView):
    def post(self, request: Any, event_id: int) -> Response:
        row = quarantine.release(event_id=event_id, at=now(), actor=self.member)
        return self.answer(quarantined(row))


class DiscardView(OperatorView):
    def post(self, request: Any, event_id: int) -> Response:
        reason = self.read(shapes.Reason)["reason"]
        row = quarantine.discard(event_id=event_id, reason=reason, at=now(), actor=self.member)
        return self.answer(quarantined(row))


class ClockView(OperatorView):
    def get(self, request: Any) -> Response:
        return self.answer(clock.read())

    def post(self, request: Any) -> Response:
        clock.check_enabled()
        return self.answer(clock.set_to(moment=self.read(shapes.Moment)["now"], actor=self.member))

    def delete(self, request: Any) -> Response:
        return self.answer(clock.remove(actor=self.member))


class AdvanceView(OperatorView):
    def post(self, request: Any) -> Response:
        clock.check_enabled()
        return self.answer(clock.advance(to=self.read(shapes.To)["to"], actor=self.member))


class JobView(OperatorView):
    """Run a job now; two at once are safe."""

    def post(self, request: Any, name: str) -> Response:
        outcome = jobs.run(name, at=now())
        answer = {"job": name, "counts": outcome.counts, "failed": outcome.failed}
        return self.answer({**answer, "results": outcome.results} if outcome.results else answer)


class JobRunsView(OperatorView):
    sheet = "jobs"

    def get(self, request: Any) -> HttpResponseBase:
        return self.page(questions.job_runs(request.GET.get("name", "")), _run)


def _run(row: Any) -> dict[str, Any]:
    names = ("id", "name", "started_at", "finished_at", "for_moment", "counts", "failed")
    return {name: getattr(row, name) for name in names}
