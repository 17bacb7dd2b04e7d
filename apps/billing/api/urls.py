"""API of billing at a company's host: `/api/v1/billing/`."""

from django.urls import path

from apps.billing.api import invoice_views, usage_views, views

app_name = "billing-api"
urlpatterns = [
    path("account/", views.AccountView.as_view(), name="account"),
    path("subscription/", views.SubscriptionView.as_view(), name="subscription"),
    path("subscription/accept-terms/", views.AcceptTermsView.as_view(), name="accept-terms"),
    path("subscription/cancel/", views.CancelView.as_view(), name="cancel"),
    path("subscription/resume/", views.ResumeView.as_view(), name="resume"),
    path("subscription/changes/", views.ChangesView.as_view(), name="changes"),
    path("subscription/changes/preview/", views.PreviewView.as_view(), name="preview"),
    path("access/", views.AccessView.as_view(), name="access"),
    path("usage/", usage_views.UsageView.as_view(), name="usage"),
    path("usage/days/", usage_views.UsageDaysView.as_view(), name="usage-days"),
    path("usage/events/", usage_views.UsageEventsView.as_view(), name="usage-events"),
    path("usage/events/batch/", usage_views.UsageBatchView.as_view(), name="usage-batch"),
    path("caps/", usage_views.CapsView.as_view(), name="caps"),
    path("alerts/", usage_views.AlertsView.as_view(), name="alerts"),
    path("invoices/", invoice_views.InvoicesView.as_view(), name="invoices"),
    path("invoices/<int:invoice_id>/", invoice_views.InvoiceView.as_view(), name="invoice"),
    path("invoices/<int:invoice_id>/pdf/", invoice_views.InvoicePdfView.as_view(), name="invoice-pdf"),
    path("invoices/<int:invoice_id>/pay/", invoice_views.PayView.as_view(), name="pay"),
    path("payments/", invoice_views.PaymentsView.as_view(), name="payments"),
    path("balance/", invoice_views.BalanceView.as_view(), name="balance"),
    path("audit/", invoice_views.AuditView.as_view(), name="audit"),
]
