"""API of finance."""

from django.urls import URLPattern

app_name = "finance-api"
urlpatterns: list[URLPattern] = []
