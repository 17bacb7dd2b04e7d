"""Warehouses, locations, departments, employees, number rules."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from apps.masterdata import columns
from apps.masterdata.api import inputs, outputs
from apps.masterdata.api.base import MasterdataView, RecordDetail, RecordList
from apps.masterdata.models import Department, Employee, Location, NumberRule, Warehouse
from apps.masterdata.selectors import finding, lists
from apps.masterdata.services import numbers, places
from apps.masterdata.services.refusals import not_found
from kernel.clock import today


class WarehouseList(RecordList):
    input, shape, export_name = inputs.WarehouseInput, outputs.warehouse, "warehouses"
    columns_for = columns.warehouse_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.warehouses(filters)

    def create(self, values: Any) -> Warehouse:
        return places.save_warehouse(warehouse=None, values=values, actor=self.member)


class WarehouseDetail(RecordDetail):
    """DELETE: 409 in_use while stock, history or a location points there."""

    input, shape = inputs.WarehouseInput, outputs.warehouse

    def find(self, code: str) -> Warehouse:
        return finding.record_at(Warehouse.objects.all(), code)

    def change(self, record: Warehouse, values: Any) -> Warehouse:
        return places.save_warehouse(warehouse=record, values=values, actor=self.member)

    def remove(self, record: Warehouse) -> None:
        places.delete_warehouse(warehouse=record, actor=self.member)


class LocationList(RecordList):
    input, shape, export_name = inputs.LocationInput, outputs.location, "locations"
    columns_for = columns.location_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.locations(filters)

    def create(self, values: Any) -> Location:
        return places.save_location(location=None, values=values, actor=self.member)


class LocationDetail(RecordDetail):
    """By id, by `WH-RAW/A-01`, or by a code that only one warehouse has (?warehouse= says which)."""

    input, shape = inputs.LocationInput, outputs.location

    def find(self, code: str) -> Location:
        found = finding.location_or_none(code, warehouse=self.request.query_params.get("warehouse", ""))
        if found is None:
            raise not_found()
        return found

    def change(self, record: Location, values: Any) -> Location:
        return places.save_location(location=record, values=values, actor=self.member)

    def remove(self, record: Location) -> None:
        places.delete_location(location=record, actor=self.member)


class DepartmentList(RecordList):
    input, shape, export_name = inputs.DepartmentInput, outputs.department, "departments"
    columns_for = columns.department_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.departments(filters)

    def create(self, values: Any) -> Department:
        return places.save_department(department=None, values=values, actor=self.member)


class DepartmentDetail(RecordDetail):
    """PATCH parent: 409 cycle."""

    input, shape = inputs.DepartmentInput, outputs.department

    def find(self, code: str) -> Department:
        return finding.record_at(Department.objects.select_related("parent"), code)

    def change(self, record: Department, values: Any) -> Department:
        return places.save_department(department=record, values=values, actor=self.member)

    def remove(self, record: Department) -> None:
        places.delete_department(department=record, actor=self.member)


class EmployeeList(RecordList):
    input, shape, export_name = inputs.EmployeeInput, outputs.employee, "employees"
    columns_for = columns.employee_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.employees(filters)

    def create(self, values: Any) -> Employee:
        return places.save_employee(employee=None, values=values, actor=self.member)


class EmployeeDetail(RecordDetail):
    input, shape = inputs.EmployeeInput, outputs.employee

    def find(self, code: str) -> Employee:
        return finding.record_at(Employee.objects.select_related("department"), code)

    def change(self, record: Employee, values: Any) -> Employee:
        return places.save_employee(employee=record, values=values, actor=self.member)

    def remove(self, record: Employee) -> None:
        places.delete_employee(employee=record, actor=self.member)


class NumberRuleList(MasterdataView):
    """GET all rules."""

    def get(self, request: Any) -> Response:
        return Response([outputs.number_rule(row, self.member) for row in lists.number_rules({})])


class NumberRuleDetail(MasterdataView):
    """GET, PUT {pattern, reset, gapless}; 400 bad_pattern. Nothing is renumbered."""

    rights = {"GET": "masterdata.view", "*": "masterdata.settings"}

    def get(self, request: Any, document: str) -> Response:
        return Response(outputs.number_rule(rule_at(document), self.member))

    def put(self, request: Any, document: str) -> Response:
        given = {"version": None, **self.taken(inputs.NumberRuleInput)}
        row = numbers.save_rule(document=document, actor=self.member, **given)
        return Response(outputs.number_rule(row, self.member))


class NumberRulePreview(MasterdataView):
    """GET the next three numbers of today; none is taken."""

    def get(self, request: Any, document: str) -> Response:
        return Response({"next": list(numbers.preview(row=rule_at(document), on=today()))})


def rule_at(document: str) -> NumberRule:
    """The rule of `document`. Raises NotFound."""
    row = NumberRule.objects.filter(document=document).first()
    if row is None:
        raise not_found()
    return row
