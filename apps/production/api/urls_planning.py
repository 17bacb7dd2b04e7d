"""API of engineering and planning."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from apps.production.api import engineering, kit, mrp, planning
from kernel.api.imports import import_urls


class RowId:
    """An id that the database can hold: a longer number is simply not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class CodeText:
    """A code as a path names it, slashes too: no text holds a NUL, so such a code is simply not found."""

    regex = r"[^\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(RowId, "plan_id")
register_converter(CodeText, "plan_code")
urlpatterns: list[URLPattern | URLResolver] = [
    path("boms/", include(import_urls("production.boms"))),
    path("demands/", include(import_urls("production.demands"))),
    path("planning-data/", include(import_urls("production.planning_data"))),
    path("settings/", engineering.SettingsView.as_view(), name="settings"),
    path("boms/", engineering.BomList.as_view(), name="boms"),
    path("boms/explode/", engineering.BomExplode.as_view(), name="bom-explode"),
    path("boms/where-used/", engineering.BomWhereUsed.as_view(), name="bom-where-used"),
    path("boms/<plan_id:bom_id>/", engineering.BomDetail.as_view(), name="bom"),
    path("boms/<plan_id:bom_id>/activate/", engineering.BomActivate.as_view(), name="bom-activate"),
    path("boms/<plan_id:bom_id>/retire/", engineering.BomRetire.as_view(), name="bom-retire"),
    path("boms/<plan_id:bom_id>/compare/", engineering.BomCompare.as_view(), name="bom-compare"),
    path("demands/", planning.DemandList.as_view(), name="demands"),
    path("demands/<plan_id:demand_id>/", planning.DemandDetail.as_view(), name="demand"),
    path("demands/<plan_id:demand_id>/cancel/", planning.DemandCancel.as_view(), name="demand-cancel"),
    path("stock-entries/", planning.StockEntryList.as_view(), name="stock-entries"),
    path("mrp-runs/", mrp.RunList.as_view(), name="mrp-runs"),
    path("mrp-runs/<plan_id:run_id>/", mrp.RunDetail.as_view(), name="mrp-run"),
    path("mrp-runs/<plan_id:run_id>/cancel/", mrp.RunCancel.as_view(), name="mrp-run-cancel"),
    path("mrp-runs/<plan_id:run_id>/orders/", mrp.RunOrders.as_view(), name="mrp-run-orders"),
    path("mrp-runs/<plan_id:run_id>/plan/", mrp.RunPlan.as_view(), name="mrp-run-plan"),
    path("mrp-runs/<plan_id:run_id>/pegs/", mrp.RunPegs.as_view(), name="mrp-run-pegs"),
    path("mrp-runs/<plan_id:run_id>/release/", mrp.RunRelease.as_view(), name="mrp-run-release"),
    path("kit-check/", kit.KitCheck.as_view(), name="kit-check"),
    path("mrp-runs/<plan_id:run_id>/messages/", mrp.RunMessages.as_view(), name="mrp-run-messages"),
    path("planning-data/", planning.PlanningDataList.as_view(), name="planning-data-list"),
    path("planning-data/<plan_code:code>/", planning.PlanningDataDetail.as_view(), name="planning-data"),
]
