"""settings/, item-settings/ and periods/."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from apps.inventory.api.base import InventoryView, Json, day, money, quantity_text
from apps.inventory.api.inputs import MONEY, Body, chars, decimal, rows
from apps.inventory.api.params import month_of, partner_called, warehouse_called
from apps.inventory.models import ItemSettings, Period, StockSettings
from apps.inventory.models.settings import Method, ReorderRule, Scope
from apps.inventory.selectors import settings as selectors
from apps.inventory.services import closing, item_settings
from apps.masterdata import public as masterdata
from apps.masterdata.public import ItemInfo
from kernel.clock import now
from kernel.errors import NotFound
from kernel.exports import Column

QUANTITY: dict[str, Any] = {"max_digits": 18, "decimal_places": 4, "min_value": 0}


class SettingsBody(Body):
    default_method = serializers.ChoiceField(choices=Method.values, required=False)
    default_scope = serializers.ChoiceField(choices=Scope.values, required=False)
    stocktake_tolerance = decimal({**MONEY, "decimal_places": 4, "min_value": 0})

    def validate(self, attrs: Json) -> Json:
        """A null tolerance means that no difference needs a second person."""
        return attrs


class ReorderBody(Body):
    warehouse = chars(64, required=True)
    rule = serializers.ChoiceField(choices=ReorderRule.Rule.values, default=ReorderRule.Rule.MIN_MAX)
    reorder_point = decimal(QUANTITY)
    reorder_to = decimal(QUANTITY)
    safety_stock = decimal(QUANTITY)
    min_lot = decimal(QUANTITY)
    multiple = decimal(QUANTITY)
    lead_days = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=3650)
    supplier = chars(64)


class ItemSettingsBody(Body):
    method = serializers.ChoiceField(choices=["", *Method.values], required=False)
    scope = serializers.ChoiceField(choices=["", *Scope.values], required=False)
    over_receipt_tolerance = serializers.DecimalField(
        max_digits=9, decimal_places=8, min_value=0, required=False, allow_null=True
    )
    count_class = chars(1)
    reorder = rows(ReorderBody, required=False)
    version = serializers.IntegerField(required=False, allow_null=True, min_value=0)


def settings_shape(row: StockSettings) -> Json:
    """The company's settings; `closed_through` is a month, null while nothing is closed."""
    first_open = selectors.first_open_day(row)
    return {
        "default_method": row.default_method,
        "default_scope": row.default_scope,
        "closed_through": f"{row.closed_through:%Y-%m}" if row.closed_through else None,
        "first_open_day": day(first_open),
        "stocktake_tolerance": quantity_text(row.stocktake_tolerance),
    }


class SettingsView(InventoryView):
    """GET, PATCH; 400 method_needs_company_scope, 409 in_use."""

    rights = {"GET": "inventory.view", "*": "inventory.close"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> Response:
        return Response(settings_shape(selectors.company()))

    @extend_schema(request=SettingsBody, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Any) -> Response:
        data = self.body(SettingsBody, partial=True)
        return Response(settings_shape(item_settings.save_settings(values=data, actor=self.member)))


class ItemSettingsView(InventoryView):
    """GET, PUT of an item by code; what is left out keeps its value."""

    rights = {"GET": "inventory.view", "*": "inventory.close"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, item: str) -> Response:
        return Response(self._shape(self._item(item)))

    @extend_schema(request=ItemSettingsBody, responses=OpenApiTypes.OBJECT)
    def put(self, request: Any, item: str) -> Response:
        found = self._item(item)
        data = self.body(ItemSettingsBody)
        stands = selectors.of_item(found.id)
        reorder = data.get("reorder")
        item_settings.save_item_settings(
            item_id=found.id,
            method=data.get("method", stands.method),
            scope=data.get("scope", stands.scope),
            over_receipt_tolerance=data.get("over_receipt_tolerance", stands.over_receipt_tolerance),
            count_class=data.get("count_class", stands.count_class),
            reorder=None if reorder is None else [_rule(row, index) for index, row in enumerate(reorder)],
            version=data.get("version"),
            actor=self.member,
        )
        return Response(self._shape(found))

    def _item(self, code: str) -> ItemInfo:
        """The item of the path. Raises NotFound."""
        found = masterdata.item_by_code(code)
        if found is None:
            raise NotFound(str(_("找不到您要的内容。")))
        return found

    def _shape(self, item: ItemInfo) -> Json:
        row: ItemSettings = selectors.of_item(item.id)
        company = selectors.company()
        return {
            "item": item.code,
            "method": row.method or company.default_method,
            "scope": row.scope or ("company" if row.method == Method.MONTHLY_AVERAGE else company.default_scope),
            "own_method": row.method or None,
            "over_receipt_tolerance": quantity_text(row.over_receipt_tolerance),
            "count_class": row.count_class or None,
            "version": row.version if row.pk else 0,
            "reorder": [_rule_shape(rule) for rule in selectors.rules_of(item.id)],
        }


def _rule(row: Json, index: int) -> Json:
    """A reorder rule as the service takes it."""
    values = {name: value for name, value in row.items() if name not in ("warehouse", "supplier")}
    values["warehouse_id"] = warehouse_called(row["warehouse"], f"reorder.{index}.warehouse").id
    values["supplier_id"] = (
        partner_called(row["supplier"], f"reorder.{index}.supplier").id if row.get("supplier") else None
    )
    return values


def _rule_shape(rule: ReorderRule) -> Json:
    return {
        "warehouse": rule.warehouse.code,
        "rule": rule.rule,
        "reorder_point": quantity_text(rule.reorder_point),
        "reorder_to": quantity_text(rule.reorder_to),
        "safety_stock": quantity_text(rule.safety_stock),
        "min_lot": quantity_text(rule.min_lot),
        "multiple": quantity_text(rule.multiple),
        "lead_days": rule.lead_days,
        "supplier": rule.supplier.code if rule.supplier else None,
    }


def period_shape(row: Period, *, costs: bool) -> Json:
    """A closed month."""
    shown: Json = {"month": f"{row.month:%Y-%m}", "state": "closed", "quantity_rows": row.quantity_rows}
    if costs:
        shown["value"] = money(row.value)
    return shown | {"closed_by": row.closed_by_name, "closed_at": day(row.closed_at), "entries": row.entries}


class PeriodList(InventoryView):
    """GET the closed months, newest first, and the open ones up to today above them."""

    export_name = "库存月结"
    export_columns = (
        Column("month", _("月份")),
        Column("state", _("状态")),
        Column("quantity_rows", _("库存行数"), "number"),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        months = selectors.months(at=now())
        costs = self.sees_cost
        return self.shown(months, lambda row: period_shape(row, costs=costs) if isinstance(row, Period) else row)


class PeriodCheck(InventoryView):
    """GET what stands in the way of closing a month: {ok, problems [{code, message, rows}]}."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, month: str) -> Response:
        month_of(month)
        found = closing.problems(month=month, at=now())
        problems = [{"code": one.code, "message": one.message, "rows": list(one.rows)} for one in found]
        return Response({"ok": not problems, "problems": problems})

    post = get


class PeriodClose(InventoryView):
    """POST closes a month for good; 409 not_next_period, drafts_open, stocktake_open, cost_cycle."""

    rights = {"*": "inventory.close"}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, month: str) -> Response:
        month_of(month)
        made = closing.close(month=month, actor=self.member, at=now())
        return Response(period_shape(made, costs=self.sees_cost))
