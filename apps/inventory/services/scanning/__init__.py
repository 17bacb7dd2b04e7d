"""扫码作业: each scan is understood, perhaps posted, and answered with what comes next."""

from apps.inventory.services.scanning.session import TASKS, ScanContext, scan, task_named

__all__ = ["TASKS", "ScanContext", "scan", "task_named"]
