"""The task queue. `celery -A config.celery` starts workers and the scheduler."""

import gc
import os

from celery import Celery
from celery.signals import beat_init, worker_process_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("qingzhun", task_cls="tenants.tasks:TenantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
celery = app


@beat_init.connect
@worker_process_init.connect
@worker_ready.connect
def keep_what_is_loaded(**_kwargs: object) -> None:
    """It stays to the end: neither the collector nor a process that stops need walk through it."""
    gc.freeze()
