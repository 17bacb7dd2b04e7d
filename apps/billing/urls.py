"""Pages of billing on a company's host, below /company/."""

from django.urls import path

from apps.billing.views import details, invoices, subscription, usage

app_name = "billing"
urlpatterns = [
    path("apps/", subscription.apps_page, name="apps"),
    path("apps/change/", subscription.change_dialog, name="change-dialog"),
    path("apps/change/preview/", subscription.change_preview, name="change-preview"),
    path("apps/change/confirm/", subscription.change, name="change"),
    path("apps/terms/", subscription.terms, name="terms"),
    path("apps/cancel/", subscription.cancel, name="cancel"),
    path("apps/resume/", subscription.resume, name="resume"),
    path("usage/", usage.usage_page, name="usage"),
    path("usage/limit/", usage.limit, name="usage-limit"),
    path("usage/<str:meter>/", usage.meter_page, name="usage-meter"),
    path("invoices/", invoices.invoice_list, name="invoice-list"),
    path("invoices/details/", details.billing_details, name="details"),
    path("invoices/<int:invoice_id>/", invoices.invoice_page, name="invoice"),
    path("invoices/<int:invoice_id>/pdf/", invoices.invoice_pdf, name="invoice-pdf"),
    path("invoices/<int:invoice_id>/transferred/", invoices.transferred, name="invoice-transferred"),
]
