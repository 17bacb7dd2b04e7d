"""基础资料设置: 计量单位, 物料分类 with 属性模板, 编号规则."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata.cells import entries
from apps.masterdata.forms import CategoryForm, NumberRuleForm, RecordForm, TemplateRow, UnitForm, filled, rows_of
from apps.masterdata.models import Category, NumberRule, Unit
from apps.masterdata.selectors import lists
from apps.masterdata.services import catalogue, numbers
from apps.masterdata.views import common
from apps.masterdata.views.common import Section
from kernel.clock import today
from kernel.http.gates import require_right
from kernel.http.request import Request, posted


def tabs(current: str) -> list[dict[str, Any]]:
    """The settings of master data as links."""
    words = {
        "units": _("计量单位"),
        "categories": _("物料分类与属性"),
        "families": _("变体系列"),
        "numbers": _("编号规则"),
        "company": _("本企业资料"),
    }
    urls = {name: reverse(f"masterdata:{name}") for name in words}
    return [{"label": word, "url": urls[name], "current": name == current} for name, word in words.items()]


def settings(request: Request) -> HttpResponse:
    return HttpResponseRedirect(reverse("masterdata:units"))


@require_right("masterdata.view")
@require_GET
def units(request: Request) -> HttpResponse:
    return common.show(request, "masterdata/settings/units.html", {"rows": lists.units({}), "tabs": tabs("units")})


@require_right("masterdata.settings")
@require_http_methods(["GET", "POST"])
def unit_edit(request: Request, unit_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(Unit.objects.all(), pk=unit_id) if unit_id else None
    initial = {name: getattr(row, name) for name in ("code", "name", "decimals", "rec20", "version")} if row else {}
    return common.simple_form(
        request,
        UnitForm(request.POST or None, initial=initial),
        lambda values: catalogue.save_unit(unit=row, values=values, actor=request.member),
        title=_("修改计量单位") if row else _("新增计量单位"),
        back=reverse("masterdata:units"),
        delete=reverse("masterdata:unit-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.settings")
@require_POST
def unit_delete(request: Request, unit_id: int) -> HttpResponse:
    row = get_object_or_404(Unit.objects.all(), pk=unit_id)
    return common.removed(
        request,
        lambda: catalogue.delete_unit(unit=row, actor=request.member),
        back=reverse("masterdata:units"),
        stay=reverse("masterdata:unit-edit", args=[row.pk]),
    )


@require_right("masterdata.view")
@require_GET
def categories(request: Request) -> HttpResponse:
    versions: dict[int, int] = {}
    for template in lists.templates({}):
        versions.setdefault(template.category_id, template.version)
    rows = [(row, versions.get(row.pk), row.path.count("/")) for row in lists.categories({})]
    return common.show(request, "masterdata/settings/categories.html", {"rows": rows, "tabs": tabs("categories")})


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def category_edit(request: Request, category_id: int | None = None) -> HttpResponse:
    rows = Category.objects.select_related("parent")
    row = get_object_or_404(rows, pk=category_id) if category_id else None
    initial = {name: getattr(row, name) for name in ("code", "name", "version")} if row else {}
    initial["parent"] = row.parent.code if row and row.parent else ""
    return common.simple_form(
        request,
        CategoryForm(request.POST or None, initial=initial),
        lambda values: catalogue.save_category(category=row, values=values, actor=request.member),
        title=_("修改物料分类") if row else _("新增物料分类"),
        back=reverse("masterdata:categories"),
        delete=reverse("masterdata:category-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.edit")
@require_POST
def category_delete(request: Request, category_id: int) -> HttpResponse:
    row = get_object_or_404(Category.objects.all(), pk=category_id)
    return common.removed(
        request,
        lambda: catalogue.delete_category(category=row, actor=request.member),
        back=reverse("masterdata:categories"),
        stay=reverse("masterdata:category-edit", args=[row.pk]),
    )


@require_right("masterdata.settings")
@require_http_methods(["GET", "POST"])
def template_edit(request: Request, category_id: int) -> HttpResponse:
    """The attributes of a category; saving makes the next version, items keep theirs."""
    category = get_object_or_404(Category.objects.all(), pk=category_id)
    last = category.templates.order_by("-version").first()
    known = [{**row, "options": "；".join(row.get("options", ()))} for row in last.rows] if last else []
    data = posted(request)
    form, rows = RecordForm(data), rows_of(TemplateRow, prefix="rows", data=data, initial=known)
    if data is not None and common.is_valid(form, {"rows": rows}):
        given = [_template_row(row, known) for row in filled(rows, "key")]

        def save() -> Any:
            return catalogue.save_template(category=category, rows=given, actor=request.member)

        if common.saved(form, save, rows={"rows": rows}):
            messages.success(request, _("已保存"))
            return redirect("masterdata:categories")
    title = f"{_('属性模板')} {category.code}"
    hint = _("改动会生成新版本，已填写的物料仍按原版本计算完整度。")
    sections = [Section("", rows=rows, hint=hint)]
    return common.form_page(request, title=title, form=form, sections=sections, back=reverse("masterdata:categories"))


def _template_row(row: dict[str, Any], known: list[dict[str, Any]]) -> dict[str, Any]:
    before = next((one for one in known if one["key"] == row["key"]), {})
    return {**row, "options": entries(row["options"]), "class": before.get("class", "public")}


@require_right("masterdata.view")
@require_GET
def number_rules(request: Request) -> HttpResponse:
    rows = [(row, document_name(row.document), numbers.preview(row=row, on=today())) for row in lists.number_rules({})]
    return common.show(request, "masterdata/settings/numbers.html", {"rows": rows, "tabs": tabs("numbers")})


@require_right("masterdata.settings")
@require_http_methods(["GET", "POST"])
def number_rule_edit(request: Request, document: str) -> HttpResponse:
    row = get_object_or_404(NumberRule.objects.all(), document=document)
    initial = {name: getattr(row, name) for name in ("pattern", "reset", "gapless", "version")}
    form = NumberRuleForm(request.POST or None, initial=initial)

    def save(values: dict[str, Any]) -> NumberRule:
        return numbers.save_rule(document=document, actor=request.member, **values)

    return common.simple_form(
        request, form, save, title=f"{_('编号规则')} {document_name(document)}", back=reverse("masterdata:numbers")
    )


def document_name(document: str) -> str:
    """A kind of document in the reader's language; its own word when we do not know it."""
    names = {
        "item": _("物料"),
        "partner": _("往来单位"),
        "employee": _("员工"),
        "sales_order": _("销售订单"),
        "purchase_order": _("采购订单"),
        "receipt": _("入库单"),
        "issue": _("出库单"),
        "transfer": _("调拨单"),
        "stocktake": _("盘点单"),
        "work_order": _("工单"),
        "delivery": _("送货单"),
        "statement": _("对账单"),
        "assembly": _("组装单"),
        "cost_adjustment": _("成本调整单"),
        "landed_cost": _("采购费用单"),
    }
    return names.get(document, document)
