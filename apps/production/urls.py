"""Pages of production."""

from django.urls import URLPattern, URLResolver

from apps.production import urls_planning

app_name = "production"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_planning.urlpatterns,
]
