"""Pages of guests, on the bare domain."""

from django.urls import path

from apps.supply.views import guest

app_name = "supply-guest"
urlpatterns = [
    path("<str:token>/", guest.desk_page, name="desk"),
    path("<str:token>/<uuid:order_id>/", guest.order_page, name="order"),
]
