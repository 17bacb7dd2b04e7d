"""Addresses that every host has: health, offline shell, preferences, the API's description."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from kernel.views import edge, health, licences

common = [
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("offline/", edge.offline, name="offline"),
    path("sw.js", edge.service_worker, name="service-worker"),
    path("pref/", edge.preference, name="preference"),
    path("licences/", licences.licence_page, name="licences"),
    path("style/", edge.style, name="style"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]
