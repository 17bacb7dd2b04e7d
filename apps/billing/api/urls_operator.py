"""API of the operator: `/api/v1/operator/` on the bare domain."""

from django.urls import path

from apps.billing.api import operator_machine as machine
from apps.billing.api import operator_views as views

app_name = "billing-api-operator"
urlpatterns = [
    path("price-plans/", views.PlansView.as_view(), name="price-plans"),
    path("price-plans/<int:plan_id>/impact/", views.PlanImpactView.as_view(), name="price-plan-impact"),
    path("price-plans/<int:plan_id>/publish/", views.PlanPublishView.as_view(), name="price-plan-publish"),
    path("tenants/", views.TenantsView.as_view(), name="tenants"),
    path("tenants/<slug:slug>/", views.TenantView.as_view(), name="tenant"),
    path("tenants/<slug:slug>/trial/", views.TrialView.as_view(), name="tenant-trial"),
    path("tenants/<slug:slug>/terms/", views.TermsView.as_view(), name="tenant-terms"),
    path("tenants/<slug:slug>/dunning/pause/", views.DunningPauseView.as_view(), name="tenant-dunning-pause"),
    path("subscriptions/", views.SubscriptionsView.as_view(), name="subscriptions"),
    path("invoices/", views.InvoicesView.as_view(), name="invoices"),
    path("invoices/<int:invoice_id>/", views.InvoiceView.as_view(), name="invoice"),
    path("invoices/<int:invoice_id>/finalise/", views.FinaliseView.as_view(), name="invoice-finalise"),
    path("invoices/<int:invoice_id>/void/", views.VoidView.as_view(), name="invoice-void"),
    path("invoices/<int:invoice_id>/uncollectible/", views.UncollectibleView.as_view(), name="invoice-uncollectible"),
    path("dunning/", views.DunningView.as_view(), name="dunning"),
    path("ledger/trial-balance/", views.TrialBalanceView.as_view(), name="trial-balance"),
    path("ledger/entries/", views.EntriesView.as_view(), name="ledger-entries"),
    path("audit/", views.AuditView.as_view(), name="audit"),
    path("bank/statements/", machine.StatementsView.as_view(), name="bank-statements"),
    path("bank/lines/", machine.BankLinesView.as_view(), name="bank-lines"),
    path("bank/lines/<int:line_id>/match/", machine.BankMatchView.as_view(), name="bank-match"),
    path("bank/lines/<int:line_id>/ignore/", machine.BankIgnoreView.as_view(), name="bank-ignore"),
    path("bank/lines/<int:line_id>/return/", machine.BankReturnView.as_view(), name="bank-return"),
    path("usage/events/batch/", machine.UsageBatchView.as_view(), name="usage-batch"),
    path("usage/health/", machine.UsageHealthView.as_view(), name="usage-health"),
    path("usage/quarantine/", machine.QuarantineView.as_view(), name="quarantine"),
    path("usage/quarantine/<int:event_id>/release/", machine.ReleaseView.as_view(), name="quarantine-release"),
    path("usage/quarantine/<int:event_id>/discard/", machine.DiscardView.as_view(), name="quarantine-discard"),
    path("test-clock/", machine.ClockView.as_view(), name="test-clock"),
    path("test-clock/advance/", machine.AdvanceView.as_view(), name="test-clock-advance"),
    path("jobs/", machine.JobRunsView.as_view(), name="job-runs"),
    path("jobs/<slug:name>/run/", machine.JobView.as_view(), name="job-run"),
]
