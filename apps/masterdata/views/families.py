"""变体系列: a family with its axes, and the items that are made from it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata.domain import variants as rules
from apps.masterdata.family_forms import AxisRow, FamilyForm, axes_of, rows_from
from apps.masterdata.forms import filled, rows_of
from apps.masterdata.models import Family
from apps.masterdata.selectors import lists
from apps.masterdata.services import variants
from apps.masterdata.views import common
from apps.masterdata.views.common import Section
from apps.masterdata.views.settings import tabs
from kernel.errors import DomainError
from kernel.http.gates import require_right
from kernel.http.request import Request, posted


@require_right("masterdata.view")
@require_GET
def families(request: Request) -> HttpResponse:
    rows = [(row, _axes_text(row), _missing(row)) for row in lists.families({})]
    return common.show(request, "masterdata/settings/families.html", {"rows": rows, "tabs": tabs("families")})


def _axes_text(family: Family) -> str:
    axes = rules.in_order(rules.parse_axes(family.axes), family.pattern)
    return "；".join(f"{axis.key}：{'、'.join(value.name for value in axis.values)}" for axis in axes)


def _missing(family: Family) -> int:
    """How many variants the axes allow beyond those that were made."""
    count = 1
    for axis in rules.parse_axes(family.axes):
        count *= len(axis.values)
    return max(0, count - family.item_count)  # type: ignore[attr-defined]  # counted by `lists.families`


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def family_edit(request: Request, family_id: int | None = None) -> HttpResponse:
    found = Family.objects.select_related("stock_unit", "category")
    row = get_object_or_404(found, pk=family_id) if family_id else None
    data = posted(request)
    form = FamilyForm(data, initial=_initial(row))
    axes = rows_of(AxisRow, prefix="axes", data=data, initial=rows_from(_ordered(row)) if row else [])
    if data is not None and common.is_valid(form, {"axes": axes}):
        values: dict[str, Any] = {**form.values(), "axes": axes_of(filled(axes, "axis"))}

        def save() -> Family:
            return variants.save_family(family=row, values=values, actor=request.member)

        if common.saved(form, save) is not None:
            messages.success(request, _("已保存"))
            return redirect("masterdata:families")
    hint = _("每行一个轴，例如 颜色：RD=红；BL=蓝。等号前的代码用在物料编码里。")
    sections = [Section(_("基本资料"), [form[name] for name in form.fields if name != "version"])]
    sections.append(Section(_("规格轴"), rows=axes, hint=hint))
    return common.form_page(
        request, title=_("修改变体系列") if row else _("新增变体系列"), form=form, sections=sections,
        back=reverse("masterdata:families"),
        delete=reverse("masterdata:family-delete", args=[row.pk]) if row else "",
    )  # fmt: skip


def _ordered(row: Family) -> dict[str, Any]:
    return {axis.key: row.axes[axis.key] for axis in rules.in_order(rules.parse_axes(row.axes), row.pattern)}


def _initial(row: Family | None) -> dict[str, Any]:
    if row is None:
        return {}
    known = {name: getattr(row, name) for name in ("code", "name", "pattern", "version")}
    return known | {"stock_unit": row.stock_unit.code, "category": row.category.code if row.category else ""}


@require_right("masterdata.edit")
@require_POST
def family_delete(request: Request, family_id: int) -> HttpResponse:
    row = get_object_or_404(Family.objects.all(), pk=family_id)
    return common.removed(
        request,
        lambda: variants.delete_family(family=row, actor=request.member),
        back=reverse("masterdata:families"),
        stay=reverse("masterdata:family-edit", args=[row.pk]),
    )


@require_right("masterdata.edit")
@require_POST
def family_generate(request: Request, family_id: int) -> HttpResponse:
    """生成变体: the items that are missing; pressed again it makes none."""
    row = get_object_or_404(Family.objects.all(), pk=family_id)
    try:
        made = variants.generate(family=row, actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        words = ngettext("已生成 %(n)d 个物料", "已生成 %(n)d 个物料", len(made)) % {"n": len(made)}
        messages.success(request, words if made else _("变体都已生成"))
    return redirect("masterdata:families")
