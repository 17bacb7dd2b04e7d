"""Addresses of a company's host."""

from django.urls import include, path

from config.urls_common import common

urlpatterns = [
    *common,
    path("", include("kernel.urls")),
    path("masterdata/", include("apps.masterdata.urls")),
    path("api/v1/masterdata/", include("apps.masterdata.api.urls")),
    path("inventory/", include("apps.inventory.urls")),
    path("api/v1/inventory/", include("apps.inventory.api.urls")),
    path("production/", include("apps.production.urls")),
    path("api/v1/production/", include("apps.production.api.urls")),
    path("supply/", include("apps.supply.urls")),
    path("api/v1/supply/", include("apps.supply.api.urls")),
    path("finance/", include("apps.finance.urls")),
    path("api/v1/finance/", include("apps.finance.api.urls")),
    path("company/", include("apps.billing.urls")),
    path("api/v1/billing/", include("apps.billing.api.urls")),
]
handler404 = "kernel.http.errors.page_not_found"
handler500 = "kernel.http.errors.server_error"
