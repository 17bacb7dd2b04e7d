"""Addresses of billing on the bare domain."""

from django.urls import URLPattern

app_name = "billing-operator"
urlpatterns: list[URLPattern] = []
