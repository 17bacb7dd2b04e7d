"""入库, 出库, 调拨: lists, one document, its reversal."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.inventory.grid_form import day_of
from apps.inventory.selectors import documents as selectors
from apps.inventory.selectors import ledger
from apps.inventory.services import reversing
from apps.inventory.views import common, document_entry, document_posting
from apps.masterdata import public as masterdata
from kernel import registry
from kernel.clock import now, today
from kernel.exports import Column
from kernel.http.gates import check_right, require_module
from kernel.http.request import Request

VIEW = require_module("inventory", "inventory.view")
KINDS = ("receipt", "issue", "transfer")
STATE_WORDS = {
    "receipt": "已入库",
    "issue": "已出库",
    "transfer": "已调拨",
    "assembly": "已记账",
    "adjustment": "已记账",
    "landed": "已记账",
}
COLUMNS = (
    Column("document.number", gettext_lazy("单号")),
    Column("document.moved_on", gettext_lazy("日期"), "date"),
    Column("document.reason", gettext_lazy("类型"), value=lambda row: str(row.document.get_reason_display())),
    Column("document.warehouse.code", gettext_lazy("仓库")),
    Column("document.to_warehouse.code", gettext_lazy("调入仓库")),
    Column("document.partner.name", gettext_lazy("往来单位")),
    Column("line", gettext_lazy("行号"), "number"),
    Column("item.code", gettext_lazy("物料编码")),
    Column("item.name", gettext_lazy("物料名称")),
    Column("quantity", gettext_lazy("数量"), "quantity"),
    Column("unit", gettext_lazy("单位")),
    Column("stock_quantity", gettext_lazy("库存数量"), "quantity"),
    Column("lot", gettext_lazy("批号")),
    Column("document.state", gettext_lazy("状态"), value=lambda row: state_word(row.document)),
)


def state_word(document: Any) -> str:
    """草稿, 已入库, 已红冲 …: the state as a person says it."""
    if document.state == "draft":
        return "草稿"
    if getattr(document, "is_reversed", False):
        return "已红冲"
    return STATE_WORDS[document.kind]


@VIEW
@require_GET
def document_list(request: Request, kind: str) -> HttpResponseBase:
    """All documents of a kind, newest first."""
    words = common.words_of(request)
    store = masterdata.warehouse_by_code(words["warehouse"]) if words.get("warehouse") else None
    wanted = selectors.DocumentFilter(
        kind=kind, state=words.get("state") if words.get("state") in ("draft", "posted") else None,
        reason=words.get("reason") or None, warehouse_id=store.id if store else None, search=words["search"],
        since=day_of(words.get("from", "")), until=day_of(words.get("to", "")),
    )  # fmt: skip
    counts = selectors.counts(wanted)
    context: dict[str, Any] = {
        "kind": kind,
        "words": _words(kind),
        "states": [
            ("", _("全部"), counts[""]),
            ("draft", _("草稿"), counts["draft"]),
            ("posted", _(STATE_WORDS[kind]), counts["posted"]),
        ],
        "posted_word": STATE_WORDS[kind],
        "wanted": words,
        "warehouses": common.warehouse_choices(),
        "may_write": request.member.can("inventory.move"),
        "import_key": "inventory.receipts" if kind == "receipt" else "",
        "new_url": reverse(f"inventory:{kind}-new"),
        "list_url": reverse(f"inventory:{kind}s"),
    }
    return common.list_page(
        request, "inventory/document/list.html", selectors.listed(wanted), columns=COLUMNS, context=context,
        name=context["words"]["title"], export_rows=_export_rows,
    )  # fmt: skip


def _export_rows(documents: Any) -> Any:
    """One row a line."""
    for document in documents:
        for line in document.lines.all():
            line.document = document
            yield line


def _words(kind: str) -> dict[str, str]:
    return {
        "receipt": {"title": _("入库"), "add": _("新增入库单"), "find": _("搜索入库单"), "table": _("入库单列表")},
        "issue": {"title": _("出库"), "add": _("新增出库单"), "find": _("搜索出库单"), "table": _("出库单列表")},
        "transfer": {"title": _("调拨"), "add": _("新增调拨单"), "find": _("搜索调拨单"), "table": _("调拨单列表")},
    }[kind]


@VIEW
@require_GET
def document(request: Request, document_id: int) -> HttpResponse:
    """One document with its moves; a draft leads to its form."""
    row = selectors.document_at(document_id)
    view = ledger.get_document(row.pk)
    costs = request.member.can("inventory.view_cost")
    context = {
        "document": row,
        "view": view,
        "costs": costs,
        "word": "已红冲" if view.reversed_by else state_word(row),
        "history": common.history("stock_document", row.pk),
        "can": _verbs(request, row, view),
        "today": today(),
        "source_url": _source_url(view),
        "panels": registry.panels_for("inventory.document", modules=request.company.modules, member=request.member),
    }
    return common.show(request, "inventory/document/detail.html", context)


def _verbs(request: Request, row: Any, view: Any) -> dict[str, bool]:
    moves = request.member.can(common.right_to_change(row.kind))
    return {
        "edit": moves and row.state == "draft" and row.kind in KINDS,
        "post": moves and row.state == "draft",
        "delete": moves and row.state == "draft",
        "reverse": moves and row.state == "posted" and view.reverses is None and view.reversed_by is None,
        "arrive": moves and row.kind == "transfer" and row.in_transit and row.state == "posted"
        and not document_posting.has_arrived(row.pk),
    }  # fmt: skip


def _source_url(view: Any) -> str:
    from_order = {"sales_order": "inventory:sales-orders", "purchase_order": "inventory:purchase-orders"}
    name = from_order.get(view.source.kind)
    return f"{reverse(name)}?q={view.source.number}" if name else ""


@require_module("inventory", "inventory.move")
@require_http_methods(["GET", "POST"])
def document_new(request: Request, kind: str) -> HttpResponse:
    """A fresh document of a kind."""
    return document_entry.edit(request, kind)


@require_module("inventory", "inventory.move")
@require_http_methods(["GET", "POST"])
def document_edit(request: Request, document_id: int) -> HttpResponse:
    """The form of a draft; anything else leads to its page."""
    row = selectors.document_at(document_id)
    if row.state != "draft" or row.kind not in KINDS:
        return HttpResponseRedirect(reverse("inventory:document", args=[document_id]))
    return document_entry.edit(request, row.kind, row)


@VIEW
@require_POST
def document_verb(request: Request, document_id: int, verb: str) -> HttpResponse:
    """Post or throw away a draft, reverse a posting, let a transfer arrive."""
    back = reverse("inventory:document", args=[document_id])
    row = selectors.document_at(document_id)
    check_right(request.member, common.right_to_change(row.kind))
    if verb == "reverse":
        return common.act(
            request, back,
            lambda: reversing.reverse(
                document_id=document_id, actor=request.member, at=now(), reason=request.POST.get("reason", "")[:200]
            ),
            lambda made: _("已红冲，红字单据 %(number)s") % {"number": made.number},
        )  # fmt: skip
    if verb == "delete":
        document_posting.delete_draft(document_id, actor=request.member)
        return HttpResponseRedirect(reverse(f"inventory:{row.kind}s" if row.kind in KINDS else "inventory:stock"))
    run = document_posting.arrive if verb == "arrive" else document_posting.post_draft
    on = day_of(request.POST.get("moved_on", "")) or today()
    return common.act(
        request, back, lambda: run(document_id, moved_on=on, actor=request.member),
        lambda made: _("%(number)s 已记账") % {"number": made.number},
    )  # fmt: skip
