"""API of finance."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from apps.finance.api.views import accounts, book, periods, posting, printing, reports, rules, vouchers
from kernel.api.imports import finance_shape, import_urls


class RowId:
    """An id that the database can hold: a longer number is simply not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Month:
    """A month such as 2026-01; anything else is not found."""

    regex = "(?:19|[2-9][0-9])[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Code:
    """A code of an account, dimension or value: no slash, no control characters."""

    regex = r"[^/\x00-\x1f]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "finance_code")
register_converter(RowId, "finance_id")
register_converter(Month, "finance_month")

app_name = "finance-api"

of_vouchers: list[URLPattern | URLResolver] = [
    path("", vouchers.VoucherList.as_view(), name="vouchers"),
    path("", include(import_urls("finance.vouchers", shape=finance_shape))),
    path("print/", printing.VoucherPrint.as_view(), name="vouchers-print"),
    path("batch/review/", vouchers.BatchReview.as_view(), name="vouchers-review"),
    path("batch/post/", vouchers.BatchPost.as_view(), name="vouchers-post"),
    path("<finance_id:voucher_id>/", vouchers.VoucherDetail.as_view(), name="voucher"),
    path("<finance_id:voucher_id>/review/", vouchers.ReviewView.as_view(), name="voucher-review"),
    path("<finance_id:voucher_id>/unreview/", vouchers.UnreviewView.as_view(), name="voucher-unreview"),
    path("<finance_id:voucher_id>/sign/", vouchers.SignView.as_view(), name="voucher-sign"),
    path("<finance_id:voucher_id>/post/", vouchers.PostView.as_view(), name="voucher-post"),
    path("<finance_id:voucher_id>/reverse/", vouchers.ReverseView.as_view(), name="voucher-reverse"),
    path("<finance_id:voucher_id>/copy/", vouchers.CopyView.as_view(), name="voucher-copy"),
    path("<finance_id:voucher_id>/cash-flow/", vouchers.CashFlowView.as_view(), name="voucher-cash-flow"),
]
of_periods: list[URLPattern | URLResolver] = [
    path("", periods.PeriodList.as_view(), name="periods"),
    path("<finance_month:period>/", periods.PeriodDetail.as_view(), name="period"),
    path("<finance_month:period>/checklist/", periods.ChecklistView.as_view(), name="checklist"),
    path("<finance_month:period>/close/", periods.CloseView.as_view(), name="period-close"),
    path("<finance_month:period>/reopen/", periods.ReopenView.as_view(), name="period-reopen"),
    path("<finance_month:period>/run/<str:step>/", periods.StepView.as_view(), name="period-step"),
]
of_reports: list[URLPattern | URLResolver] = [
    path("trial-balance/", reports.TrialBalanceView.as_view(), name="trial-balance"),
    path("general-ledger/", reports.GeneralLedgerView.as_view(), name="general-ledger"),
    path("subledger/", reports.SubledgerView.as_view(), name="subledger"),
    path("journal/", reports.JournalView.as_view(), name="journal"),
    path("aux-balance/", reports.AuxBalanceView.as_view(), name="aux-balance"),
    path("quantity-ledger/", reports.QuantityLedgerView.as_view(), name="quantity-ledger"),
    path("multi-column/", reports.MultiColumnView.as_view(), name="multi-column"),
    path("voucher-summary/", reports.VoucherSummaryView.as_view(), name="voucher-summary"),
    path("number-check/", reports.NumberCheckView.as_view(), name="number-check"),
    path("balance-sheet/", reports.BalanceSheetView.as_view(), name="balance-sheet"),
    path("income-statement/", reports.IncomeStatementView.as_view(), name="income-statement"),
    path("cash-flow/", reports.CashFlowStatementView.as_view(), name="cash-flow"),
    path("kpis/", reports.KpisView.as_view(), name="kpis"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("book/", book.BookView.as_view(), name="book"),
    path("book/setup/", book.SetupView.as_view(), name="book-setup"),
    path("book/start/", book.StartView.as_view(), name="book-start"),
    path("book/taxpayer-kinds/", book.TaxpayerKindsView.as_view(), name="taxpayer-kinds"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/", include(import_urls("finance.accounts", shape=finance_shape))),
    path("accounts/<finance_code:code>/", accounts.AccountDetail.as_view(), name="account"),
    path("dimensions/", accounts.DimensionList.as_view(), name="dimensions"),
    path("dimensions/<finance_code:code>/values/", accounts.ValueList.as_view(), name="values"),
    path("dimensions/<finance_code:code>/values/<finance_code:value>/", accounts.ValueDetail.as_view(), name="value"),
    path("exchange-rates/", accounts.RateList.as_view(), name="exchange-rates"),
    path("opening-balances/", periods.OpeningView.as_view(), name="opening-balances"),
    path("opening-balances/", include(import_urls("finance.opening", shape=finance_shape))),
    path("periods/", include(of_periods)),
    path("vouchers/", include(of_vouchers)),
    path("posting-rules/", posting.RuleList.as_view(), name="posting-rules"),
    path("posting-rules/<finance_code:code>/", posting.RuleDetail.as_view(), name="posting-rule"),
    path("posting-rules/<finance_code:code>/versions/", posting.RuleVersions.as_view(), name="rule-versions"),
    path("business-facts/", posting.FactList.as_view(), name="business-facts"),
    path("business-facts/<finance_id:fact_id>/", posting.FactDetail.as_view(), name="business-fact"),
    path("business-facts/<finance_id:fact_id>/retry/", posting.RetryFact.as_view(), name="fact-retry"),
    path("business-facts/<finance_id:fact_id>/set-aside/", posting.SetAsideFact.as_view(), name="fact-set-aside"),
    path("tax-rules/", rules.TaxRuleList.as_view(), name="tax-rules"),
    path("reclassifications/", rules.ReclassificationList.as_view(), name="reclassifications"),
    path("audit-log/", rules.LogList.as_view(), name="audit-log"),
    path("chain/", rules.ChainView.as_view(), name="chain"),
    path("reports/", include(of_reports)),
]
