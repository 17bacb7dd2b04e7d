"""The API of production."""

from django.urls import URLPattern, URLResolver

from apps.production.api import shop_urls, urls_capacity, urls_planning

app_name = "production-api"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_planning.urlpatterns,
    *urls_capacity.urlpatterns,
    *shop_urls.urlpatterns,
]
