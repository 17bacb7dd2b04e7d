"""Pages of production."""

from django.urls import URLPattern, URLResolver

from apps.production import urls_board, urls_planning, urls_shop

app_name = "production"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_planning.urlpatterns,
    *urls_shop.urlpatterns,
    *urls_board.urlpatterns,
]
