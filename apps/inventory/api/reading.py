"""moves/, cost-entries/, on-hand/, valuation/, availability/: what lies here, what it is worth, when there is more."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.inventory.api.base import InventoryView, Json, day, money, quantity_text
from apps.inventory.api.document_shapes import move_shape
from apps.inventory.api.params import invalid
from apps.inventory.models import CostEntry
from apps.inventory.models.documents import Reason
from apps.inventory.selectors import ledger, ledger_filters, stock_rows, value_rows
from apps.inventory.selectors.promises import availability
from apps.inventory.selectors.stock import GROUPS, StockQuery
from kernel.clock import now, today
from kernel.errors import Forbidden
from kernel.exports import Column

AMOUNT = (Column("amount", _("金额"), "money"), Column("cost_state", _("成本状态")))


class MoveList(InventoryView):
    """GET ?item=&warehouse=&lot=&serial=&reason=&document=&from=&to=, newest first."""

    orderings = {"id": "id", "seq": "id", "moved_on": "moved_on", "posted_at": "posted_at", "quantity": "quantity",
                 "item": "item__code_key", "warehouse": "warehouse__code_key"}  # fmt: skip

    export_name = "出入库流水"

    @property
    def export_columns(self) -> Any:  # type: ignore[override]  # amounts only for who may see them
        shown = (
            Column("seq", _("序号"), "number"),
            Column("moved_on", _("日期"), "date"),
            Column("document", _("单号")),
            Column("reason", _("类型")),
            Column("item", _("物料编码")),
            Column("warehouse", _("仓库")),
            Column("location", _("库位")),
            Column("lot", _("批号")),
            Column("serial", _("序列号")),
            Column("quantity", _("数量"), "quantity"),
        )
        return (*shown, *(AMOUNT if self.sees_cost else ()))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        params = self.params
        item, store = params.item(), params.warehouse()
        rows = ledger_filters.moves(
            item_id=item.id if item else None, warehouse_id=store.id if store else None, lot=params.text("lot"),
            serial=params.text("serial"), reason=params.choice("reason", tuple(Reason.values)),
            document=params.text("document"), since=params.day("from"), until=params.day("to"),
        )  # fmt: skip
        closed, costs = ledger.closed_through(), self.sees_cost
        return self.shown(rows, lambda row: move_shape(ledger.move_view(row, closed=closed), costs=costs))

    def export_rows(self, queryset: Any) -> Any:
        closed = ledger.closed_through()
        return (ledger.move_view(row, closed=closed) for row in super().export_rows(queryset))


class EntryList(InventoryView):
    """GET ?item=&move=&from=&to=&kind=&cause=&document=, oldest first; only for who may see costs."""

    orderings = {name: name for name in ("id", "dated_on", "amount", "posted_at", "kind")}

    export_name = "成本分录"
    export_columns = (
        Column("id", _("序号"), "number"),
        Column("dated_on", _("日期"), "date"),
        Column("kind", _("种类")),
        Column("item", _("物料编码")),
        Column("document", _("单号")),
        Column("amount", _("金额"), "money"),
        Column("cause", _("起因")),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        check_costs(self)
        params = self.params
        item = params.item()
        rows = ledger_filters.entries(
            item_id=item.id if item else None, move_id=params.whole("move", least=1),
            kind=params.choice("kind", tuple(CostEntry.Kind.values)), cause=params.text("cause"),
            document=params.text("document"), since=params.day("from"), until=params.day("to"),
        )  # fmt: skip
        return self.shown(rows, entry_shape)

    def export_rows(self, queryset: Any) -> Any:
        return (entry_shape(row) for row in super().export_rows(queryset))


def entry_shape(row: CostEntry) -> Json:
    """One line of value, signed; `cause` is the number of the document that made it necessary."""
    view = ledger.entry_view(row)
    return {
        "id": view.id,
        "move": view.move_id,
        "item": view.item,
        "warehouse": view.warehouse or None,
        "kind": view.kind,
        "reason": view.reason,
        "dated_on": day(view.dated_on),
        "amount": money(view.amount),
        "document": view.document,
        "cause": row.cause.number if row.cause else None,
        "posted_at": day(view.posted_at),
    }


def check_costs(view: InventoryView) -> None:
    """Raise Forbidden: a list of nothing but amounts is closed to who may not see them."""
    if not view.sees_cost:
        raise Forbidden(
            str(_("您的角色不能查看成本和金额，请联系企业管理员。")), extra={"right": "inventory.view_cost"}
        )


class OnHandList(InventoryView):
    """GET ?item=&warehouse=&category=&as_of=&group=warehouse|lot|location|serial&search="""

    export_name = "现存量"
    export_columns = (
        Column("item", _("物料编码")),
        Column("name", _("物料名称")),
        Column("spec", _("规格型号")),
        Column("warehouse", _("仓库")),
        Column("location", _("库位")),
        Column("lot", _("批号")),
        Column("serial", _("序列号")),
        Column("quantity", _("现存量"), "quantity"),
        Column("reserved", _("已预留"), "quantity"),
        Column("available", _("可用量"), "quantity"),
        Column("unit", _("单位")),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        params = self.params
        item, store = params.item(), params.warehouse()
        query = StockQuery(
            group=params.choice("group", GROUPS) or "warehouse", item=item.code if item else "",
            warehouse=store.code if store else "", category=params.text("category") or "",
            search=params.text("search") or "", as_of=params.day("as_of"),
        )  # fmt: skip
        rows = stock_rows.StockRows(query, today=today())
        sums = rows.summary
        totals = {"quantity": quantity_text(sums.quantity), "reserved": quantity_text(sums.reserved)}
        return self.shown(rows, on_hand_shape, totals=totals)


def on_hand_shape(row: Any) -> Json:
    """What lies in a place, in stock units."""
    return {
        "item": row.item,
        "name": row.name,
        "spec": row.spec,
        "warehouse": row.warehouse,
        "location": row.location or None,
        "lot": row.lot or None,
        "serial": row.serial or None,
        "expires_on": day(row.expires_on),
        "quantity": quantity_text(row.quantity),
        "reserved": quantity_text(row.reserved),
        "available": quantity_text(row.available),
        "unit": row.unit,
    }


class ValuationList(InventoryView):
    """GET ?item=&category=&as_of=&known_at=&group=item|category|warehouse; only for who may see costs."""

    export_name = "存货成本"
    export_columns = (
        Column("item", _("物料编码")),
        Column("name", _("名称")),
        Column("category", _("分类")),
        Column("warehouse", _("仓库")),
        Column("quantity", _("数量"), "quantity"),
        Column("unit_cost", _("单位成本"), "quantity"),
        Column("value", _("金额"), "money"),
    )

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        check_costs(self)
        params = self.params
        item = params.item()
        group = params.choice("group", ("item", "category", "warehouse")) or "item"
        rows = value_rows.valuation(
            group=group, item_id=item.id if item else None, category=params.text("category"),
            day=params.day("as_of") or today(), known_at=params.moment("known_at") or now(), today=today(),
        )  # fmt: skip
        totals = {"value": money(sum((row.value for row in rows), Decimal(0)))}
        return self.shown(rows, value_shape, totals=totals)

    def export_rows(self, queryset: Any) -> Any:
        return queryset


def value_shape(row: Any) -> Json:
    """Quantity and value; `unit_cost` is shown, never stored."""
    return {
        "item": row.item or None,
        "name": row.name,
        "category": row.category or None,
        "warehouse": row.warehouse or None,
        "quantity": quantity_text(row.quantity),
        "value": money(row.value),
        "unit_cost": quantity_text(row.unit_cost),
        "provisional": row.provisional,
    }


class AvailabilityView(InventoryView):
    """GET ?item=&warehouse=&quantity= → what can be promised, day by day, and the first day for `quantity`."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> Response:
        params = self.params
        item = params.item()
        if item is None:
            raise invalid(str(_("请提供参数 item。")), "item")
        store = params.warehouse()
        found = availability(
            [item.id], today=today(), at=now(), warehouse_id=store.id if store else None,
            quantity=params.quantity("quantity"),
        )[item.id]  # fmt: skip
        return Response(
            {
                "item": item.code,
                "warehouse": store.code if store else None,
                "on_hand": quantity_text(found.on_hand),
                "reserved": quantity_text(found.reserved),
                "available": quantity_text(found.available),
                "expected": quantity_text(found.expected),
                "committed": quantity_text(found.committed),
                "days": [
                    {
                        "date": day(one.on),
                        "in": quantity_text(one.incoming),
                        "out": quantity_text(one.outgoing),
                        "projected": quantity_text(one.projected),
                        "atp": quantity_text(one.atp),
                    }
                    for one in found.days
                ],
                "earliest": day(found.earliest),
            }
        )
