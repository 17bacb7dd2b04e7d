"""Pages of the operator, below /operator/ on the bare domain."""

from django.urls import path

from apps.billing.views import board, companies, money, system

app_name = "operator"
urlpatterns = [
    path("", board.board, name="board"),
    path("search/", board.search, name="search"),
    path("tenants/", companies.tenant_list, name="tenants"),
    path("tenants/<slug:slug>/", companies.tenant_page, name="tenant"),
    path("tenants/<slug:slug>/trial/", companies.extend_trial, name="tenant-trial"),
    path("tenants/<slug:slug>/terms/", companies.set_terms, name="tenant-terms"),
    path("tenants/<slug:slug>/pause/", companies.pause_dunning, name="tenant-pause"),
    path("subscriptions/", companies.subscription_list, name="subscriptions"),
    path("invoices/", money.invoice_list, name="invoice-list"),
    path("invoices/<int:invoice_id>/", money.invoice_page, name="invoice"),
    path("invoices/<int:invoice_id>/pdf/", money.invoice_pdf, name="invoice-pdf"),
    path("invoices/<int:invoice_id>/finalise/", money.finalise, name="invoice-finalise"),
    path("invoices/<int:invoice_id>/void/", money.void, {"verb": "void"}, name="invoice-void"),
    path("invoices/<int:invoice_id>/uncollectible/", money.void, {"verb": "uncollectible"}, name="invoice-write-off"),
    path("bank/", money.bank_list, name="bank"),
    path("bank/import/", money.import_statement, name="bank-import"),
    path("bank/<int:line_id>/", money.bank_line, name="bank-line"),
    path("bank/<int:line_id>/match/", money.match, name="bank-match"),
    path("bank/<int:line_id>/ignore/", money.put_aside, {"verb": "ignore"}, name="bank-ignore"),
    path("bank/<int:line_id>/return/", money.put_aside, {"verb": "return"}, name="bank-return"),
    path("dunning/", money.dunning_list, name="dunning"),
    path("usage/", system.usage_page, name="usage"),
    path("usage/<int:event_id>/release/", system.release, name="usage-release"),
    path("usage/<int:event_id>/discard/", system.discard, name="usage-discard"),
    path("prices/", system.plan_list, name="prices"),
    path("prices/<int:plan_id>/", system.plan_page, name="price"),
    path("prices/<int:plan_id>/publish/", system.publish, name="price-publish"),
    path("jobs/", system.job_list, name="jobs"),
    path("jobs/<slug:name>/run/", system.run_job, name="job-run"),
    path("audit/", system.audit, name="audit"),
]
