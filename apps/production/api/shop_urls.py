"""Addresses of the shop floor's API: work orders, reports, piece wages."""

from django.urls import URLPattern, URLResolver, path, register_converter

from apps.production.api import shop_reports, work_orders


class RowId:
    """An id that the database can hold: a longer number is simply not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class OrderName:
    """A work order's id or number."""

    regex = r"[^/\x00-\x1f]{1,40}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(RowId, "shop_id")
register_converter(OrderName, "work_order")

urlpatterns: list[URLPattern | URLResolver] = [
    path("work-orders/", work_orders.WorkOrderList.as_view()),
    path("work-orders/<work_order:order>/", work_orders.WorkOrderDetail.as_view()),
    path("work-orders/<work_order:order>/cost/", work_orders.CostView.as_view()),
    path("work-orders/<work_order:order>/release/", work_orders.ReleaseView.as_view()),
    path("work-orders/<work_order:order>/hold/", work_orders.HoldView.as_view()),
    path("work-orders/<work_order:order>/resume/", work_orders.ResumeView.as_view()),
    path("work-orders/<work_order:order>/change/", work_orders.ChangeView.as_view()),
    path("work-orders/<work_order:order>/cancel/", work_orders.CancelView.as_view()),
    path("work-orders/<work_order:order>/complete/", work_orders.CompleteView.as_view()),
    path("work-orders/<work_order:order>/close/", work_orders.CloseView.as_view()),
    path("work-orders/<work_order:order>/issue/", work_orders.IssueView.as_view()),
    path("work-orders/<work_order:order>/return/", work_orders.ReturnView.as_view()),
    path("work-orders/<work_order:order>/receive/", work_orders.ReceiveView.as_view()),
    path("reports/", shop_reports.ReportList.as_view()),
    path("reports/<shop_id:report_id>/", shop_reports.ReportDetail.as_view()),
    path("reports/<shop_id:report_id>/undo/", shop_reports.UndoView.as_view()),
    path("piece-rates/", shop_reports.RateList.as_view()),
    path("wages/", shop_reports.WageList.as_view()),
    path("wages/lines/", shop_reports.WageLineList.as_view()),
    path("wages/settle/", shop_reports.SettleView.as_view()),
]
