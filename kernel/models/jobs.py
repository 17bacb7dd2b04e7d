"""Work that goes on while the member does other things, and what the member is told."""

from django.db import models
from django.db.models import Q

from kernel.models.files import Attachment


class Job(models.Model):
    """后台任务: long work with progress: `done` of `total` steps, ending in a result file or a page to go to."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    params = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True, default="")
    result = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    url = models.CharField(max_length=300, blank=True, default="")
    actor = models.JSONField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_by_id", "-id"], name="job_of_member")]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class Notification(models.Model):
    """通知: one sentence for one member. `message` is a text of the catalogue, `params` fills it in when it is read."""

    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    message = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    is_bad = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-id"], name="notification_newest"),
            models.Index(fields=["user_id"], name="notification_unread", condition=Q(read_at=None)),
        ]


class SavedView(models.Model):
    """常用筛选: a list's filter under a name of the member's own. `list` is the list's path."""

    user_id = models.BigIntegerField()
    list = models.CharField(max_length=120)
    name = models.CharField(max_length=40)
    querystring = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "list", "name"], name="saved_view_name_once")]
