"""The API of production."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
