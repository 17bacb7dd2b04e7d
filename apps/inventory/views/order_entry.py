"""新增 and 修改 of orders: head and grid, lines pasted from Excel as they are typed."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.inventory import grid_form
from apps.inventory.grid_form import Cell, Entry, Line
from apps.inventory.selectors.orders import order_at
from apps.inventory.services.orders import drafts, states
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import LineInput, OrderInput
from apps.inventory.views import common
from kernel.clock import now, today
from kernel.errors import DomainError, StaleVersion
from kernel.http.once import fresh_key, run_once
from kernel.http.request import Request

HUNDRED = Decimal(100)
HEAD = ("partner", "ordered_on", "number", "tax", "reserve", "note")


def columns() -> list[Cell]:
    """Columns of the grid; `line` is the number of a line that stands."""
    items = reverse("masterdata:lookup", args=["items"])
    return [
        Cell(key="line", kind="hidden"),
        Cell(key="item", label=_("物料"), kind="lookup", src=items, css="q-g2", list_label=_("物料")),
        Cell(key="quantity", label=_("数量"), kind="number", css="q-gn"),
        Cell(key="unit", label=_("单位"), css="q-gn q-gs"),
        Cell(key="unit_price", label=_("单价"), kind="number", css="q-gn"),
        Cell(key="tax_rate", label=_("税率％"), kind="number", css="q-gn q-gs"),
        Cell(key="due_on", label=_("交期"), kind="date", css="q-gw"),
        Cell(key="warehouse", label=_("仓库"), kind="lookup", css="q-gw", list_label=_("仓库"),
             src=reverse("masterdata:lookup", args=["warehouses"])),
    ]  # fmt: skip


def edit(request: Request, side: Side, order_id: int | None) -> HttpResponse:
    """GET the form; POST saves a draft, or changes a confirmed order line by line."""
    order = order_at(side, order_id) if order_id else None
    if request.method != "POST":
        entry = _of_order(order) if order else grid_form.blank(_fresh(request))
        return _page(request, side, order, entry)
    entry = grid_form.read(request.POST, head=HEAD, columns=columns())
    values = _values(entry)
    stale = None
    if entry.is_valid:
        try:
            return HttpResponseRedirect(run_once(request, lambda: _store(request, side, order, entry, values)))
        except StaleVersion as error:
            stale = error
            entry.faults.append(error.message)
        except DomainError as error:
            if error.http_status in (403, 404):
                raise
            grid_form.take_refusal(entry, error)
    return _page(request, side, order, entry, status=409 if stale else 422)


def _fresh(request: Request) -> dict[str, str]:
    return {"ordered_on": today().isoformat(), "partner": request.GET.get("partner", "")[:64], "tax": "1"}


def _values(entry: Entry) -> OrderInput:
    lines = [_line(line) for line in entry.filled]
    if not entry.head.get("partner"):
        entry.errors["partner"] = _("请选择往来单位。")
    if not lines:
        entry.faults.append(_("订单至少要有一行。"))
    return OrderInput(
        partner=entry.head.get("partner", ""),
        ordered_on=entry.day("ordered_on") or today(),
        number=entry.head.get("number", ""),
        price_includes_tax=entry.head.get("tax", "1") != "0",
        reserve=bool(entry.head.get("reserve")),
        note=entry.head.get("note", ""),
        lines=lines,
    )


def _line(line: Line) -> LineInput:
    rate = line.number("tax_rate")
    price = line.number("unit_price")
    for key, number in (("unit_price", price), ("tax_rate", rate)):
        if number is not None and (number < 0 or (key == "tax_rate" and number >= HUNDRED)):
            line.errors[key] = _("请填写正确的数字。")
    for key, number, places in (("unit_price", price, 6), ("tax_rate", rate, 6)):
        if number is not None and -int(number.normalize().as_tuple().exponent) > places:
            line.errors[key] = _("最多 %(places)s 位小数。") % {"places": places}
    quantity = line.number("quantity")
    if quantity is None and "quantity" not in line.errors:
        line.errors["quantity"] = _("请填写数量。")
    return LineInput(
        line=int(line.text("line")) if line.text("line").isdigit() else None,
        item=line.text("item") or None,
        quantity=quantity,
        unit=line.text("unit") or None,
        unit_price=price,
        tax_rate=None if rate is None else rate / HUNDRED,
        due_on=line.day("due_on"),
        warehouse=line.text("warehouse") or None,
    )


def _store(request: Request, side: Side, order: Any, entry: Entry, values: OrderInput) -> str:
    """Save; answers where to go."""
    version = int(entry.version) if entry.version.isdigit() else None
    if order is None:
        saved = drafts.create(side=side, values=values, actor=request.member, at=now())
    elif order.state == order.State.DRAFT:
        saved = drafts.rewrite(side=side, order_id=order.pk, version=version, values=values, actor=request.member)
    else:
        lines = [*values.lines, *_dropped(order, values)]
        saved = states.change(
            side=side, order_id=order.pk, version=version, lines=lines, actor=request.member, at=now()
        )
    if request.POST.get("then") == "confirm" and saved.state == saved.State.DRAFT:
        saved = states.confirm(side=side, order_id=saved.pk, version=None, actor=request.member, at=now())
        messages.success(request, _("订单 %(number)s 已确认") % {"number": saved.number})
    else:
        messages.success(request, _("订单 %(number)s 已保存") % {"number": saved.number})
    return reverse(f"inventory:{_name(side)}", args=[saved.pk])


def _dropped(order: Any, values: OrderInput) -> list[LineInput]:
    """A line of a confirmed order that was taken out of the grid is no longer wanted: it is closed, not forgotten."""
    kept = {line.line for line in values.lines}
    return [
        LineInput(line=row.line, closed=True) for row in order.lines.all() if not row.closed and row.line not in kept
    ]


def _of_order(order: Any) -> Entry:
    head = {
        "partner": order.partner.code,
        "ordered_on": order.ordered_on.isoformat(),
        "number": order.number,
        "tax": "1" if order.price_includes_tax else "0",
        "reserve": "1" if getattr(order, "reserve", False) else "",
        "note": order.note,
    }
    lines = [
        Line(
            values={
                "line": str(row.line),
                "item": row.item.code,
                "quantity": _trim(row.quantity),
                "unit": row.unit,
                "unit_price": _trim(row.unit_price),
                "tax_rate": _trim(row.tax_rate * HUNDRED),
                "due_on": row.due_on.isoformat(),
                "warehouse": row.warehouse.code if row.warehouse else "",
            },
            shown={"item": str(row.item), "warehouse": str(row.warehouse) if row.warehouse else ""},
        )
        for row in order.lines.all()
        if not row.closed
    ]
    shown = {"partner": str(order.partner)}
    return Entry(head=head, shown=shown, lines=lines, version=str(order.version))


def _trim(number: Decimal) -> str:
    return f"{number.normalize():f}"


TITLES = {
    (True, False): gettext_lazy("新增销售订单"),
    (True, True): gettext_lazy("修改销售订单"),
    (False, False): gettext_lazy("新增采购订单"),
    (False, True): gettext_lazy("修改采购订单"),
}


def _page(request: Request, side: Side, order: Any, entry: Entry, *, status: int = 200) -> HttpResponse:
    back = reverse(f"inventory:{_name(side)}", args=[order.pk]) if order else reverse(f"inventory:{_name(side)}s")
    context = {
        "entry": entry,
        "grid": grid_form.grid(entry, columns()),
        "side": side,
        "order": order,
        "is_draft": order is None or order.state == order.State.DRAFT,
        "title": TITLES[side.sells, order is not None],
        "partner_label": _("客户") if side.sells else _("供应商"),
        "partner_src": reverse("masterdata:lookup", args=["customers" if side.sells else "suppliers"]),
        "once": fresh_key(),
        "back": back,
        "action": request.path,
    }
    template = "inventory/order/entry.html"
    return common.show(
        request, f"{template}#form" if request.htmx and status != 200 else template, context, status=status
    )


def _name(side: Side) -> str:
    return "sales-order" if side.sells else "purchase-order"
