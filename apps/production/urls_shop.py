"""Pages of the shop floor: work orders, reports, piece wages."""

from django.urls import URLPattern, path, register_converter

from apps.production.api.shop_urls import RowId
from apps.production.views import shop_reports, work_orders

register_converter(RowId, "shop_page_id")
urlpatterns: list[URLPattern] = [
    path("work-orders/", work_orders.order_list, name="order-list"),
    path("work-orders/new/", work_orders.order_new, name="order-new"),
    path("work-orders/<shop_page_id:order_id>/", work_orders.order_page, name="order"),
    path("work-orders/<shop_page_id:order_id>/traveller/", work_orders.traveller, name="traveller"),
    path("work-orders/<shop_page_id:order_id>/change/", work_orders.order_change, name="order-change"),
    path("work-orders/<shop_page_id:order_id>/issue/", work_orders.order_issue, name="order-issue"),
    path("work-orders/<shop_page_id:order_id>/return/", work_orders.order_return, name="order-return"),
    path("work-orders/<shop_page_id:order_id>/receive/", work_orders.order_receive, name="order-receive"),
    path("work-orders/<shop_page_id:order_id>/do/<slug:verb>/", work_orders.order_verb, name="order-verb"),
    path("reports/", shop_reports.reports, name="reports"),
    path("reports/new/", shop_reports.report_new, name="report-new"),
    path("reports/<shop_page_id:report_id>/undo/", shop_reports.report_undo, name="report-undo"),
    path("wages/", shop_reports.wage_page, name="wages"),
    path("wages/settle/", shop_reports.wage_settle, name="wage-settle"),
    path("wages/rates/", shop_reports.rate_page, name="rates"),
]
