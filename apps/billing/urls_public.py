"""Addresses of billing on the bare domain."""

from django.urls import URLPattern

app_name = "billing-public"
urlpatterns: list[URLPattern] = []
