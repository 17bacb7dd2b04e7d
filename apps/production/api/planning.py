"""Planning data, demands and typed stock over HTTP."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.masterdata import public as masterdata
from apps.production.api import plan_inputs, plan_outputs
from apps.production.api.base import ProductionView
from apps.production.models import Demand, PlanningData, StockEntry
from apps.production.selectors import plans
from apps.production.services import demands, planning_data, stock_entries
from apps.production.services.plan_refusals import absent
from kernel.clock import now
from kernel.exports import Column


class PlanningDataList(ProductionView):
    """GET the parameters of all items that have some."""

    export_name = "planning-data"
    export_columns = (
        Column("item.code", gettext_lazy("物料编码")),
        Column("lot_rule", gettext_lazy("批量规则")),
        Column("fixed_quantity", gettext_lazy("固定批量"), "quantity"),
        Column("min_lot", gettext_lazy("最小批量"), "quantity"),
        Column("max_lot", gettext_lazy("最大批量"), "quantity"),
        Column("multiple", gettext_lazy("倍数"), "quantity"),
        Column("period_days", gettext_lazy("合并天数"), "number"),
        Column("lead_days", gettext_lazy("提前期"), "number"),
        Column("safety_stock", gettext_lazy("安全库存"), "quantity"),
        Column("supplier.code", gettext_lazy("供应商")),
        Column("source", gettext_lazy("来源")),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        rows = PlanningData.objects.select_related("item", "supplier").order_by("item__code_key", "item_id")
        return self.listed(rows, plan_outputs.shaped(plan_outputs.planning_data))


class PlanningDataDetail(ProductionView):
    """GET, PUT the parameters of an item (PATCH: only what is sent); 400 bad_lot_rule, 409 stale_version."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, code: str) -> Response:
        item = self.found(code)
        row = PlanningData.objects.select_related("item", "supplier").filter(pk=item.id).first()
        if row is None:
            return Response(plan_outputs.default_planning_data(item.code))
        return Response(plan_outputs.planning_data(row))

    @extend_schema(request=plan_inputs.PlanningDataInput, responses={200: dict})
    def put(self, request: Any, code: str) -> Response:
        return self.save(code, whole=True)

    @extend_schema(request=plan_inputs.PlanningDataInput, responses={200: dict})
    def patch(self, request: Any, code: str) -> Response:
        return self.save(code, whole=False)

    def save(self, code: str, *, whole: bool) -> Response:
        item = self.found(code)
        values = self.body(plan_inputs.PlanningDataInput)
        planning_data.save_planning_data(item=item, values=values, actor=self.member, whole=whole)
        row = PlanningData.objects.select_related("item", "supplier").get(pk=item.id)
        return Response(plan_outputs.planning_data(row))

    def found(self, code: str) -> masterdata.ItemInfo:
        item = masterdata.item_by_code(code)
        if item is None:
            raise absent()
        return item


class DemandList(ProductionView):
    """GET ?item=&state=&kind=; POST a demand → 201; 400 unknown_item, too_many_decimals."""

    export_name = "demands"
    export_columns = (
        Column("item.code", gettext_lazy("物料编码")),
        Column("item.name", gettext_lazy("名称")),
        Column("quantity", gettext_lazy("数量"), "quantity"),
        Column("open", gettext_lazy("未完数量"), "quantity", value=lambda row: row.open),
        Column("due_on", gettext_lazy("需求日期"), "date"),
        Column("priority", gettext_lazy("优先级"), "number"),
        Column("reference", gettext_lazy("参考号")),
        Column("state", gettext_lazy("状态")),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        item = self.item()
        rows = plans.demands(item_id=item.id if item else None, state=self.text("state"), kind=self.text("kind"))
        return self.listed(rows, plan_outputs.shaped(plan_outputs.demand))

    @extend_schema(request=plan_inputs.DemandInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        made = demands.create_demand(values=self.body(plan_inputs.DemandInput), actor=self.member, at=now())
        return self.created(plan_outputs.demand(_demand(made.pk)))


class DemandDetail(ProductionView):
    @extend_schema(responses={200: dict})
    def get(self, request: Any, demand_id: int) -> Response:
        return Response(plan_outputs.demand(_demand(demand_id)))


class DemandCancel(ProductionView):
    """POST {version}: open → cancelled; 409 wrong_state, stale_version."""

    @extend_schema(request=plan_inputs.VersionInput, responses={200: dict})
    def post(self, request: Any, demand_id: int) -> Response:
        given = self.body(plan_inputs.VersionInput)
        demands.cancel_demand(demand_id=demand_id, actor=self.member, version=given.get("version"))
        return Response(plan_outputs.demand(_demand(demand_id)))


def _demand(demand_id: int) -> Demand:
    found = Demand.objects.select_related("item").filter(pk=demand_id).first()
    if found is None:
        raise absent()
    return found


class StockEntryList(ProductionView):
    """GET the typed figures; POST one → 201; 409 wrong_state where the stock module keeps stock."""

    export_name = "stock-entries"
    export_columns = (
        Column("item.code", gettext_lazy("物料编码")),
        Column("quantity", gettext_lazy("现有量"), "quantity"),
        Column("entered_at", gettext_lazy("填写时间"), "moment"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        rows = StockEntry.objects.select_related("item").order_by("item__code_key", "item_id")
        return self.listed(rows, plan_outputs.shaped(plan_outputs.stock_entry))

    @extend_schema(request=plan_inputs.StockEntryInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        given = self.body(plan_inputs.StockEntryInput)
        row = stock_entries.enter_stock(
            item_code=given["item"], quantity=given["quantity"], actor=self.member, at=now()
        )
        found = StockEntry.objects.select_related("item").get(pk=row.pk)
        return self.created(plan_outputs.stock_entry(found))
