"""The outbox: facts that happened, and what became of them with each listener."""

from django.db import models
from django.db.models import Q


class Fact(models.Model):
    """事实: something happened in this company. Written in the transaction that made it so, never changed."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    occurred_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="fact_by_name")]


class Delivery(models.Model):
    """One fact for one reaction; done in the transaction of the reaction's own rows, so its effect is exactly once."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已处理"
        FAILED = "failed", "失败"

    # Facts are written once and never removed (a trigger refuses), and a delivery is made only of one that is stored:
    # checking that row by row again would cost every posting of every module. `delivery_once` is the index.
    fact = models.ForeignKey(Fact, models.CASCADE, related_name="deliveries", db_constraint=False, db_index=False)
    reaction = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True, default="")
    next_try_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "reaction"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="delivery_open", condition=~Q(state="done")),
        ]
