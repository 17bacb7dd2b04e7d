"""periods/ and opening-balances/."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import shapes
from apps.finance.api.base import SETTINGS, FinanceView, query
from apps.finance.api.inputs import STEP_BODIES, Body, OpeningBody, OpeningRowBody, ReasonBody
from apps.finance.api.outputs import PeriodOut
from apps.finance.domain.periods import Period as Month
from apps.finance.models import OpeningBalance, OpeningCashFlow
from apps.finance.selectors import periods as selectors
from apps.finance.selectors import vouchers
from apps.finance.services import opening
from apps.finance.services import periods as services
from apps.finance.services.checklist import checklist
from apps.finance.services.refusals import invalid
from apps.finance.services.steps import run_step
from kernel.api.pagination import Pages
from kernel.clock import now


class PeriodList(FinanceView):
    """GET the periods by time."""

    export_name = "会计期间"

    @extend_schema(parameters=query(optional=("year",)), responses=PeriodOut(many=True))
    def get(self, request: Any) -> Any:
        rows = selectors.listed(self.params.whole("year", least=1900, most=9999))
        if self._wanted_format():
            return self.listed(selectors.viewed(list(rows)), PeriodOut)
        paginator = Pages()
        page = selectors.viewed(paginator.paginate_queryset(rows, request, view=self) or [])
        return paginator.get_paginated_response([shapes.period_shape(view) for view in page])


class PeriodDetail(FinanceView):
    """GET one period."""

    @extend_schema(responses=PeriodOut)
    def get(self, request: Any, period: str) -> Response:
        return Response(shapes.period_shape(selectors.detail(Month.parse(period))))


class ChecklistView(FinanceView):
    """GET what is left to do before the period may be closed."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, period: str) -> Response:
        selectors.detail(Month.parse(period))
        return Response(shapes.checklist_shape(period, checklist(period=period)))


class CloseView(FinanceView):
    """POST closes the period; 409 `period_not_ready` lists what blocks."""

    rights = {"*": "finance.close"}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, period: str) -> Response:
        closed = services.close_period(period=period, actor=self.member, at=now())
        year = closed.year if closed.as_month.is_december else None
        return Response({"period": str(closed), "state": closed.state, "year_closed": year})


class ReopenView(FinanceView):
    """POST opens the last closed period again, with a reason."""

    rights = {"*": "finance.reopen"}

    @extend_schema(request=ReasonBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, period: str) -> Response:
        reason = self.body(ReasonBody)["reason"]
        opened = services.reopen_period(period=period, reason=reason, actor=self.member)
        return Response({"period": str(opened), "state": opened.state})


class StepView(FinanceView):
    """POST drafts the vouchers of a month-end step."""

    rights = {"*": "finance.close"}

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, period: str, step: str) -> Response:
        options = self.body(STEP_BODIES.get(step, Body))
        made = run_step(step=step, period=period, actor=self.member, at=now(), options=options)
        drafts = vouchers.details([voucher.pk for voucher in made])
        return Response({"step": step, "period": period, "vouchers": [shapes.voucher_shape(draft) for draft in drafts]})


class OpeningView(FinanceView):
    """PUT replaces the opening balances, GET reads them."""

    rights = SETTINGS

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> Response:
        rows = OpeningBalance.objects.select_related("account", "combo").prefetch_related("items")
        ordered = rows.order_by("account__code", "combo__key", "currency", "id")
        flows = OpeningCashFlow.objects.order_by("line").values_list("line", "amount")
        return Response(
            {
                **_totals(opening.opening_totals()),
                "count": len(ordered),
                "rows": [shapes.opening_shape(row) for row in ordered],
                "cash_flow_ytd": {str(line): shapes.money(amount) for line, amount in flows},
            }
        )

    @extend_schema(request=OpeningBody, responses=OpenApiTypes.OBJECT)
    def put(self, request: Any) -> Response:
        data = self.body(OpeningBody)
        totals = opening.put_opening_balances(
            rows=[OpeningRowBody.row(row) for row in data["rows"]],
            cash_flow_ytd=_cash_flow(data.get("cash_flow_ytd", {})),
            actor=self.member,
        )
        return Response(_totals(totals))


def _cash_flow(given: dict[str, Any]) -> dict[int, Any]:
    strange = [line for line in given if not (line.isascii() and line.isdigit() and len(line) <= 2)]
    if strange:
        raise invalid(f"cash_flow_ytd.{strange[0][:20]}", f"cash_flow_ytd.{strange[0][:20]}")
    return {int(line): amount for line, amount in given.items()}


def _totals(totals: opening.OpeningTotals) -> dict[str, Any]:
    return {
        "rows": totals.rows,
        "debit_total": shapes.money(totals.debit),
        "credit_total": shapes.money(totals.credit),
        "year_begin_debit": shapes.money(totals.year_begin_debit),
        "year_begin_credit": shapes.money(totals.year_begin_credit),
        "difference": shapes.money(totals.difference),
        "balanced": totals.balanced,
    }
