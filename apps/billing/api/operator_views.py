"""The operator's API: companies, plans, invoices, dunning, ledger. `/api/v1/operator/` on the bare domain."""

from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import OperatorView
from apps.billing.api.invoice_views import FILTERS, audit_shown, filtered
from apps.billing.models import AuditLog, LedgerEntry, Subscription
from apps.billing.selectors import invoices as invoice_questions
from apps.billing.selectors import operator as questions
from apps.billing.selectors import plans as plan_questions
from apps.billing.selectors.subscriptions import overview
from apps.billing.services import accounts, companies, dunning, invoices, plans, subscriptions
from kernel.clock import now, today

INVOICE_FILTERS = {**FILTERS, "tenant": "tenant__slug", "period_start": "period_start"}
ORDERINGS = {"number": ("number", "id"), "-number": ("-number", "-id"), "due_on": ("due_on", "id")}


class PlansView(OperatorView):
    sheet = "price-plans"

    def get(self, request: Any) -> HttpResponseBase:
        return self.page(plan_questions.plans(), plan_questions.shown)

    def post(self, request: Any) -> Response:
        plan = plans.draft(**self.read(shapes.NewPlan), at=now(), actor=self.member)
        return self.answer(plan_questions.shown(plan_questions.one(plan.pk)), 201)


class PlanImpactView(OperatorView):
    def get(self, request: Any, plan_id: int) -> Response:
        return self.answer(plan_questions.impact(plan_id))


class PlanPublishView(OperatorView):
    def post(self, request: Any, plan_id: int) -> Response:
        plan = plans.publish(plan_id=plan_id, at=now(), actor=self.member)
        return self.answer(plan_questions.shown(plan_questions.one(plan.pk)))


class TenantsView(OperatorView):
    sheet = "tenants"

    def get(self, request: Any) -> HttpResponseBase:
        rows = questions.tenants(search=request.GET.get("search", ""), state=request.GET.get("state", ""))
        return self.page_at_once(rows, questions.tenant_rows)

    def post(self, request: Any) -> Response:
        body = self.read(shapes.NewCompany)
        made = companies.create_company(**body, at=now(), actor=self.member)
        return self.answer({"tenant": made.slug, "url": made.url, "token": made.token, "owner": made.owner}, 201)


class TenantView(OperatorView):
    def get(self, request: Any, slug: str) -> Response:
        tenant = questions.tenant_by_slug(slug)
        return self.answer({**questions.tenant_rows([tenant])[0], "subscription": overview(tenant.pk)})


class SubscriptionsView(OperatorView):
    sheet = "subscriptions"

    def get(self, request: Any) -> HttpResponseBase:
        rows = Subscription.objects.across_tenants().select_related("tenant")
        rows = filtered(rows, request, {"state": "state", "tenant": "tenant__slug"})
        return self.page(rows.order_by("-id"), _subscription)


def _subscription(row: Subscription) -> dict[str, Any]:
    return {
        "id": row.pk,
        "tenant": row.tenant.slug,
        "state": row.state,
        "interval": row.interval,
        "alignment": row.alignment,
        "anchor_date": row.anchor_date,
        "period": [row.period_start, row.period_end] if row.period_start else None,
        "trial_end": row.trial_end,
        "terms_accepted": row.terms_accepted_at is not None,
        "version": row.version,
    }


class TrialView(OperatorView):
    """Move the last free day of a trial."""

    def post(self, request: Any, slug: str) -> Response:
        tenant = questions.tenant_by_slug(slug)
        subscriptions.extend_trial(tenant_id=tenant.pk, **self.read(shapes.Until), at=now(), actor=self.member)
        return self.answer(overview(tenant.pk))


class TermsView(OperatorView):
    def post(self, request: Any, slug: str) -> Response:
        tenant = questions.tenant_by_slug(slug)
        row = accounts.set_terms(tenant_id=tenant.pk, **self.read(shapes.Terms), at=now(), actor=self.member)
        return self.answer({"tenant": slug, "terms_days": row.terms_days})


class DunningPauseView(OperatorView):
    def post(self, request: Any, slug: str) -> Response:
        tenant = questions.tenant_by_slug(slug)
        row = dunning.pause(tenant_id=tenant.pk, **self.read(shapes.Until), at=now(), actor=self.member)
        return self.answer({"tenant": slug, "paused_until": row.dunning_paused_until})


class DunningView(OperatorView):
    sheet = "dunning"

    def get(self, request: Any) -> HttpResponseBase:
        rows = questions.dunning_board(today())
        return self.file(rows) if self.wants_file else self.answer(rows)


class InvoicesView(OperatorView):
    """Filters tenant, state, reason, period, period_start, series (INV-2026); ordering number."""

    sheet = "invoices"

    def get(self, request: Any) -> HttpResponseBase:
        rows = filtered(invoice_questions.of_all(), request, INVOICE_FILTERS)
        if request.GET.get("series"):
            rows = rows.filter(number__startswith=f"{request.GET['series']}-")
        ordering = ORDERINGS.get(request.GET.get("ordering", ""))
        return self.page(rows.order_by(*ordering) if ordering else rows, _listed)


def _listed(row: Any) -> dict[str, Any]:
    return invoice_questions.shown(row, lines=False)


class InvoiceView(OperatorView):
    def get(self, request: Any, invoice_id: int) -> Response:
        row = invoice_questions.one(invoice_questions.of_all(), invoice_id)
        return self.answer(invoice_questions.shown(row, lines=True))


class FinaliseView(OperatorView):
    """Early finalise is the operator's decision: usage that comes later is late usage."""

    def post(self, request: Any, invoice_id: int) -> Response:
        row = invoices.finalise(invoice_id=invoice_id, at=now(), actor=self.member, early=True)
        if row is None:
            return Response(status=204)
        return self.answer(_whole(row.pk))


class VoidView(OperatorView):
    def post(self, request: Any, invoice_id: int) -> Response:
        reason = self.read(shapes.Reason)["reason"]
        row = invoices.void(invoice_id=invoice_id, reason=reason, at=now(), actor=self.member)
        return self.answer(_whole(row.pk))


class UncollectibleView(OperatorView):
    def post(self, request: Any, invoice_id: int) -> Response:
        reason = self.read(shapes.Reason)["reason"]
        row = invoices.write_off(invoice_id=invoice_id, reason=reason, at=now(), actor=self.member)
        return self.answer(_whole(row.pk))


def _whole(invoice_id: int) -> dict[str, Any]:
    return invoice_questions.shown(invoice_questions.one(invoice_questions.of_all(), invoice_id), lines=True)


class AuditView(OperatorView):
    sheet = "audit"

    def get(self, request: Any) -> HttpResponseBase:
        rows = AuditLog.objects.select_related("tenant")
        rows = filtered(rows, request, {"tenant": "tenant__slug", "action": "action"})
        return self.page(rows.order_by("-id"), audit_shown)


class TrialBalanceView(OperatorView):
    def get(self, request: Any) -> Response:
        return self.answer(questions.trial_balance())


class EntriesView(OperatorView):
    sheet = "ledger"

    def get(self, request: Any) -> HttpResponseBase:
        rows = LedgerEntry.objects.across_tenants().select_related("tenant").prefetch_related("postings")
        rows = filtered(rows, request, {"tenant": "tenant__slug", "kind": "kind"})
        return self.page(rows.order_by("-id"), _entry)


def _entry(row: LedgerEntry) -> dict[str, Any]:
    return {
        "id": row.pk,
        "tenant": row.tenant.slug,
        "kind": row.kind,
        "source": row.source,
        "made_on": row.made_on,
        "postings": [
            {"account": posting.account, "amount": posting.amount}
            for posting in sorted(row.postings.all(), key=lambda posting: posting.pk)
        ],
    }
