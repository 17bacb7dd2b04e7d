"""Files that become rows: one job for each file."""

from django.db import models

from kernel.models.files import Attachment


class ImportJob(models.Model):
    """导入任务: a file on its way into a list.

    draft (uploaded in the wizard) → queued → running → done | refused (all or nothing met errors, nothing was written)
    | failed (the file cannot be read, or the import broke off; nothing was written); checked = a trial run has ended.
    `mapping` is {column: heading of the file}; `errors` holds the first 1000, `error_file` all; `undo_data` is what the
    kind needs to take the import back until `undo_until`. `actor` is the member at the moment of the order.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "待匹配"
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        CHECKED = "checked", "已检查"
        DONE = "done", "已完成"
        REFUSED = "refused", "有错误，未导入"
        FAILED = "failed", "失败"

    class Mode(models.TextChoices):
        ALL_OR_NOTHING = "all_or_nothing", "全部正确才导入"
        SKIP_BAD_ROWS = "skip_bad_rows", "跳过错误行"

    class OnExisting(models.TextChoices):
        REFUSE = "refuse", "已存在则报错"
        UPDATE = "update", "已存在则更新"

    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.ALL_OR_NOTHING)
    on_existing = models.CharField(max_length=10, choices=OnExisting.choices, default=OnExisting.REFUSE)
    is_trial = models.BooleanField(default=False)
    options = models.JSONField(default=dict)
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    mapping = models.JSONField(default=dict)
    rows_total = models.PositiveIntegerField(default=0)
    rows_ok = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)
    warning_rows = models.JSONField(default=list)
    message = models.CharField(max_length=500, blank=True, default="")
    error_file = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")
    undo_data = models.JSONField(null=True)
    undo_until = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    actor = models.JSONField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="import_job_of_kind")]

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.REFUSED, self.State.FAILED)
