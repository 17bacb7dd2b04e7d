"""Tables of the kernel in each company's schema."""

from kernel.models.documents import AuditEntry, IdempotencyKey, NumberCounter, Staff
from kernel.models.facts import Delivery, Fact

__all__ = ["AuditEntry", "Delivery", "Fact", "IdempotencyKey", "NumberCounter", "Staff"]
