"""Pages of the kernel on a company host."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
