"""仓库与库位, 部门与员工."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import columns
from apps.masterdata.forms import (
    DepartmentForm,
    EmployeeForm,
    LocationForm,
    WarehouseForm,
    department_choices,
)
from apps.masterdata.models import Department, Employee, Location, Warehouse
from apps.masterdata.selectors import lists
from apps.masterdata.services import places
from apps.masterdata.views import common
from kernel.http.gates import require_right
from kernel.http.request import Request


@require_right("masterdata.view")
@require_GET
def warehouse_list(request: Request) -> HttpResponseBase:
    words = common.filters(request)
    return common.list_page(
        request, "masterdata/warehouse/list.html", lists.warehouses(words), name=_("仓库"),
        columns=columns.warehouse_columns(request.member), context={"wanted": words},
    )  # fmt: skip


@require_right("masterdata.view")
@require_GET
def warehouse_detail(request: Request, warehouse_id: int) -> HttpResponseBase:
    warehouse = get_object_or_404(Warehouse.objects.all(), pk=warehouse_id)
    words = common.filters(request) | {"warehouse": warehouse.code}
    return common.list_page(
        request, "masterdata/warehouse/detail.html", lists.locations(words), name=_("库位"),
        columns=columns.location_columns(request.member), context={"warehouse": warehouse, "wanted": words},
    )  # fmt: skip


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def warehouse_edit(request: Request, warehouse_id: int | None = None) -> HttpResponse:
    row = get_object_or_404(Warehouse.objects.all(), pk=warehouse_id) if warehouse_id else None
    initial = {name: getattr(row, name) for name in ("code", "name", "kind", "state", "version")} if row else {}
    return common.simple_form(
        request,
        WarehouseForm(request.POST or None, initial=initial),
        lambda values: places.save_warehouse(warehouse=row, values=values, actor=request.member),
        title=_("修改仓库") if row else _("新增仓库"),
        back=reverse("masterdata:warehouse", args=[row.pk]) if row else reverse("masterdata:warehouse-list"),
        delete=reverse("masterdata:warehouse-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.edit")
@require_POST
def warehouse_delete(request: Request, warehouse_id: int) -> HttpResponse:
    row = get_object_or_404(Warehouse.objects.all(), pk=warehouse_id)
    return common.removed(
        request,
        lambda: places.delete_warehouse(warehouse=row, actor=request.member),
        back=reverse("masterdata:warehouse-list"),
        stay=reverse("masterdata:warehouse", args=[row.pk]),
    )


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def location_edit(request: Request, location_id: int | None = None) -> HttpResponse:
    rows = Location.objects.select_related("warehouse")
    row = get_object_or_404(rows, pk=location_id) if location_id else None
    initial = {name: getattr(row, name) for name in ("code", "barcode", "state", "version")} if row else {}
    initial["warehouse"] = row.warehouse.code if row else request.GET.get("warehouse", "")
    place = Warehouse.objects.filter(code=initial["warehouse"]).first()
    return common.simple_form(
        request,
        LocationForm(request.POST or None, initial=initial),
        lambda values: places.save_location(location=row, values=values, actor=request.member),
        title=_("修改库位") if row else _("新增库位"),
        back=reverse("masterdata:warehouse", args=[place.pk]) if place else reverse("masterdata:warehouse-list"),
        delete=reverse("masterdata:location-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.edit")
@require_POST
def location_delete(request: Request, location_id: int) -> HttpResponse:
    row = get_object_or_404(Location.objects.select_related("warehouse"), pk=location_id)
    return common.removed(
        request,
        lambda: places.delete_location(location=row, actor=request.member),
        back=reverse("masterdata:warehouse", args=[row.warehouse_id]),
        stay=reverse("masterdata:location-edit", args=[row.pk]),
    )


@require_right("masterdata.view")
@require_GET
def staff(request: Request) -> HttpResponseBase:
    """员工 as the list, 部门 beside it."""
    words = common.filters(request)
    counts = lists.employee_counts(words)
    states = [("", _("全部"), counts[""])]
    states += [(value, _(label), counts[value]) for value, label in Employee.State.choices]
    context = {
        "states": states,
        "wanted": words,
        "departments": lists.departments({}),
        "department_choices": department_choices(),
    }
    return common.list_page(
        request, "masterdata/staff/list.html", lists.employees(words), name=_("员工"),
        columns=columns.employee_columns(request.member), context=context,
    )  # fmt: skip


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def employee_edit(request: Request, employee_id: int | None = None) -> HttpResponse:
    rows = Employee.objects.select_related("department")
    row = get_object_or_404(rows, pk=employee_id) if employee_id else None
    initial = {name: getattr(row, name) for name in ("code", "name", "mobile", "state", "version")} if row else {}
    initial["department"] = row.department.code if row and row.department else ""
    return common.simple_form(
        request,
        EmployeeForm(request.POST or None, initial=initial),
        lambda values: places.save_employee(employee=row, values=values, actor=request.member),
        title=_("修改员工") if row else _("新增员工"),
        back=reverse("masterdata:staff"),
        delete=reverse("masterdata:employee-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.edit")
@require_POST
def employee_delete(request: Request, employee_id: int) -> HttpResponse:
    row = get_object_or_404(Employee.objects.all(), pk=employee_id)
    return common.removed(
        request,
        lambda: places.delete_employee(employee=row, actor=request.member),
        back=reverse("masterdata:staff"),
        stay=reverse("masterdata:employee-edit", args=[row.pk]),
    )


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def department_edit(request: Request, department_id: int | None = None) -> HttpResponse:
    rows = Department.objects.select_related("parent")
    row = get_object_or_404(rows, pk=department_id) if department_id else None
    initial = {name: getattr(row, name) for name in ("code", "name", "version")} if row else {}
    initial["parent"] = row.parent.code if row and row.parent else ""
    return common.simple_form(
        request,
        DepartmentForm(request.POST or None, initial=initial),
        lambda values: places.save_department(department=row, values=values, actor=request.member),
        title=_("修改部门") if row else _("新增部门"),
        back=reverse("masterdata:staff"),
        delete=reverse("masterdata:department-delete", args=[row.pk]) if row else "",
    )


@require_right("masterdata.edit")
@require_POST
def department_delete(request: Request, department_id: int) -> HttpResponse:
    row = get_object_or_404(Department.objects.all(), pk=department_id)
    return common.removed(
        request,
        lambda: places.delete_department(department=row, actor=request.member),
        back=reverse("masterdata:staff"),
        stay=reverse("masterdata:department-edit", args=[row.pk]),
    )
