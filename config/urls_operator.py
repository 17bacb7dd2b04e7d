"""Addresses of the bare domain: the public site, sign-up and the operator."""

from django.urls import include, path

from config.urls_common import common

urlpatterns = [
    *common,
    path("", include("kernel.urls_public")),
    path("", include("apps.billing.urls_public")),
    path("g/", include("apps.supply.urls_guest")),
    path("api/v1/guest/", include("apps.supply.api.urls_guest")),
    path("operator/", include("apps.billing.urls_operator")),
    path("api/v1/", include("apps.billing.api.urls_public")),
    path("api/v1/operator/", include("apps.billing.api.urls_operator")),
]
handler404 = "kernel.http.errors.page_not_found"
handler500 = "kernel.http.errors.server_error"
