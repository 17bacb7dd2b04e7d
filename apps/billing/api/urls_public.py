"""API of billing on the bare domain."""

from django.urls import URLPattern

app_name = "billing-api-public"
urlpatterns: list[URLPattern] = []
