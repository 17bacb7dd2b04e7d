"""The API of supply."""

from django.urls import path

from apps.supply.api import links, orders, records

app_name = "supply-api"
urlpatterns = [
    path("links/", links.LinkList.as_view(), name="links"),
    path("links/accept/", links.LinkAccept.as_view(), name="link-accept"),
    path("links/claim/", links.LinkClaim.as_view(), name="link-claim"),
    path("links/<uuid:link_id>/", links.LinkDetail.as_view(), name="link"),
    path("links/<uuid:link_id>/confirm/", links.LinkVerb.as_view(verb="confirm"), name="link-confirm"),
    path("links/<uuid:link_id>/decline/", links.LinkVerb.as_view(verb="decline"), name="link-decline"),
    path("links/<uuid:link_id>/suspend/", links.LinkVerb.as_view(verb="suspend"), name="link-suspend"),
    path("links/<uuid:link_id>/resume/", links.LinkVerb.as_view(verb="resume"), name="link-resume"),
    path("links/<uuid:link_id>/revoke/", links.LinkVerb.as_view(verb="close"), name="link-revoke"),
    path("item-maps/", links.ItemMapList.as_view(), name="item-maps"),
    path("item-maps/convert/", links.ItemMapConvert.as_view(), name="item-map-convert"),
    path("item-maps/<int:map_id>/", links.ItemMapDetail.as_view(), name="item-map"),
    path("chains/<uuid:chain>/", records.ChainDetail.as_view(), name="chain"),
    path("inbox/", records.InboxList.as_view(), name="inbox"),
    path("outbox/", records.OutboxList.as_view(), name="outbox"),
    path("access-log/", records.AccessLog.as_view(), name="access-log"),
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<uuid:order_id>/", orders.OrderDetail.as_view(), name="order"),
    path("orders/<uuid:order_id>/respond/", orders.OrderRespond.as_view(), name="order-respond"),
    path("orders/<uuid:order_id>/change/", orders.OrderChange.as_view(), name="order-change"),
    path("orders/<uuid:order_id>/cancel/", orders.OrderCancel.as_view(), name="order-cancel"),
    path("orders/<uuid:order_id>/withdraw/", orders.OrderWithdraw.as_view(), name="order-withdraw"),
    path("orders/<uuid:order_id>/map/", orders.OrderMap.as_view(), name="order-map"),
]
