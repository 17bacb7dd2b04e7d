"""新增入库单, 出库单, 调拨单: head and grid; saved as a draft or posted at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.inventory import grid_form
from apps.inventory.grid_form import Cell, Entry, Line
from apps.inventory.models.documents import Reason
from apps.inventory.views import common, document_posting
from apps.masterdata import public as masterdata
from kernel.clock import today
from kernel.errors import DomainError
from kernel.http.once import fresh_key, run_once
from kernel.http.request import Request

RECEIPT_REASONS = ("purchase", "other_in", "opening", "production", "gain")
ISSUE_REASONS = ("sale", "material", "other_out", "scrap", "loss")
HEAD = ("reason", "warehouse", "to_warehouse", "partner", "moved_on", "when_closed", "in_transit", "note")


def columns(kind: str, *, costs: bool) -> list[Cell]:
    """Columns of the grid of `kind`: receipt, issue or transfer."""
    items = reverse("masterdata:lookup", args=["items"])
    cells = [
        Cell(key="item", label=_("物料"), kind="lookup", src=items, css="q-g2", list_label=_("物料")),
        Cell(key="quantity", label=_("数量"), kind="number", css="q-gn"),
        Cell(key="unit", label=_("单位"), css="q-gn q-gs"),
    ]
    if kind == "receipt" and costs:
        cells.append(Cell(key="unit_cost", label=_("单价"), kind="number", css="q-gn"))
    cells.append(Cell(key="lot", label=_("批号或序列号"), css="q-gw"))
    if kind == "receipt":
        cells.append(Cell(key="expires_on", label=_("有效期至"), kind="date", css="q-gw"))
    cells.append(Cell(key="location", label=_("库位"), css="q-gn"))
    if kind == "transfer":
        cells.append(Cell(key="to_location", label=_("调入库位"), css="q-gn"))
    return cells


def edit(request: Request, kind: str, draft: Any = None) -> HttpResponse:
    """GET the form, fresh or of a draft; POST saves a draft or posts."""
    cells = columns(kind, costs=request.member.can("inventory.view_cost"))
    if request.method != "POST":
        entry = document_posting.entry_of(draft) if draft else grid_form.blank(_fresh(kind, request))
        return _page(request, kind, entry, cells, draft)
    entry = grid_form.read(request.POST, head=HEAD, columns=cells)
    lines = _read(kind, entry)
    if entry.is_valid:
        try:
            return HttpResponseRedirect(run_once(request, lambda: _store(request, kind, entry, lines, draft)))
        except DomainError as error:
            if error.http_status in (403, 404):
                raise
            grid_form.take_refusal(entry, error)
    return _page(request, kind, entry, cells, draft, status=422)


def _fresh(kind: str, request: Request) -> dict[str, str]:
    places = [place.code for place in masterdata.find_warehouses() if place.kind == "normal"]
    head = {"moved_on": today().isoformat(), "warehouse": places[0] if places else ""}
    head["to_warehouse"] = places[1] if len(places) > 1 else ""
    head["reason"] = {"receipt": "purchase", "issue": "sale"}.get(kind, "")
    wanted = request.GET.get("reason", "")
    return head | ({"reason": wanted} if wanted in (*RECEIPT_REASONS, *ISSUE_REASONS) else {})


def _read(kind: str, entry: Entry) -> list[dict[str, Any]]:
    """Values of the filled rows; faults are noted on their cells."""
    if not entry.filled:
        entry.faults.append(_("单据至少要有一行。"))
    if entry.day("moved_on") is None and "moved_on" not in entry.errors:
        entry.errors["moved_on"] = _("请填写日期。")
    codes = {line.text("item") for line in entry.filled if line.text("item")}
    items = masterdata.items_by_code(codes)
    return [_line(kind, line, items.get(line.text("item"))) for line in entry.filled]


def _line(kind: str, line: Line, item: Any) -> dict[str, Any]:
    if item is None:
        line.errors["item"] = _("没有物料“%(code)s”，请先建档。") % {"code": line.text("item")[:40]}
    quantity = line.number("quantity")
    if quantity is None and "quantity" not in line.errors:
        line.errors["quantity"] = _("请填写数量。")
    is_serial = item is not None and item.tracking == "serial"
    values: dict[str, Any] = {
        "item": line.text("item"),
        "quantity": quantity,
        "unit": line.text("unit"),
        "lot": "" if is_serial else line.text("lot"),
        "serials": line.words("lot") if is_serial else (),
        "location": line.text("location"),
    }
    if kind == "receipt":
        values |= {"unit_cost": line.number("unit_cost"), "expires_on": line.day("expires_on")}
    if kind == "transfer":
        values["to_location"] = line.text("to_location")
    return values


def _store(request: Request, kind: str, entry: Entry, lines: list[dict[str, Any]], draft: Any) -> str:
    """Save or post; answers where to go."""
    posts = request.POST.get("then") != "draft"
    saved = document_posting.store(
        kind, entry.head, lines, posts=posts, draft_id=draft.pk if draft else None, actor=request.member
    )
    said = _("%(number)s 已记账") if posts else _("草稿 %(number)s 已保存")
    messages.success(request, said % {"number": saved.number})
    return reverse("inventory:document", args=[saved.id])


def _page(
    request: Request, kind: str, entry: Entry, cells: list[Cell], draft: Any, *, status: int = 200
) -> HttpResponse:
    words = _WORDS[kind]()
    context = {
        "entry": entry,
        "grid": grid_form.grid(entry, cells),
        "kind": kind,
        "words": words,
        "title": words["noun"],
        "number": draft.number if draft else "",
        "reasons": [(key, Reason(key).label) for key in _REASONS.get(kind, ())],
        "warehouses": common.warehouse_choices(),
        "partner_src": reverse("masterdata:lookup", args=["suppliers" if kind == "receipt" else "customers"]),
        "amounts": any(cell.key == "unit_cost" for cell in cells),
        "once": fresh_key(),
        "back": reverse(f"inventory:{kind}s"),
        "action": request.path,
    }
    template = "inventory/document/entry.html"
    part = "#form" if request.htmx and status != 200 else ""
    return common.show(request, f"{template}{part}", context, status=status)


_REASONS = {"receipt": RECEIPT_REASONS, "issue": ISSUE_REASONS}
_WORDS: dict[str, Callable[[], dict[str, str]]] = {
    "receipt": lambda: {
        "noun": _("入库单"), "reason": _("入库类型"), "warehouse": _("仓库"), "partner": _("供应商"),
        "post": _("确认入库"),
    },
    "issue": lambda: {
        "noun": _("出库单"), "reason": _("出库类型"), "warehouse": _("仓库"), "partner": _("客户"),
        "post": _("确认出库"),
    },
    "transfer": lambda: {
        "noun": _("调拨单"), "reason": "", "warehouse": _("调出仓库"), "partner": "", "post": _("确认调拨"),
    },
}  # fmt: skip
