"""存货成本, 库存月结 and 设置."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.inventory.forms import SettingsForm
from apps.inventory.grid_form import day_of
from apps.inventory.selectors import settings as selectors
from apps.inventory.selectors import value_rows
from apps.inventory.services import closing, item_settings
from apps.inventory.views import common
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.exports import Column
from kernel.http.gates import require_module
from kernel.http.request import Request

COLUMNS = (
    Column("item", gettext_lazy("物料编码")),
    Column("name", gettext_lazy("名称")),
    Column("category", gettext_lazy("分类")),
    Column("warehouse", gettext_lazy("仓库")),
    Column("quantity", gettext_lazy("数量"), "quantity"),
    Column("unit_cost", gettext_lazy("单位成本"), "quantity"),
    Column("value", gettext_lazy("金额"), "money"),
)
GROUPS = ("item", "category", "warehouse")


@require_module("inventory", "inventory.view_cost")
@require_GET
def valuation(request: Request) -> HttpResponseBase:
    """What stock is worth: as of a day, as it was known at a moment."""
    words = common.words_of(request)
    group = words.get("group") if words.get("group") in GROUPS else "item"
    known = _moment(words.get("known_at", ""))
    rows = value_rows.valuation(
        group=group or "item", day=day_of(words.get("as_of", "")) or today(), known_at=known or now(), today=today(),
        category=words.get("category") or None,
    )  # fmt: skip
    if words["search"]:
        wanted = words["search"].casefold()
        rows = [row for row in rows if wanted in f"{row.item} {row.name}".casefold()]
    context = {
        "wanted": words,
        "group": group,
        "groups": [("item", _("按物料"), None), ("category", _("按分类"), None), ("warehouse", _("按仓库"), None)],
        "total": sum((row.value for row in rows), Decimal(0)),
        "waits": any(row.provisional for row in rows),
    }
    return common.list_page(
        request, "inventory/valuation/list.html", rows, columns=COLUMNS, name=_("存货成本"), context=context
    )


def _moment(text: str) -> datetime | None:
    """`2026-06-30T18:00` of Shanghai; None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


@require_module("inventory", "inventory.view")
@require_GET
def periods(request: Request) -> HttpResponse:
    """Months, and what stands in the way of closing the next one."""
    rows = selectors.months(at=now())
    open_months = [row["month"] for row in rows if isinstance(row, dict)]
    month = open_months[-1] if open_months else ""
    context = {
        "months": rows,
        "next": month,
        "problems": closing.problems(month=month, at=now()) if month else [],
        "is_current": month == f"{today():%Y-%m}",
        "costs": request.member.can("inventory.view_cost"),
    }
    return common.show(request, "inventory/period/list.html", context)


@require_module("inventory", "inventory.close")
@require_POST
def period_close(request: Request, month: str) -> HttpResponse:
    """Close a month for good."""
    return common.act(
        request, reverse("inventory:periods"),
        lambda: closing.close(month=month, actor=request.member, at=now()),
        lambda row: _("%(month)s 已结账") % {"month": f"{row.month:%Y-%m}"},
    )  # fmt: skip


@require_module("inventory", "inventory.close")
@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """How stock is valued unless an item says otherwise."""
    row = selectors.company()
    initial = {
        "default_method": row.default_method,
        "default_scope": row.default_scope,
        "stocktake_tolerance": row.stocktake_tolerance,
    }
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item_settings.save_settings(values=form.cleaned_data, actor=request.member)
        except DomainError as error:
            _mark(form, error)
        else:
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(reverse("inventory:settings"))
    context = {"form": form, "settings": row, "first_open": selectors.first_open_day(row)}
    return common.show(request, "inventory/settings.html", context, status=422 if form.is_bound else 200)


def _mark(form: Any, error: DomainError) -> None:
    """A refusal beside the field it names."""
    spots = [name for name in error.fields if name in form.fields]
    form.add_error(spots[0] if spots else None, error.message)
