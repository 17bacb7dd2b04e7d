"""The API of guests, on the bare domain."""

from django.urls import path

from apps.supply.api import guest

app_name = "supply-guest-api"
urlpatterns = [
    path("", guest.GuestDesk.as_view(), name="desk"),
    path("orders/<uuid:order_id>/", guest.GuestOrderDetail.as_view(), name="order"),
    path("orders/<uuid:order_id>/respond/", guest.GuestRespond.as_view(), name="respond"),
    path("orders/<uuid:order_id>/change/", guest.GuestChange.as_view(), name="change"),
    path("orders/<uuid:order_id>/cancel/", guest.GuestCancel.as_view(), name="cancel"),
    path("despatches/", guest.GuestDespatches.as_view(), name="despatches"),
    path("code/", guest.GuestCode.as_view(), name="code"),
    path("claim/", guest.GuestClaim.as_view(), name="claim"),
]
