"""Facts told to other systems over HTTPS."""

from django.db import models
from django.db.models import Q

from kernel.models.facts import Fact


class Webhook(models.Model):
    """外部通知地址: where facts of the chosen names are posted. `secret` signs; it is shown once and kept sealed."""

    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=300)
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    failures = models.PositiveIntegerField(default=0)
    paused_reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=60)


class WebhookDelivery(models.Model):
    """外部通知投递: one fact for one address; sent again with growing waits until it is answered 2xx."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已送达"
        FAILED = "failed", "失败"
        GIVEN_UP = "given_up", "已放弃"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    fact = models.ForeignKey(Fact, models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=80)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_error = models.CharField(max_length=500, blank=True, default="")
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "fact"], name="webhook_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                name="webhook_delivery_open",
                condition=Q(state__in=["waiting", "failed"]),
            ),
        ]
