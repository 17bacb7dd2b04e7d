"""tax-rules/, reclassifications/, audit-log/, chain/."""

from typing import Any

from django.db.models import Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import shapes
from apps.finance.api.base import FinanceView, query
from apps.finance.api.inputs import ReclassifyBody
from apps.finance.api.outputs import LogOut, ReclassificationOut, TaxRuleOut
from apps.finance.models import Reclassification, TaxRule
from apps.finance.selectors import log
from apps.finance.services.chain import prove_chain
from apps.finance.services.rates import reclassify
from kernel.clock import now, today


class TaxRuleList(FinanceView):
    """GET the rules valid on a day (today unless told)."""

    export_name = "税收规则"

    @extend_schema(parameters=query(optional=("rule", "on")), responses=TaxRuleOut(many=True))
    def get(self, request: Any) -> Any:
        on, rule = self.params.day("on") or today(), self.params.text("rule")
        rows = TaxRule.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
        if rule is not None:
            rows = rows.filter(rule=rule)
        return self.listed(rows.order_by("rule", "applies_to", "label", "valid_from", "id"), TaxRuleOut)


class ReclassificationList(FinanceView):
    """GET reclassifications; POST one for the sheet of an open period."""

    export_name = "报表重分类"

    @extend_schema(parameters=query(optional=("period",)), responses=ReclassificationOut(many=True))
    def get(self, request: Any) -> Any:
        month = self.params.month("period")
        rows = Reclassification.objects.select_related("period").order_by("period__index", "id")
        return self.listed(rows if month is None else rows.filter(period__index=month.index), ReclassificationOut)

    @extend_schema(request=ReclassifyBody, responses={201: ReclassificationOut})
    def post(self, request: Any) -> Response:
        made = reclassify(**self.body(ReclassifyBody), actor=self.member, at=now())
        return self.created(shapes.reclassification_shape(made))


class LogList(FinanceView):
    """GET the log of the books, newest first; nothing else is offered."""

    rights = {"GET": "finance.audit"}
    export_name = "操作日志"

    @extend_schema(
        parameters=query(optional=("actor", "from", "to", "action", "object", "search")), responses=LogOut(many=True)
    )
    def get(self, request: Any) -> Any:
        params = self.params
        wanted = log.LogFilter(
            actor=params.text("actor"),
            since=params.day("from"),
            until=params.day("to"),
            action=params.text("action"),
            object=params.text("object"),
            search=params.text("search"),
        )
        return self.listed(log.listed(wanted), LogOut)


class ChainView(FinanceView):
    """GET walks the whole hash chain and says what does not fit."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> Response:
        report = prove_chain()
        problems = [{"voucher": problem.key, "kind": problem.kind} for problem in report.problems]
        return Response({"ok": report.ok, "length": report.length, "head": report.head, "problems": problems})
