"""API of masterdata."""

from django.urls import URLPattern

app_name = "masterdata-api"
urlpatterns: list[URLPattern] = []
