"""外部通知 over the API, for the settings page and for programs: `/api/v1/company/webhooks/`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView
from kernel.clock import now
from kernel.exports import Column
from kernel.models import Webhook, WebhookDelivery
from kernel.webhooks import services

RIGHTS: dict[str, str | None] = {"GET": "company.settings", "*": "company.settings"}


class WebhookOutput(serializers.ModelSerializer[Webhook]):
    """Without the secret, which is shown once."""

    class Meta:
        model = Webhook
        fields = ["id", "url", "events", "is_active", "failures", "paused_reason", "created_at", "created_by_name"]


class WebhookInput(serializers.Serializer[Any]):
    """`events`: names of facts, or ["*"]."""

    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.CharField(max_length=80), max_length=200)
    is_active = serializers.BooleanField(required=False)


class DeliveryOutput(serializers.ModelSerializer[WebhookDelivery]):
    """One attempt to tell."""

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "event", "state", "attempts", "last_status", "last_error", "next_try_at", "created_at", "done_at",
        ]  # fmt: skip


class WebhookList(ExportListMixin, ModuleAPIView):
    """GET all; POST {url, events} → 201 with `secret`, once; 400 bad_webhook, unknown_event."""

    rights = RIGHTS
    export_name = "webhooks"
    export_columns = (
        Column("url", "URL"),
        Column("events", "Events"),
        Column("is_active", "Active"),
        Column("failures", "Failures", "number"),
    )

    @extend_schema(responses={200: WebhookOutput(many=True)})
    def get(self, request: Any) -> Any:
        return self.listed(services.all_webhooks(), WebhookOutput)

    @extend_schema(request=WebhookInput, responses={201: WebhookOutput})
    def post(self, request: Any) -> Response:
        data = WebhookInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        made, secret = services.create(url=given["url"], names=given["events"], member=self.member, at=now())
        return self.created({**WebhookOutput(made).data, "secret": secret})


class WebhookEvents(ModuleAPIView):
    """GET the names of facts that can be chosen."""

    rights = RIGHTS

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        return Response({"results": services.known_events()})


class WebhookDetail(ModuleAPIView):
    """GET, PATCH {url, events, is_active}, DELETE."""

    rights = RIGHTS

    @extend_schema(responses={200: WebhookOutput})
    def get(self, request: Any, webhook_id: int) -> Response:
        return Response(WebhookOutput(services.webhook_of(webhook_id)).data)

    @extend_schema(request=WebhookInput, responses={200: WebhookOutput})
    def patch(self, request: Any, webhook_id: int) -> Response:
        data = WebhookInput(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        changes = dict(data.validated_data)
        changed = services.change(webhook_id=webhook_id, member=self.member, changes=changes)
        return Response(WebhookOutput(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Any, webhook_id: int) -> Response:
        services.remove(webhook_id=webhook_id, member=self.member)
        return Response(status=204)


class WebhookTest(ModuleAPIView):
    """POST sends a harmless test; its outcome stands among the deliveries."""

    rights = RIGHTS

    @extend_schema(request=None, responses={202: DeliveryOutput})
    def post(self, request: Any, webhook_id: int) -> Response:
        delivery = services.try_out(webhook_id=webhook_id, member=self.member, at=now())
        return Response(DeliveryOutput(delivery).data, status=202)


class WebhookDeliveries(ExportListMixin, ModuleAPIView):
    """GET what was sent, newest first, with the reason of what failed."""

    rights = RIGHTS
    export_name = "webhook-deliveries"

    @extend_schema(responses={200: DeliveryOutput(many=True)})
    def get(self, request: Any, webhook_id: int) -> Any:
        found = services.webhook_of(webhook_id)
        return self.listed(services.deliveries(webhook_id=found.pk), DeliveryOutput)


class DeliveryRetry(ModuleAPIView):
    """POST puts a failed or abandoned delivery at the head of the queue."""

    rights = RIGHTS

    @extend_schema(request=None, responses={200: DeliveryOutput})
    def post(self, request: Any, delivery_id: int) -> Response:
        return Response(DeliveryOutput(services.retry(delivery_id=delivery_id, member=self.member)).data)
