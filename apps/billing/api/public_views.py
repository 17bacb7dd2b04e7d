"""What visitors ask: the price list, an estimate, and signing up. `/api/v1/` on the bare domain."""

from typing import Any

from django.conf import settings
from rest_framework.response import Response

from apps.billing.api import serializers as shapes
from apps.billing.api.base import PublicView
from apps.billing.selectors import estimates
from apps.billing.selectors import subscriptions as questions
from apps.billing.services import signup
from apps.billing.services.signup import SignupForm
from kernel.clock import now, today
from tenants.middleware import client_ip


class PricingView(PublicView):
    def get(self, request: Any) -> Response:
        return self.answer(questions.pricing(today()))


class EstimateView(PublicView):
    stores_answers = False

    def post(self, request: Any) -> Response:
        return self.answer(estimates.estimate(today=today(), **self.read(shapes.Estimate)))


class SignupView(PublicView):
    """202 whatever is known of name or mailbox (C1)."""

    stores_answers = False

    def post(self, request: Any) -> Response:
        body = self.read(shapes.Signup)
        body.pop("accept_terms")
        row, code = signup.begin(form=SignupForm(**body), ip=client_ip(request._request))
        answer = {"signup": row.public_id, "status": row.status}
        if settings.QZ_TEST_CLOCK:
            answer["test_code"] = code
        return self.answer(answer, 202)


class ConfirmView(PublicView):
    stores_answers = False

    def post(self, request: Any, public_id: str) -> Response:
        row = signup.confirm(public_id=public_id, code=self.read(shapes.Confirm)["code"], at=now())
        return self.answer({"signup": row.public_id, "status": row.status}, 202)


class SignupStatusView(PublicView):
    def get(self, request: Any, public_id: str) -> Response:
        return self.answer(signup.status(public_id=public_id))
