"""物料."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import columns
from apps.masterdata.forms import BarcodeRow, FactorRow, ItemForm, category_choices, filled, rows_of
from apps.masterdata.labels import SIZES
from apps.masterdata.models import Item
from apps.masterdata.selectors import completeness, finding, lists
from apps.masterdata.services import item_parts, items, merging, pictures
from apps.masterdata.views import common
from apps.masterdata.views.common import Section
from kernel import registry
from kernel.errors import DomainError
from kernel.http.gates import require_right
from kernel.http.request import Request, posted

read = require_right("masterdata.view", write="masterdata.edit")
BASICS = ("code", "name", "spec", "stock_unit", "category", "source", "tracking", "shelf_life_days", "state")
DETAILS = ("drawing_no", "revision", "weight", "standard_cost", "target_price")
FLAGS = ("is_stocked", "is_purchased", "is_sold", "is_service", "is_phantom", "internal_note")


@read
@require_GET
def item_list(request: Request) -> HttpResponseBase:
    words = common.filters(request)
    counts = lists.item_counts(words)
    states = [("", _("全部"), counts[""])]
    states += [(value, _(label), counts[value]) for value, label in Item.State.choices]
    context = {
        "states": states,
        "wanted": words,
        "sources": [("", _("全部")), *((value, _(label)) for value, label in Item.Source.choices)],
        "categories": category_choices(),
    }
    return common.list_page(
        request, "masterdata/item/list.html", lists.items(words), columns=columns.item_columns(request.member),
        name=_("物料"), context=context,
    )  # fmt: skip


@read
@require_GET
def item_detail(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(lists.shown_items(finding.live_items()), pk=item_id)
    template = item.template or item_parts.template_for(item.category)
    names = {row["key"]: row for row in template.rows} if template else {}
    context = {
        "item": item,
        "completeness": completeness.completeness(item),
        "attributes": [(names.get(key, {}).get("name", key), value) for key, value in item.attributes.items()],
        "aliases": [code.code for code in item.codes.all() if code.is_alias],
        "history": common.history("item", item.pk),
        "secret": request.member.can("masterdata.secret"),
        "panels": registry.panels("masterdata.item"),
        "pictures": list(pictures.pictures_of(item)),
        "label_sizes": SIZES,
    }
    return common.show(request, "masterdata/item/detail.html", context)


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def item_new(request: Request) -> HttpResponse:
    return _edit(request, None)


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def item_edit(request: Request, item_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(lists.shown_items(finding.live_items()), pk=item_id))


def _edit(request: Request, item: Item | None) -> HttpResponse:
    template = item_parts.template_for(item.category) if item else None
    data = posted(request)
    form = ItemForm(
        data,
        initial=_initial(item, template.rows if template else []),
        secret=request.member.can("masterdata.secret"),
        attributes=template.rows if template else (),
    )
    rows = _row_sets(data, item)
    if data is not None and common.is_valid(form, rows):
        values: Any = form.values()
        values["units"], values["barcodes"] = filled(rows["units"], "unit"), filled(rows["barcodes"], "value")
        record = common.saved(form, lambda: _save(item, values, request), rows=rows)
        if record is not None:
            return redirect("masterdata:item", record.pk)
    title = _("修改物料") if item else _("新增物料")
    back = reverse("masterdata:item", args=[item.pk]) if item else reverse("masterdata:item-list")
    return common.form_page(request, title=title, form=form, sections=_sections(form, rows), back=back)


def _save(item: Item | None, values: Any, request: Request) -> Item:
    if item is None:
        return items.create_item(values=values, actor=request.member)
    return items.update_item(item=item, values=values, actor=request.member)


def _row_sets(data: Any, item: Item | None) -> dict[str, Any]:
    factors = [{"unit": row.unit.code, "factor": str(row.factor)} for row in item.units.all()] if item else []
    codes = [{"value": row.value, "unit": row.unit.code} for row in item.barcodes.all()] if item else []
    return {
        "units": rows_of(FactorRow, prefix="units", data=data, initial=factors),
        "barcodes": rows_of(BarcodeRow, prefix="barcodes", data=data, initial=codes),
    }


def _initial(item: Item | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    if item is None:
        return {}
    known = {name: getattr(item, name) for name in (*BASICS, *DETAILS, *FLAGS, "version")}
    known |= {"stock_unit": item.stock_unit.code, "category": item.category.code if item.category else ""}
    for name in ("weight", "standard_cost", "target_price"):
        known[name] = None if known[name] is None else f"{known[name].normalize():f}"
    words = {True: "true", False: "false"}
    for place, row in enumerate(rows):
        value = item.attributes.get(row["key"], "")
        known[f"attribute-{place}"] = words[value] if isinstance(value, bool) else value
    return known


def _sections(form: ItemForm, rows: dict[str, Any]) -> list[Section]:
    def shown(names: Any) -> list[Any]:
        return [form[name] for name in names if name in form.fields]

    found = [Section(_("基本资料"), shown(BASICS))]
    if form.attribute_keys:
        found.append(Section(_("属性"), shown(form.attribute_keys)))
    found.append(
        Section(
            _("其他单位"), rows=rows["units"], hint=_("例如 1 箱等于 100 个：单位选箱，数量填 100。可以写分数 1/3。")
        )
    )
    found.append(Section(_("条码"), rows=rows["barcodes"], hint=_("单位不选就是库存单位。")))
    return [*found, Section(_("更多"), shown(DETAILS)), Section(_("用途"), shown(FLAGS))]


@require_right("masterdata.edit")
@require_POST
def item_delete(request: Request, item_id: int) -> HttpResponse:
    item = get_object_or_404(finding.live_items(), pk=item_id)
    return common.removed(
        request,
        lambda: items.delete_item(item=item, actor=request.member),
        back=reverse("masterdata:item-list"),
        stay=reverse("masterdata:item", args=[item_id]),
    )


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def item_merge(request: Request, item_id: int) -> HttpResponse:
    """Another item is this one: its codes lead here from now on."""
    keep = get_object_or_404(finding.live_items(), pk=item_id)
    code = request.POST.get("drop", "").strip() or request.POST.get("drop_text", "").partition(" ")[0]
    context: dict[str, Any] = {"item": keep, "code": code}
    if request.method == "POST":
        try:
            drop = finding.item_at(code)
            merging.merge_items(keep=keep, drop=drop, actor=request.member)
        except DomainError as error:
            context["error"] = error.message
        else:
            return redirect("masterdata:item", keep.pk)
    return common.show(request, "masterdata/item/merge.html", context, status=422 if "error" in context else 200)
