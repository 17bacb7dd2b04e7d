"""库存: the stock list, and the card of an item."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.inventory.curve import draw
from apps.inventory.grid_form import day_of, number_of
from apps.inventory.models import CostEntry
from apps.inventory.printing.labels import SIZES
from apps.inventory.selectors import ledger, ledger_filters, promised, value_rows
from apps.inventory.selectors import lots as lots_read
from apps.inventory.selectors import settings as settings_read
from apps.inventory.selectors.promises import availability, reservation_view
from apps.inventory.selectors.scanning import stock_of
from apps.inventory.selectors.stock import GROUPS, StockQuery
from apps.inventory.selectors.stock_rows import StockRows
from apps.inventory.views import common
from apps.masterdata import public as masterdata
from kernel import registry
from kernel.clock import now, today
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

VIEW = require_module("inventory", "inventory.view")
SHOWN_ROWS = 20
COLUMNS = (
    Column("item", gettext_lazy("物料编码")),
    Column("name", gettext_lazy("物料名称")),
    Column("spec", gettext_lazy("规格型号")),
    Column("warehouse", gettext_lazy("仓库")),
    Column("location", gettext_lazy("库位")),
    Column("lot", gettext_lazy("批号")),
    Column("serial", gettext_lazy("序列号")),
    Column("quantity", gettext_lazy("现存量"), "quantity"),
    Column("reserved", gettext_lazy("已预留"), "quantity"),
    Column("available", gettext_lazy("可用量"), "quantity"),
    Column("unit", gettext_lazy("单位")),
)


@VIEW
@require_GET
def stock(request: Request) -> HttpResponseBase:
    """What lies where, now or on a past day."""
    words = common.words_of(request)
    group = words.get("group") if words.get("group") in GROUPS else "warehouse"
    query = StockQuery(
        group=group or "warehouse", warehouse=words.get("warehouse", ""), category=words.get("category", ""),
        search=words["search"], as_of=day_of(words.get("as_of", "")),
    )  # fmt: skip
    rows = StockRows(query, today=today())
    context = {
        "wanted": words,
        "group": group,
        "groups": [
            ("warehouse", _("按仓库"), None),
            ("location", _("按库位"), None),
            ("lot", _("按批次"), None),
        ],
        "totals": rows.summary,
        "warehouses": common.warehouse_choices(),
        "import_key": "inventory.receipts",
        "may_write": request.member.can("inventory.move"),
    }
    return common.list_page(
        request, "inventory/stock/list.html", rows, columns=COLUMNS, name=_("现存量"), context=context
    )


@VIEW
@require_GET
def stock_item(request: Request, item_id: int) -> HttpResponse:
    """The card of an item: balances, promises, moves, cost, lots, and what the floors above know."""
    item = masterdata.get_items([item_id]).get(item_id)
    if item is None:
        raise Http404
    costs = request.member.can("inventory.view_cost")
    asked = number_of(request.GET.get("quantity", ""))
    promise = availability([item_id], today=today(), at=now(), quantity=asked if asked and asked > 0 else None)[item_id]
    closed = ledger.closed_through()
    moves = ledger_filters.moves(item_id=item_id)[:SHOWN_ROWS]
    context = {
        "item": item,
        "rows": stock_of(item_id),
        "promise": promise,
        "curve": draw(promise.days),
        "asked": asked,
        "expected": promised.expected(item_id=item_id)[:SHOWN_ROWS],
        "reservations": [
            reservation_view(row, at=now())
            for row in promised.reservations(at=now(), item_id=item_id, state="active")[:SHOWN_ROWS]
        ],
        "moves": [ledger.move_view(row, closed=closed) for row in moves],
        "lots": lots_read.listed(lots_read.LotFilter(item_id=item_id, on_hand=True))[:SHOWN_ROWS]
        if item.tracking != "none"
        else (),
        "entries": _entries(item_id) if costs else (),
        "value": _value(item_id) if costs else None,
        "settings": settings_read.of_item(item_id),
        "costs": costs,
        "sizes": SIZES,
        "panels": registry.panels_for("inventory.item", modules=request.company.modules, member=request.member),
    }
    return common.show(request, "inventory/stock/item.html", context)


def _entries(item_id: int) -> QuerySet[CostEntry]:
    """The newest lines of value of an item."""
    rows = ledger.entries().filter(group__item_id=item_id)
    return rows.order_by("-dated_on", "-id")[:SHOWN_ROWS]


def _value(item_id: int) -> dict[str, Any]:
    """What the item is worth now, over all warehouses."""
    rows = value_rows.valuation(group="item", item_id=item_id, day=today(), known_at=now(), today=today())
    quantity = sum((row.quantity for row in rows), Decimal(0))
    value = sum((row.value for row in rows), Decimal(0))
    return {
        "value": value,
        "unit_cost": (value / quantity).quantize(Decimal("0.0001"), ROUND_HALF_UP) if quantity else None,
        "provisional": any(row.provisional for row in rows),
    }
