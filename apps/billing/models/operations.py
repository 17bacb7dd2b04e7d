"""How the machinery runs: reminders sent, jobs, and who did what."""

from django.db import models

from apps.billing.models.invoices import Invoice
from apps.billing.models.scoping import TenantOwned


class DunningStep(TenantOwned):
    """催收记录: one step for one invoice on one day, done once however often the job runs."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="dunning_steps")
    kind = models.CharField(max_length=20)
    on = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "kind", "on"], name="dunning_step_once")]


class JobRun(models.Model):
    """任务运行: counts and the companies at which a step failed; one failing company stops nobody."""

    name = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    for_moment = models.DateTimeField()
    counts = models.JSONField(default=dict)
    failed = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="job_run_newest")]


class AuditLog(models.Model):
    """运营操作日志: who changed what of which company, before and after, and why; append-only."""

    at = models.DateTimeField()
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, null=True, related_name="+")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True, default="")
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="billing_audit_of_tenant")]
