"""`manage.py up`: everything on one machine, from an empty folder to the sign-in page."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.embedded.errors import EmbeddedError
from tenants.embedded.installation import Installation


class Command(BaseCommand):
    """Start database, broker, web, worker and scheduler; run until Ctrl-C."""

    help = "启动全部服务：数据库、任务队列、网站、后台任务、定时任务；Ctrl-C 停止。"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """A refusal is a sentence and exit code 1, never a traceback."""
        try:
            Installation(os.environ, sys.stdout).run()
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
