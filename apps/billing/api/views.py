"""What a company asks of its own subscription: account, state, changes. `/api/v1/billing/`."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import BillingView
from apps.billing.models import BillingAccount, SubscriptionChange
from apps.billing.selectors import changes as change_questions
from apps.billing.selectors import subscriptions as questions
from apps.billing.services import accounts, changes, subscriptions
from kernel.api.idempotency import KeyRequired
from kernel.clock import now
from kernel.errors import Invalid


class AccountView(BillingView):
    """开票与结算资料. PATCH changes what is named; the tax id's check digit is verified."""

    def get(self, request: Any) -> Response:
        return self.answer(_account(accounts.of(self.company.id)))

    def patch(self, request: Any) -> Response:
        values = self.read(shapes.Account)
        row = accounts.change(tenant_id=self.company.id, values=values, at=now(), actor=self.member)
        return self.answer(_account(row))


def _account(row: BillingAccount) -> dict[str, Any]:
    names = ("legal_name", "tax_id", "bank_name", "bank_account", "address", "phone", "terms_days", "emails", "version")
    return {name: getattr(row, name) for name in names}


class SubscriptionView(BillingView):
    always_open = True
    rights = {"GET": None}

    def get(self, request: Any) -> Response:
        return self.answer(questions.overview(self.company.id))


class AccessView(BillingView):
    always_open = True
    rights = {"GET": None}

    def get(self, request: Any) -> Response:
        return self.answer(questions.access(self.company.id))


class AcceptTermsView(BillingView):
    """An expired trial may accept; so this is open whatever the state."""

    always_open = True

    def post(self, request: Any) -> Response:
        subscriptions.accept_terms(tenant_id=self.company.id, at=now(), actor=self.member)
        return self.answer(questions.overview(self.company.id))


class CancelView(BillingView):
    always_open = True

    def post(self, request: Any) -> Response:
        subscriptions.cancel(tenant_id=self.company.id, at=now(), actor=self.member)
        return self.answer(questions.overview(self.company.id))


class ResumeView(BillingView):
    always_open = True

    def post(self, request: Any) -> Response:
        subscriptions.resume(tenant_id=self.company.id, at=now(), actor=self.member)
        return self.answer(questions.overview(self.company.id))


class PreviewView(BillingView):
    """Looking changes nothing; the service refuses states that may not change modules (402)."""

    always_open = True

    def post(self, request: Any) -> Response:
        body = self.read(shapes.Changes)
        steps = changes.parse_steps(body["changes"])
        preview = changes.preview(tenant_id=self.company.id, steps=steps, at=now())
        return self.answer(change_questions.preview_shown(preview))


class ChangesView(BillingView):
    """The key is the change's own (unique per company), so equal commands in flight wait and get the same answer."""

    sheet = "changes"

    always_open = True

    stores_answers = False

    def get(self, request: Any) -> HttpResponseBase:
        rows = SubscriptionChange.objects.of(self.company.id).select_related("subscription").order_by("-id")
        return self.page(rows, change_questions.change_shown)

    def post(self, request: Any) -> HttpResponse:
        key = request.headers.get("Idempotency-Key", "").strip()
        body = self.read(shapes.Changes)
        if not key:
            raise KeyRequired(_("变更订阅需要 Idempotency-Key。"))
        if len(key) > 200:
            raise Invalid(_("Idempotency-Key 太长，最多 200 个字符。"))
        if not body.get("quote"):
            raise Invalid(_("请先预览，再用预览给出的 quote 确认。"), "quote_required", fields={"quote": [_("必填。")]})
        steps = changes.parse_steps(body["changes"])
        row, fresh = changes.change(
            tenant_id=self.company.id, steps=steps, quote=body["quote"], key=key, at=now(), actor=self.member
        )
        answer = self.answer(change_questions.change_answer(row), 201)
        if not fresh:
            answer["Idempotent-Replayed"] = "true"
        return answer
