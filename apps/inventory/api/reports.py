"""warnings/ and reports/: what needs a hand, and what the months amounted to."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from apps.inventory.api.base import InventoryView, Json, day, money, quantity_text
from apps.inventory.api.params import invalid
from apps.inventory.selectors import reports, warnings
from kernel.clock import today
from kernel.exports import Column


class ReportView(InventoryView):
    """GET ?from=&to=&item=; a file has the columns of the rows."""

    def span(self, *, days: int = 30) -> tuple[date, date]:
        """`from` and `to`; by default the last `days` days."""
        until = self.params.day("to") or today()
        since = self.params.day("from") or until - min(timedelta(days=days), until - date.min)
        if since > until:
            raise invalid(_("起始日期不能晚于截止日期。"), "from")
        return since, until

    @property
    def item_id(self) -> int | None:
        item = self.params.item()
        return item.id if item else None

    def table(self, rows: list[Json], *, totals: Json | None = None) -> HttpResponseBase:
        """Rows that are ready to print, as a page or a file."""
        if rows:
            self.export_columns = [Column(name, name, _kind_of(name)) for name in rows[0]]
        return self.shown(rows, lambda row: row, totals=totals)


def _kind_of(name: str) -> str:
    """How a column of that name is written in a sheet."""
    if name.endswith(("value", "amount")):
        return "money"
    return "quantity" if "quantity" in name else "text"


class MovementsReport(ReportView):
    """收发存 per item: opening + in - out = closing, in quantity and value."""

    export_name = "收发存汇总"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        since, until = self.span()
        found = reports.movements(since=since, until=until, item_id=self.item_id)
        rows = [self._row(one) for one in found]
        totals = _values(reports.sums(found)) if self.sees_cost else None
        return self.table(rows, totals=totals)

    def _row(self, one: reports.Movement) -> Json:
        four = one.quantity
        shown: Json = {
            "item": one.item.code,
            "name": one.item.name,
            "unit": one.item.stock_unit,
            "opening_quantity": quantity_text(four.opening),
            "in_quantity": quantity_text(four.came),
            "out_quantity": quantity_text(-four.went),
            "closing_quantity": quantity_text(four.closing),
        }
        return shown | (_values(one.value) if self.sees_cost else {})


def _values(four: reports.Four) -> Json:
    return {
        "opening_value": money(four.opening),
        "in_value": money(four.came),
        "out_value": money(-four.went),
        "closing_value": money(four.closing),
    }


class SlowReport(ReportView):
    """呆滞: what lies here and has not been taken since `from` (90 days ago)."""

    export_name = "呆滞库存"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        since, until = self.span(days=90)
        return self.table(
            [
                {
                    "item": row.item.code,
                    "name": row.item.name,
                    "unit": row.item.stock_unit,
                    "quantity": quantity_text(row.quantity),
                    "last_out_on": day(row.last_on),
                    "days": row.days,
                }
                for row in reports.slow(since=since, today=until)
            ]
        )


class ExpiryReport(ReportView):
    """到期: lots on hand that expire between `from` (or ever) and `to` (30 days from now)."""

    export_name = "有效期"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        until = self.params.day("to") or today() + timedelta(days=30)
        return self.table(
            [
                {
                    "item": row.item.code,
                    "name": row.item.name,
                    "lot": row.lot.code if row.lot else None,
                    "warehouse": row.warehouse.code,
                    "quantity": quantity_text(row.quantity),
                    "expires_on": day(row.lot.expires_on if row.lot else None),
                    "days_left": (row.lot.expires_on - today()).days if row.lot and row.lot.expires_on else None,
                    "state": row.lot.state if row.lot else None,
                }
                for row in reports.expiry(since=self.params.day("from"), until=until)
            ]
        )


class TurnoverReport(ReportView):
    """周转 by quantity: what left over the mean of opening and closing."""

    export_name = "库存周转"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        since, until = self.span(days=90)
        return self.table(
            [
                {
                    "item": row.item.code,
                    "name": row.item.name,
                    "out_quantity": quantity_text(row.went),
                    "average_quantity": quantity_text(row.average),
                    "turns": quantity_text(row.turns),
                    "days": quantity_text(row.days),
                }
                for row in reports.turnover(since=since, until=until, item_id=self.item_id)
            ]
        )


class OrderBookReport(ReportView):
    """订单台账: open lines of sales and purchase orders by due day."""

    export_name = "订单台账"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        rows = reports.order_book(since=self.params.day("from"), until=self.params.day("to"))
        return self.table([self._row(one) for one in rows])

    def _row(self, one: reports.BookLine) -> Json:
        row = one.row
        shown: Json = {
            "kind": one.kind,
            "number": row.order.number,
            "partner": row.order.partner.code,
            "line": row.line,
            "item": row.item.code,
            "name": row.item.name,
            "open_quantity": quantity_text(one.open),
            "unit": row.unit,
            "due_on": day(row.due_on),
            "promised_on": day(row.promised_on),
            "warehouse": row.warehouse.code if row.warehouse else None,
        }
        deals = "inventory.sell" if one.kind == "sales_order" else "inventory.buy"
        return shown | ({"amount": money(one.amount)} if self.sees_cost or self.member.can(deals) else {})


class WarningList(ReportView):
    """GET ?type=low|over|expiring|expired|slow|late_shipment|late_receipt&item=&warehouse="""

    export_name = "预警"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        kind = self.params.choice("type", warnings.TYPES)
        item, store = self.params.item(), self.params.warehouse()
        return self.table(
            [
                {
                    "type": row.type,
                    "item": row.item,
                    "name": row.name,
                    "warehouse": row.warehouse or None,
                    "lot": row.lot or None,
                    "quantity": quantity_text(row.quantity),
                    "limit": quantity_text(row.limit),
                    "on": day(row.on),
                    "document": row.document or None,
                }
                for row in warnings.warnings(today())
                if kind in (None, row.type)
                and (item is None or row.item == item.code)
                and (store is None or row.warehouse == store.code)
            ]
        )
