"""Tables of the kernel in each company's schema."""

from kernel.models.documents import AuditEntry, IdempotencyKey, NumberCounter, Staff
from kernel.models.facts import Delivery, Fact
from kernel.models.files import Attachment
from kernel.models.imports import ImportJob
from kernel.models.jobs import Job, Notification, SavedView
from kernel.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "Attachment",
    "AuditEntry",
    "Delivery",
    "Fact",
    "IdempotencyKey",
    "ImportJob",
    "Job",
    "Notification",
    "NumberCounter",
    "SavedView",
    "Staff",
    "Webhook",
    "WebhookDelivery",
]
