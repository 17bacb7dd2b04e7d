"""API of billing."""

from django.urls import URLPattern

app_name = "billing-api"
urlpatterns: list[URLPattern] = []
