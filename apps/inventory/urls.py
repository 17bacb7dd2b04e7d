"""Pages of inventory."""

from django.urls import path, re_path

from apps.inventory.views import documents, home, lots, orders, periods, scanning, stock

app_name = "inventory"
urlpatterns = [
    path("", home.board, name="home"),
    path("board/", home.board, name="board"),
    path("sales-orders/", orders.sales_list, name="sales-orders"),
    path("sales-orders/new/", orders.sales_edit, name="sales-order-new"),
    path("sales-orders/<int:order_id>/", orders.sales_order, name="sales-order"),
    path("sales-orders/<int:order_id>/edit/", orders.sales_edit, name="sales-order-edit"),
    path("purchase-orders/", orders.purchase_list, name="purchase-orders"),
    path("purchase-orders/new/", orders.purchase_edit, name="purchase-order-new"),
    path("purchase-orders/<int:order_id>/", orders.purchase_order, name="purchase-order"),
    path("purchase-orders/<int:order_id>/edit/", orders.purchase_edit, name="purchase-order-edit"),
    re_path(
        r"^(?P<kind>sales-orders|purchase-orders)/(?P<order_id>[0-9]{1,15})/(?P<verb>ship|receive|return)/$",
        orders.order_move,
        name="order-move",
    ),
    re_path(
        r"^sales-orders/(?P<order_id>[0-9]{1,15})/(?P<verb>confirm|close|cancel|delete)/$",
        orders.sales_verb,
        name="sales-order-verb",
    ),
    re_path(
        r"^purchase-orders/(?P<order_id>[0-9]{1,15})/(?P<verb>confirm|close|cancel|delete)/$",
        orders.purchase_verb,
        name="purchase-order-verb",
    ),
    path("stock/", stock.stock, name="stock"),
    path("stock/<int:item_id>/", stock.stock_item, name="stock-item"),
    *(
        entry
        for kind in documents.KINDS
        for entry in (
            path(f"{kind}s/", documents.document_list, {"kind": kind}, name=f"{kind}s"),
            path(f"{kind}s/new/", documents.document_new, {"kind": kind}, name=f"{kind}-new"),
        )
    ),
    path("documents/<int:document_id>/", documents.document, name="document"),
    path("documents/<int:document_id>/edit/", documents.document_edit, name="document-edit"),
    re_path(
        r"^documents/(?P<document_id>[0-9]{1,15})/(?P<verb>post|delete|reverse|arrive)/$",
        documents.document_verb,
        name="document-verb",
    ),
    path("scan/", scanning.scan_page, name="scan"),
    path("scan/hit/", scanning.scan_hit, name="scan-hit"),
    path("scan/undo/<int:document_id>/", scanning.scan_undo, name="scan-undo"),
    path("lots/", lots.lot_list, name="lots"),
    path("lots/<int:lot_id>/", lots.lot, name="lot"),
    re_path(r"^lots/(?P<lot_id>[0-9]{1,15})/(?P<verb>hold|release|block)/$", lots.lot_verb, name="lot-verb"),
    path("labels/", lots.print_labels, name="labels"),
    path("valuation/", periods.valuation, name="valuation"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<str:month>/close/", periods.period_close, name="period-close"),
    path("settings/", periods.settings, name="settings"),
]
