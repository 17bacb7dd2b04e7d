"""Files of a company: uploads, results of jobs, papers behind a voucher."""

from django.db import models
from django.db.models import Q


class Attachment(models.Model):
    """附件: one stored file. Its bytes never change; `path` is random and says nothing of the content.

    `owner` names the object it belongs to (`voucher:17`), empty while it is a draft. `right` is what a member needs to
    fetch it, empty = any member. `size` in bytes, `sha256` in hex.
    """

    name = models.CharField(max_length=200)
    path = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    owner = models.CharField(max_length=80, blank=True, default="")
    right = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    created_by_name = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path"], name="attachment_path_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]
        indexes = [models.Index(fields=["owner", "id"], name="attachment_owner", condition=~Q(owner=""))]

    def __str__(self) -> str:
        return self.name
