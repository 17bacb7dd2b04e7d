"""Items and what describes them."""

from collections.abc import Mapping
from typing import Any

from rest_framework.response import Response

from apps.masterdata import columns
from apps.masterdata.api import inputs, outputs
from apps.masterdata.api.base import MasterdataView, RecordDetail, RecordList
from apps.masterdata.domain.units import plain
from apps.masterdata.models import AttributeTemplate, Category, Family, Item, Unit
from apps.masterdata.selectors import completeness, finding, lists, units
from apps.masterdata.selectors.scanning import read
from apps.masterdata.services import catalogue, items, merging, variants
from apps.masterdata.services.refusals import check_version, not_found
from kernel.clock import today

SETTINGS: dict[str, str | None] = {"GET": "masterdata.view", "*": "masterdata.settings"}


class ItemList(RecordList):
    """409 duplicate_code, duplicate_barcode; 400 unknown_unit, bad_check_digit, bad_attributes."""

    input, shape, export_name = inputs.ItemInput, outputs.item, "items"
    columns_for = columns.item_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.items(filters)

    def create(self, values: Any) -> Item:
        return items.create_item(values=values, actor=self.member)

    def shown(self, record: Item) -> Item:
        return lists.shown_items(Item.objects.all()).get(pk=record.pk)


class ItemDetail(RecordDetail):
    """PATCH with `version`: 409 stale_version; DELETE: 409 in_use."""

    input, shape = inputs.ItemInput, outputs.item

    def find(self, code: str) -> Item:
        return finding.item_at(code)

    def change(self, record: Item, values: Any) -> Item:
        return items.update_item(item=record, values=values, actor=self.member)

    def remove(self, record: Item) -> None:
        items.delete_item(item=record, actor=self.member)

    def shown(self, record: Item) -> Item:
        return lists.shown_items(Item.objects.all()).get(pk=record.pk)


class ItemConvert(MasterdataView):
    """GET ?quantity=&from=&to= → {"quantity", "unit"}; 409 unit_not_exact, 400 unknown_unit, bad_quantity."""

    def get(self, request: Any, code: str) -> Response:
        asked = request.query_params
        amount, unit = units.converted(
            item=finding.item_at(code),
            quantity=asked.get("quantity", ""),
            source=asked.get("from", ""),
            target=asked.get("to", ""),
        )
        return Response({"quantity": plain(amount), "unit": unit.code})


class ItemCompleteness(MasterdataView):
    """GET → {"required", "filled", "ratio", "missing"}."""

    def get(self, request: Any, code: str) -> Response:
        found = completeness.completeness(finding.item_at(code))
        return Response(
            {
                "required": found.required,
                "filled": found.filled,
                "ratio": f"{found.ratio:.4f}",
                "missing": list(found.missing),
            }
        )


class ItemMerge(MasterdataView):
    """POST {keep, drop} → the kept item; 409 in_use, different_stock_unit."""

    def post(self, request: Any) -> Response:
        asked = self.taken(inputs.MergeInput)
        kept = merging.merge_items(
            keep=finding.item_at(asked["keep"]), drop=finding.item_at(asked["drop"]), actor=self.member
        )
        row = lists.shown_items(Item.objects.all()).get(pk=kept.pk)
        return Response(outputs.item(row, self.member))


class ScanView(MasterdataView):
    """GET ?code= → {"kind": "item|location|lot|package", …}; 404 when nobody knows it, 400 for a damaged GS1 code."""

    def get(self, request: Any) -> Response:
        found = read(request.query_params.get("code", ""), today=today())
        if found is None:
            raise not_found()
        return Response(outputs.scan(found))


class UnitList(RecordList):
    input, shape, export_name, rights = inputs.UnitInput, outputs.unit, "units", SETTINGS
    columns_for = columns.unit_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.units(filters)

    def create(self, values: Any) -> Unit:
        return catalogue.save_unit(unit=None, values=values, actor=self.member)


class UnitDetail(RecordDetail):
    input, shape, rights = inputs.UnitInput, outputs.unit, SETTINGS

    def find(self, code: str) -> Unit:
        return finding.record_at(Unit.objects.all(), code)

    def change(self, record: Unit, values: Any) -> Unit:
        return catalogue.save_unit(unit=record, values=values, actor=self.member)

    def remove(self, record: Unit) -> None:
        catalogue.delete_unit(unit=record, actor=self.member)


class CategoryList(RecordList):
    input, shape, export_name = inputs.CategoryInput, outputs.category, "categories"
    columns_for = columns.category_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.categories(filters)

    def create(self, values: Any) -> Category:
        return catalogue.save_category(category=None, values=values, actor=self.member)


class CategoryDetail(RecordDetail):
    input, shape = inputs.CategoryInput, outputs.category

    def find(self, code: str) -> Category:
        return finding.record_at(Category.objects.select_related("parent"), code)

    def change(self, record: Category, values: Any) -> Category:
        return catalogue.save_category(category=record, values=values, actor=self.member)

    def remove(self, record: Category) -> None:
        catalogue.delete_category(category=record, actor=self.member)


class TemplateList(RecordList):
    """POST {category, rows} makes the next version; `version` says which one the writer read or wants to write."""

    input, shape, rights = inputs.TemplateInput, outputs.template, SETTINGS
    export_name, columns_for = "attribute-templates", columns.template_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.templates(filters)

    def create(self, values: Any) -> AttributeTemplate:
        category = finding.category_called(values["category"])
        last = lists.templates({"category": category.code}).first()
        current = last.version if last else 0
        if values.get("version") != current + 1:
            check_version(current, values.get("version"))
        return catalogue.save_template(category=category, rows=values["rows"], actor=self.member)


class TemplateDetail(MasterdataView):
    """GET one version; a version is never changed."""

    def get(self, request: Any, template_id: int) -> Response:
        row = AttributeTemplate.objects.select_related("category").filter(pk=template_id).first()
        if row is None:
            raise not_found()
        return Response(outputs.template(row, self.member))


class FamilyList(RecordList):
    input, shape, export_name = inputs.FamilyInput, outputs.family, "families"
    columns_for = columns.family_columns

    def rows(self, filters: Mapping[str, Any]) -> Any:
        return lists.families(filters)

    def create(self, values: Any) -> Family:
        return variants.save_family(family=None, values=values, actor=self.member)


class FamilyDetail(RecordDetail):
    input, shape = inputs.FamilyInput, outputs.family

    def find(self, code: str) -> Family:
        return finding.family_at(code)

    def change(self, record: Family, values: Any) -> Family:
        return variants.save_family(family=record, values=values, actor=self.member)

    def remove(self, record: Family) -> None:
        variants.delete_family(family=record, actor=self.member)


class FamilyGenerate(MasterdataView):
    """POST makes the missing variants → 201 {"created", "items"}; a second run creates none."""

    def post(self, request: Any, code: str) -> Response:
        made = variants.generate(family=finding.family_at(code), actor=self.member)
        return self.created({"created": len(made), "items": [item.code for item in made]})
