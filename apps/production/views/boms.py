"""物料清单: list, editor, one version with its tree and where it is used."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import public as masterdata
from apps.production import bom_form
from apps.production.api.engineering import BomList
from apps.production.models import Bom
from apps.production.plan_forms import BomForm
from apps.production.selectors import boms as selectors
from apps.production.services import boms
from apps.production.views.plan_pages import asked, engineer, list_page, read, saved, show, typed_code
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.http.request import Request, posted

HEAD = ("version", "base_quantity", "valid_from", "valid_to")


@read
@require_GET
def bom_list(request: Request) -> HttpResponseBase:
    counts = selectors.state_counts()
    states = [("", _("全部"), sum(counts.values()))]
    states += [(value, _(label), counts.get(value, 0)) for value, label in Bom.State.choices]
    state = asked(request, "state")
    rows = selectors.boms(search=asked(request), state=state if state in Bom.State.values else "")
    return list_page(
        request, "production/bom/list.html", rows, columns=BomList.export_columns, name=_("物料清单"),
        context={"states": states, "state": state},
    )  # fmt: skip


@read
@require_GET
def bom_detail(request: Request, bom_id: int) -> HttpResponse:
    bom = selectors.bom_at(bom_id)
    item = masterdata.get_item(bom.item_id)
    context = {"bom": bom, "item": item, "uses": selectors.where_used(item)[:200], **_tree(bom, item, today())}
    others = selectors.boms(item_id=bom.item_id).exclude(pk=bom.pk)
    other = request.GET.get("compare", "")
    context["others"] = list(others)
    if other.isascii() and other.isdigit() and len(other) < 19:
        chosen = next((row for row in context["others"] if row.pk == int(other)), None)
        if chosen is not None:
            context |= {"compared": chosen, "differences": selectors.compare(bom, chosen)}
    return show(request, "production/bom/detail.html", context)


def _tree(bom: Bom, item: masterdata.ItemInfo, day: date) -> dict[str, Any]:
    """The exploded tree of the version that counts today; a draft shows its own lines only."""
    if bom.state != Bom.State.ACTIVE:
        return {}
    try:
        found = selectors.explode(item=item, quantity=bom.base_quantity, on=max(day, bom.valid_from or day))
    except DomainError:
        return {}
    return {"tree": found.rows[:500], "totals": found.totals}


@engineer
@require_http_methods(["GET", "POST"])
def bom_new(request: Request) -> HttpResponse:
    return _edit(request, None)


@engineer
@require_http_methods(["GET", "POST"])
def bom_edit(request: Request, bom_id: int) -> HttpResponse:
    return _edit(request, selectors.bom_at(bom_id))


def _edit(request: Request, bom: Bom | None) -> HttpResponse:
    data = posted(request)
    initial = (
        {name: getattr(bom, name) for name in HEAD} | {"version_no": bom.version_no} if bom else {"base_quantity": 1}
    )
    form = BomForm(data, initial=initial)
    rows = bom_form.rows_of(bom)
    code = bom.item.code if bom else asked(request, "item")
    if data is not None:
        code = bom.item.code if bom else typed_code(request, "item")
        pasted = str(data.get("pasted", ""))[:200_000]
        rows = bom_form.rows_from(data, pasted)
        lines = bom_form.values_of(rows)
        if form.is_valid() and lines is not None:
            values = {name: form.cleaned_data[name] for name in (*HEAD, "version_no")}
            values |= {"item": code, "lines": lines, "activate": "activate" in data}
            made = saved(form, lambda: _save(request, bom, values))
            if made is not None:
                messages.success(request, _("物料清单 %(bom)s 已保存。") % {"bom": made.version})
                return redirect("production:bom", made.pk)
    shown = rows + ([] if len(rows) >= bom_form.BLANK_ROWS else bom_form.rows_of(None))
    context = {"bom": bom, "form": form, "rows": shown, "code": code}
    return show(request, "production/bom/edit.html", context, status=422 if data is not None else 200)


def _initial(bom: Bom | None) -> dict[str, Any]:
    if bom is None:
        return {"base_quantity": 1}
    return {name: getattr(bom, name) for name in HEAD} | {
        "version_no": bom.version_no,
        "base_quantity": f"{bom.base_quantity.normalize():f}",
    }


def _save(request: Request, bom: Bom | None, values: dict[str, Any]) -> Bom:
    if bom is None:
        return boms.create_bom(values=values, actor=request.member, at=now())
    return boms.change_bom(bom_id=bom.pk, values=values, actor=request.member)


@engineer
@require_POST
def bom_verb(request: Request, bom_id: int, verb: str) -> HttpResponse:
    """启用, 停用 or 删除, then back to the version (or the list)."""
    verbs = {"activate": boms.activate_bom, "retire": boms.retire_bom, "delete": boms.delete_bom}
    try:
        verbs[verb](bom_id=bom_id, actor=request.member)  # type: ignore[operator]  # each takes these two
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("production:bom", bom_id)
    if verb == "delete":
        messages.success(request, _("已删除"))
        return redirect("production:bom-list")
    messages.success(request, _("已启用") if verb == "activate" else _("已停用"))
    return redirect("production:bom", bom_id)
