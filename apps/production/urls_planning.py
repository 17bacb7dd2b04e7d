"""Pages of engineering and planning."""

from django.urls import path, register_converter

from apps.production.api.urls_planning import RowId
from apps.production.views import boms, demands, home, kit, mrp, panels

register_converter(RowId, "plan_page_id")
urlpatterns = [
    path("", home.home, name="home"),
    path("panels/home/", panels.home_panel, name="home-panel"),
    path("panels/items/<plan_page_id:object_id>/", panels.item_panel, name="item-panel"),
    path("panels/sales-orders/<plan_page_id:object_id>/", panels.sales_order_panel, name="sales-order-panel"),
    path("mrp/", mrp.workbench, name="mrp"),
    path("mrp/orders/", mrp.orders, name="mrp-orders"),
    path("mrp/release/", mrp.release, name="mrp-release"),
    path("kit-check/", kit.kit_check_page, name="kit-check"),
    path("mrp/run/", mrp.run_now, name="mrp-run"),
    path("mrp/orders/<plan_page_id:order_id>/", mrp.order, name="mrp-order"),
    path("mrp/items/<plan_page_id:item_id>/", mrp.item, name="mrp-item"),
    path("boms/", boms.bom_list, name="bom-list"),
    path("boms/new/", boms.bom_new, name="bom-new"),
    path("boms/<plan_page_id:bom_id>/", boms.bom_detail, name="bom"),
    path("boms/<plan_page_id:bom_id>/edit/", boms.bom_edit, name="bom-edit"),
    path("boms/<plan_page_id:bom_id>/activate/", boms.bom_verb, {"verb": "activate"}, name="bom-activate"),
    path("boms/<plan_page_id:bom_id>/retire/", boms.bom_verb, {"verb": "retire"}, name="bom-retire"),
    path("boms/<plan_page_id:bom_id>/delete/", boms.bom_verb, {"verb": "delete"}, name="bom-delete"),
    path("demands/", demands.demand_list, name="demand-list"),
    path("demands/new/", demands.demand_new, name="demand-new"),
    path("demands/<plan_page_id:demand_id>/cancel/", demands.demand_cancel, name="demand-cancel"),
    path("planning-data/", demands.planning_list, name="planning-data"),
    path("planning-data/new/", demands.planning_new, name="planning-new"),
    path("planning-data/<plan_page_id:item_id>/", demands.planning_edit, name="planning-edit"),
]
