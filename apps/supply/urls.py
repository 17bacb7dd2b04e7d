"""Pages of supply."""

from django.urls import path
from django.views.generic import RedirectView

from apps.supply.views import deliveries, links, orders, orders_of_stock, partners, typing

app_name = "supply"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="supply:order-list")),
    path("orders/", orders.order_list, name="order-list"),
    path("orders/new/", typing.order_new, name="order-new"),
    path("orders/<uuid:order_id>/", orders.order_detail, name="order"),
    path("orders/<uuid:order_id>/act/", orders.order_act, name="order-act"),
    path("orders/<uuid:order_id>/link/", orders.guest_link, name="order-link"),
    path("orders/<uuid:order_id>/ship/", typing.ship, name="order-ship"),
    path("purchases/<int:purchase_id>/", orders_of_stock.purchase_panel, name="purchase-panel"),
    path("purchases/<int:purchase_id>/send/", orders_of_stock.purchase_send, name="purchase-send"),
    path("deliveries/", deliveries.delivery_list, name="delivery-list"),
    path("deliveries/<uuid:despatch_id>/", deliveries.delivery_detail, name="delivery"),
    path("deliveries/<uuid:despatch_id>/act/", deliveries.delivery_act, name="delivery-act"),
    path("deliveries/<uuid:despatch_id>/labels/", deliveries.labels, name="delivery-labels"),
    path("partners/", partners.partner_list, name="partner-list"),
    path("partners/<uuid:link_id>/", links.link_detail, name="link"),
    path("partners/<uuid:link_id>/act/", links.link_act, name="link-act"),
]
