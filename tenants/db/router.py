"""Which tables belong where: shared apps in `public`, module apps in each company's schema, never both."""

from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db import connections
from django_tenants.routers import TenantSyncRouter

from tenants.db.base import SHARED, DatabaseWrapper


class Router(TenantSyncRouter):
    """As the stock router, but for every alias: the one that migrates is not the one that serves."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        shared = cast(DatabaseWrapper, connections[db]).schema_name == SHARED
        return apps.get_app_config(app_label).name in (settings.SHARED_APPS if shared else settings.TENANT_APPS)
