"""What inventory hangs into the frame: rights, menu, imports, document numbers, the settings of a fresh company."""

from django.utils.translation import gettext_lazy as _

from apps.inventory import demo_months, demo_stock, menu, words
from apps.inventory.events import StockMoved
from apps.inventory.imports import KINDS
from apps.inventory.services.proof import broken_stock
from apps.inventory.services.seeding import seed_numbers, seed_settings
from kernel import audit_words, demo, doctor, meters
from kernel.imports import register
from kernel.meters import Meter
from tenants import hooks, rights

rights.register(
    "inventory",
    {
        "view": ("admin", "chief", "accountant", "bookkeeper", "auditor", "storekeeper", "planner", "worker", "buyer",
                 "sales"),
        "view_cost": ("admin", "chief", "accountant", "bookkeeper", "auditor", "buyer"),
        "sell": ("admin", "sales"),
        "buy": ("admin", "buyer"),
        "move": ("admin", "storekeeper"),
        "count": ("admin", "storekeeper", "accountant"),
        "adjust_cost": ("chief", "accountant"),
        "close": ("chief", "accountant"),
    },
    title=_("进销存"),
    labels={
        "view": _("查看库存和单据"),
        "view_cost": _("查看成本和金额"),
        "sell": _("销售订单"),
        "buy": _("采购订单"),
        "move": _("出入库和调拨"),
        "count": _("盘点"),
        "adjust_cost": _("成本调整和采购费用"),
        "close": _("库存月结和设置"),
    },
)  # fmt: skip
for seeder in (seed_settings, seed_numbers):
    if seeder not in hooks.template_seeders:
        hooks.template_seeders.append(seeder)
meters.declare(
    Meter(code="inventory.stock_moves", unit="条", name="出入库流水", fact=StockMoved, quantity=lambda fact: fact.moves)
)
doctor.add_check("stock", broken_stock)
for kind in KINDS:
    register(kind)
audit_words.add(nouns=words.NOUNS, verbs=words.VERBS)
menu.hang_in()
demo.add_opening("inventory", demo_stock.open_store, position=20, module="inventory")
demo.add_months("inventory", demo_months.tell, position=20, module="inventory")
demo.add_part("inventory", demo_stock.build, position=30, module="inventory")
