"""Pages of the kernel on the bare domain."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
