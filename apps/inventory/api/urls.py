"""The API of inventory."""

from django.urls import include, path

from apps.inventory.api import documents, lots, orders, reading, reports, scanning, settings, stock
from apps.inventory.models import Lot
from apps.inventory.services.orders.sides import PURCHASES, SALES, Side
from kernel.api.imports import import_urls

app_name = "inventory-api"
LISTS = {
    "receipts": documents.ReceiptList,
    "issues": documents.IssueList,
    "transfers": documents.TransferList,
    "assemblies": documents.AssemblyList,
    "cost-adjustments": documents.AdjustmentList,
    "landed-costs": documents.LandedList,
}


def _orders(name: str, side: Side, deliver: str) -> list[object]:
    """Urls of one kind of orders."""
    verbs = {
        "confirm": orders.OrderConfirm,
        "change": orders.OrderChange,
        "close": orders.OrderClose,
        "cancel": orders.OrderCancel,
        deliver: orders.OrderDeliver,
        "return": orders.OrderReturn,
    }
    return [
        path(f"{name}/", orders.OrderList.as_view(side=side), name=name),
        path(f"{name}/<int:order_id>/", orders.OrderDetail.as_view(side=side), name=f"{name}-one"),
        *(
            path(f"{name}/<int:order_id>/{verb}/", view.as_view(side=side), name=f"{name}-{verb}")
            for verb, view in verbs.items()
        ),
    ]


def _documents(name: str) -> list[object]:
    """Urls of one kind of documents."""
    view = LISTS[name]
    kind = view.kind
    return [
        path(f"{name}/", view.as_view(), name=name),
        path(f"{name}/<int:document_id>/", documents.DocumentDetail.as_view(kind=kind), name=f"{name}-one"),
        path(f"{name}/<int:document_id>/post/", documents.DocumentPost.as_view(kind=kind), name=f"{name}-post"),
        path(
            f"{name}/<int:document_id>/reverse/", documents.DocumentReverse.as_view(kind=kind), name=f"{name}-reverse"
        ),
    ]


urlpatterns = [
    *(
        path(f"{name}/", include(import_urls(f"inventory.{name.replace('-', '_')}")))
        for name in ("receipts", "sales-orders", "purchase-orders", "item-settings")
    ),
    *_orders("sales-orders", SALES, "ship"),
    *_orders("purchase-orders", PURCHASES, "receive"),
    *(url for name in LISTS for url in _documents(name)),
    path("transfers/<int:document_id>/receive/", documents.TransferReceive.as_view(), name="transfers-receive"),
    path("settings/", settings.SettingsView.as_view(), name="settings"),
    path("item-settings/<path:item>/", settings.ItemSettingsView.as_view(), name="item-settings"),
    path("moves/", reading.MoveList.as_view(), name="moves"),
    path("cost-entries/", reading.EntryList.as_view(), name="cost-entries"),
    path("on-hand/", reading.OnHandList.as_view(), name="on-hand"),
    path("valuation/", reading.ValuationList.as_view(), name="valuation"),
    path("availability/", reading.AvailabilityView.as_view(), name="availability"),
    path("expected-receipts/", stock.ExpectedList.as_view(), name="expected-receipts"),
    path("reservations/", stock.ReservationList.as_view(), name="reservations"),
    path("reservations/<int:reservation_id>/", stock.ReservationDetail.as_view(), name="reservation"),
    path("reservations/<int:reservation_id>/release/", stock.ReservationRelease.as_view(), name="reservation-release"),
    path("lots/", lots.LotList.as_view(), name="lots"),
    path("lots/<int:lot_id>/", lots.LotDetail.as_view(), name="lot"),
    path("lots/<int:lot_id>/trace/", lots.LotTrace.as_view(), name="lot-trace"),
    path("lots/<int:lot_id>/hold/", lots.LotVerb.as_view(state=Lot.State.HELD), name="lot-hold"),
    path("lots/<int:lot_id>/release/", lots.LotVerb.as_view(state=Lot.State.FREE), name="lot-release"),
    path("lots/<int:lot_id>/block/", lots.LotVerb.as_view(state=Lot.State.BLOCKED), name="lot-block"),
    path("periods/", settings.PeriodList.as_view(), name="periods"),
    path("periods/<str:month>/check/", settings.PeriodCheck.as_view(), name="period-check"),
    path("periods/<str:month>/close/", settings.PeriodClose.as_view(), name="period-close"),
    path("scan/", scanning.ScanView.as_view(), name="scan"),
    path("labels/", scanning.LabelView.as_view(), name="labels"),
    path("warnings/", reports.WarningList.as_view(), name="warnings"),
    path("reports/movements/", reports.MovementsReport.as_view(), name="report-movements"),
    path("reports/slow/", reports.SlowReport.as_view(), name="report-slow"),
    path("reports/expiry/", reports.ExpiryReport.as_view(), name="report-expiry"),
    path("reports/turnover/", reports.TurnoverReport.as_view(), name="report-turnover"),
    path("reports/order-book/", reports.OrderBookReport.as_view(), name="report-order-book"),
]
