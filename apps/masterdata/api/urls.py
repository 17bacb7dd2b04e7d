"""API of masterdata. Codes may hold a slash: `<path:code>`; fixed words stand before it."""

from django.urls import include, path

from apps.masterdata.api import items, partners, places
from kernel.api.imports import import_urls

app_name = "masterdata-api"
IMPORTS = [
    path(f"{name}/", include(import_urls(f"masterdata.{name.replace('-', '_')}")))
    for name in ("items", "partners", "warehouses", "locations", "departments", "employees", "categories", "units")
]
urlpatterns = [
    *IMPORTS,
    path("scan/", items.ScanView.as_view(), name="scan"),
    path("items/", items.ItemList.as_view(), name="items"),
    path("items/merge/", items.ItemMerge.as_view(), name="item-merge"),
    path("items/<path:code>/convert/", items.ItemConvert.as_view(), name="item-convert"),
    path("items/<path:code>/completeness/", items.ItemCompleteness.as_view(), name="item-completeness"),
    path("items/<path:code>/", items.ItemDetail.as_view(), name="item"),
    path("units/", items.UnitList.as_view(), name="units"),
    path("units/<path:code>/", items.UnitDetail.as_view(), name="unit"),
    path("categories/", items.CategoryList.as_view(), name="categories"),
    path("categories/<path:code>/", items.CategoryDetail.as_view(), name="category"),
    path("attribute-templates/", items.TemplateList.as_view(), name="attribute-templates"),
    path("attribute-templates/<int:template_id>/", items.TemplateDetail.as_view(), name="attribute-template"),
    path("families/", items.FamilyList.as_view(), name="families"),
    path("families/<path:code>/generate/", items.FamilyGenerate.as_view(), name="family-generate"),
    path("families/<path:code>/", items.FamilyDetail.as_view(), name="family"),
    path("partners/", partners.PartnerList.as_view(), name="partners"),
    path("partners/<path:code>/contacts/<int:contact_id>/", partners.ContactDetail.as_view(), name="contact"),
    path("partners/<path:code>/bank-changes/", partners.BankChangeList.as_view(), name="bank-changes"),
    path(
        "partners/<path:code>/bank-changes/<int:change_id>/confirm/",
        partners.BankChangeDecision.as_view(),
        name="bank-change-confirm",
    ),
    path(
        "partners/<path:code>/bank-changes/<int:change_id>/reject/",
        partners.BankChangeDecision.as_view(confirms=False),
        name="bank-change-reject",
    ),
    path("partners/<path:code>/", partners.PartnerDetail.as_view(), name="partner"),
    path("company/", partners.CompanyView.as_view(), name="company"),
    path("warehouses/", places.WarehouseList.as_view(), name="warehouses"),
    path("warehouses/<path:code>/", places.WarehouseDetail.as_view(), name="warehouse"),
    path("locations/", places.LocationList.as_view(), name="locations"),
    path("locations/<path:code>/", places.LocationDetail.as_view(), name="location"),
    path("departments/", places.DepartmentList.as_view(), name="departments"),
    path("departments/<path:code>/", places.DepartmentDetail.as_view(), name="department"),
    path("employees/", places.EmployeeList.as_view(), name="employees"),
    path("employees/<path:code>/", places.EmployeeDetail.as_view(), name="employee"),
    path("number-rules/", places.NumberRuleList.as_view(), name="number-rules"),
    path("number-rules/<slug:document>/", places.NumberRuleDetail.as_view(), name="number-rule"),
    path("number-rules/<slug:document>/preview/", places.NumberRulePreview.as_view(), name="number-rule-preview"),
]
