"""What was scanned: one row a scan, so that a scan sent twice does nothing twice."""

from django.db import models


class ScanHit(models.Model):
    """扫码记录. `key` is made by the phone that scanned, `answer` what it was told: the same key gets it again."""

    key = models.CharField(max_length=80)
    task = models.CharField(max_length=20)
    code = models.CharField(max_length=1000)
    answer = models.JSONField(default=dict)
    scanned_by_id = models.BigIntegerField()
    scanned_by_name = models.CharField(max_length=150)
    scanned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="scan_key_once")]
        indexes = [models.Index(fields=["scanned_at"], name="scan_by_moment")]
