"""通知渠道: where word of a partner's act is sent, and the queue of what is to be sent."""

from django.db import models


class NoticeChannel(models.Model):
    """A mail address that hears of `events` (empty = all). Five failures pause it."""

    kind = models.CharField(max_length=10, default="mail")
    address = models.CharField(max_length=254)
    events = models.JSONField(default=list)
    is_paused = models.BooleanField(default=False)
    failures = models.PositiveIntegerField(default=0)
    created_by_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "address"], name="supply_channel_once")]


class SupplyNotice(models.Model):
    """One message of one channel: kind, number, partner's short name, link; no price, quantity or bank data."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    channel = models.ForeignKey(NoticeChannel, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=64, blank=True, default="")
    partner = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"], name="supply_notice_waiting")]
