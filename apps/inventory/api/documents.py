"""receipts/, issues/, transfers/, assemblies/, cost-adjustments/, landed-costs/: lists, one document, its verbs."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.inventory.api import document_inputs as inputs
from apps.inventory.api.base import InventoryView, Json, day, money, quantity_text
from apps.inventory.api.document_shapes import document_answer
from apps.inventory.models import StockDocument
from apps.inventory.records import (
    AdjustmentLine,
    AssemblyLine,
    IssueLine,
    LandedTarget,
    ReceiptLine,
    TransferLine,
)
from apps.inventory.selectors import documents as selectors
from apps.inventory.services import drafting, drafting_costs, reversing
from apps.inventory.services.stock.adjusting import adjust_cost, land_cost
from apps.inventory.services.stock.assembling import assemble
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from apps.inventory.services.stock.receiving import receive
from apps.inventory.services.stock.transferring import receive_transfer, transfer
from kernel.clock import now, today
from kernel.exports import Column

COLUMNS = (
    Column("number", _("单号")),
    Column("moved_on", _("日期"), "date"),
    Column("reason", _("类型")),
    Column("warehouse", _("仓库")),
    Column("to_warehouse", _("调入仓库")),
    Column("partner", _("往来单位")),
    Column("state", _("状态")),
    Column("line", _("行号"), "number"),
    Column("item", _("物料编码")),
    Column("name", _("物料名称")),
    Column("quantity", _("数量"), "quantity"),
    Column("unit", _("单位")),
    Column("stock_quantity", _("库存数量"), "quantity"),
    Column("lot", _("批号")),
)


class DocumentView(InventoryView):
    """What all documents share. `kind` is that of the model; `costs_right` writes what has only value."""

    kind = ""
    export_columns = COLUMNS

    @property
    def rights(self) -> dict[str, str | None]:  # type: ignore[override]  # values are changed by who may change costs
        word = "adjust_cost" if self.kind in ("adjustment", "landed") else "move"
        return {"GET": "inventory.view", "*": f"inventory.{word}"}

    @property
    def export_name(self) -> str:  # type: ignore[override]  # the kind decides
        return str(StockDocument.Kind(self.kind).label)

    def head(self, data: Json, reason: str) -> Head:
        """Date, reason and signature of a body."""
        return Head(
            moved_on=data.get("moved_on") or today(), reason=reason, actor=self.member, at=now(),
            note=data.get("note", ""), when_closed=data.get("when_closed", "refuse"),
        )  # fmt: skip

    def answer(self, document_id: int, *, status: int = 200) -> Response:
        shape = landed_shape if self.kind == "landed" else document_answer
        return Response(shape(document_id, costs=self.sees_cost), status=status)


class DocumentList(DocumentView):
    """GET ?state=&reason=&warehouse=&partner=&item=&from=&to=&number=&source=&search=; POST posts, or drafts."""

    orderings = {
        name: name for name in ("id", "number", "moved_on", "state", "reason", "posted_at")
    }  # fmt: skip

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> HttpResponseBase:
        return self.shown(selectors.listed(self._filter()), row_shape)

    def _filter(self) -> selectors.DocumentFilter:
        params = self.params
        store, partner, item = params.warehouse(), params.partner(), params.item()
        return selectors.DocumentFilter(
            kind=self.kind,
            state=params.choice("state", ("draft", "posted", "reversed")),
            reason=params.text("reason"),
            warehouse_id=store.id if store else None,
            partner_id=partner.id if partner else None,
            item_id=item.id if item else None,
            since=params.day("from"),
            until=params.day("to"),
            number=params.text("number"),
            source=params.text("source"),
            search=params.text("search"),
        )

    def export_rows(self, queryset: Any) -> Any:
        """One row a line."""
        for document in super().export_rows(queryset):
            shown = row_shape(document)
            for line in shown["lines"]:
                yield {**shown, **line}

    @extend_schema(responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        return self.answer(self.create().pk, status=201)

    def create(self) -> StockDocument:
        raise NotImplementedError

    def drafted(self, data: Json, head: Head, lines: Any, **more: Any) -> StockDocument:
        """Keep it as a draft."""
        return drafting.save(kind=self.kind, head=head, lines=lines, **more)


def row_shape(row: Any) -> Json:
    """A document in a list: head and lines as typed; moves and amounts are on its own page."""
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "reversed": row.is_reversed,
        "reason": row.reason,
        "moved_on": day(row.moved_on),
        "intended_on": day(row.intended_on),
        "warehouse": row.warehouse.code if row.warehouse else None,
        "to_warehouse": row.to_warehouse.code if row.to_warehouse else None,
        "partner": row.partner.code if row.partner else None,
        "source": {"kind": row.source_kind, "number": row.source_number} if row.source_kind else None,
        "note": row.note,
        "reverses": row.reverses_id,
        "posted_at": day(row.posted_at),
        "posted_by": row.posted_by_name,
        "lines": [
            {
                "line": line.line,
                "side": line.side or None,
                "item": line.item.code,
                "name": line.item.name,
                "quantity": quantity_text(line.quantity),
                "unit": line.unit,
                "stock_quantity": quantity_text(line.stock_quantity),
                "lot": line.lot or None,
                "serials": line.serials,
            }
            for line in row.lines.all()
        ],
    }


class ReceiptList(DocumentList):
    kind = "receipt"

    def create(self) -> StockDocument:
        data = self.body(inputs.ReceiptBody)
        head = self.head(data, data["reason"])
        lines = [ReceiptLine(**row) for row in inputs.line_values(data["lines"])]
        words = {"warehouse": data["warehouse"], "partner": data.get("partner", "")}
        if data.get("draft"):
            return self.drafted(data, head, lines, **words)
        return receive(head=head, lines=lines, **words)


class IssueList(DocumentList):
    kind = "issue"

    def create(self) -> StockDocument:
        data = self.body(inputs.IssueBody)
        head = self.head(data, data["reason"])
        lines = [IssueLine(**row) for row in inputs.line_values(data["lines"])]
        words = {"warehouse": data["warehouse"], "partner": data.get("partner", "")}
        if data.get("draft"):
            return self.drafted(data, head, lines, **words)
        return issue(head=head, lines=lines, **words)


class TransferList(DocumentList):
    kind = "transfer"

    def create(self) -> StockDocument:
        data = self.body(inputs.TransferBody)
        head = self.head(data, "transfer")
        lines = [TransferLine(**row) for row in inputs.line_values(data["lines"])]
        if data.get("draft"):
            return self.drafted(
                data, head, lines, warehouse=data["from_warehouse"], to_warehouse=data["to_warehouse"],
                in_transit=data["in_transit"],
            )  # fmt: skip
        return transfer(
            head=head, from_warehouse=data["from_warehouse"], to_warehouse=data["to_warehouse"], lines=lines,
            in_transit=data["in_transit"],
        )  # fmt: skip


class AssemblyList(DocumentList):
    kind = "assembly"

    def create(self) -> StockDocument:
        data = self.body(inputs.AssemblyBody)
        verb = drafting_costs.save_assembly if data["draft"] else assemble
        return verb(
            head=self.head(data, "assembly"),
            warehouse=data["warehouse"],
            inputs=[AssemblyLine(**row) for row in inputs.line_values(data["inputs"])],
            outputs=[AssemblyLine(**row) for row in inputs.line_values(data["outputs"])],
            **({"extra_cost": data["extra_cost"]} if "extra_cost" in data else {}),
        )


class AdjustmentList(DocumentList):
    kind = "adjustment"

    def create(self) -> StockDocument:
        data = self.body(inputs.AdjustmentBody)
        head = self.head({**data, "note": data.get("reason") or data.get("note", "")}, "cost_adjustment")
        verb = drafting_costs.save_adjustment if data["draft"] else adjust_cost
        return verb(head=head, lines=[AdjustmentLine(**row) for row in data["lines"]])


class LandedList(DocumentList):
    """POST {on, amount, basis, receipts, partner} → {id, lines [{receipt, line, amount}]}."""

    kind = "landed"

    def create(self) -> StockDocument:
        data = self.body(inputs.LandedBody)
        verb = drafting_costs.save_landed if data["draft"] else land_cost
        return verb(
            head=self.head({**data, "moved_on": data.get("on")}, "landed_cost"),
            amount=data["amount"],
            basis=data["basis"],
            receipts=[LandedTarget(**row) for row in data["receipts"]],
            partner=data.get("partner", ""),
        )


def landed_shape(document_id: int, *, costs: bool) -> Json:
    """A landed cost: which line of which receipt bears how much."""
    shown = document_answer(document_id, costs=costs)
    for line, row in zip(shown["lines"], selectors.landed_lines(document_id), strict=True):
        line |= {"line": row.target.line, "receipt": row.target.document_id, "number": row.target.document.number}
        if costs:
            line["amount"] = money(row.amount)
    return shown


class DocumentDetail(DocumentView):
    """GET one document with its moves; DELETE throws a draft away."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any, document_id: int) -> Response:
        selectors.document_at(document_id, self.kind)
        return self.answer(document_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Any, document_id: int) -> Response:
        selectors.document_at(document_id, self.kind)
        drafting.delete(document_id=document_id, actor=self.member)
        return Response(status=204)


class DocumentPost(DocumentView):
    """POST {moved_on, when_closed} posts a draft."""

    @extend_schema(request=inputs.PostBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any, document_id: int) -> Response:
        selectors.document_at(document_id, self.kind)
        data = self.body(inputs.PostBody)
        made = drafting.post(
            document_id=document_id, actor=self.member, at=now(), moved_on=data.get("moved_on"),
            when_closed=data.get("when_closed", "refuse"),
        )  # fmt: skip
        return self.answer(made.pk)


class DocumentReverse(DocumentView):
    """POST {reason, when_closed} → 201 the reversing document; 409 already_reversed, negative_later, period_closed."""

    @extend_schema(request=inputs.ReverseBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any, document_id: int) -> Response:
        selectors.document_at(document_id, self.kind)
        data = self.body(inputs.ReverseBody)
        made = reversing.reverse(
            document_id=document_id, actor=self.member, at=now(), reason=data.get("reason", "")
        )  # fmt: skip
        return self.answer(made.pk, status=201)


class TransferReceive(DocumentView):
    """POST {moved_on}: what was in transit has arrived → 201 the second document."""

    kind = "transfer"

    @extend_schema(request=inputs.PostBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any, document_id: int) -> Response:
        selectors.document_at(document_id, self.kind)
        data = self.body(inputs.PostBody)
        made = receive_transfer(head=self.head(data, "transfer"), document_id=document_id)
        return self.answer(made.pk, status=201)
