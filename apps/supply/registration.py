"""What supply hangs into the frame."""

from django.utils.translation import gettext_lazy as _

from apps.inventory import public as inventory
from apps.inventory.events import GoodsReceived, PurchaseOrderChanged, PurchaseOrderConfirmed
from apps.supply import demo_story, menu, reactions, waking, words
from apps.supply.events import (
    DespatchCancelled,
    DespatchSent,
    OrderAgreed,
    OrderCancelled,
    OrderSent,
    ReceiptPublished,
)
from apps.supply.exchange.migrate import migrate_exchange
from apps.supply.selectors.proofs import broken_copies, open_doors
from apps.supply.services import scan_receiving
from apps.supply.services.leaving import leave_exchange
from apps.supply.tasks import wake
from kernel import audit_words, demo, doctor, events, meters
from kernel.meters import Meter
from tenants import hooks, rights

hooks.shared_seeders.append(migrate_exchange)
hooks.leavers.append(leave_exchange)
waking.wake_with(wake)
inventory.add_scan_door(scan_receiving.DOOR)
rights.register(
    "supply",
    {
        "view": ("admin", "chief", "accountant", "auditor", "storekeeper", "planner", "buyer", "sales", "data_officer"),
        "send": ("admin", "buyer", "planner"),
        "answer": ("admin", "buyer", "planner", "sales"),
        "ship": ("admin", "sales", "storekeeper"),
        "receive": ("admin", "buyer", "storekeeper"),
        "reconcile": ("admin", "chief", "accountant", "buyer", "sales"),
        "consent": ("admin", "data_officer"),
        "pool": ("admin", "buyer"),
    },
    title=_("供应协同"),
    labels={
        "view": _("查看协同单据"),
        "send": _("发出订单"),
        "answer": _("答复和变更订单、对照物料"),
        "ship": _("发货"),
        "receive": _("收货"),
        "reconcile": _("对账"),
        "consent": _("协同关系、授权和供应商链接"),
        "pool": _("拼单"),
    },
)
events.on(OrderAgreed, reactions.write_back, module="inventory")
events.on(OrderAgreed, reactions.draft_sale, module="inventory")
events.on(OrderCancelled, reactions.end_purchase, module="inventory")
events.on(DespatchSent, reactions.announce, module="inventory")
events.on(DespatchCancelled, reactions.announce, module="inventory")
events.on(ReceiptPublished, reactions.announce_rest, module="inventory")
events.on(GoodsReceived, reactions.publish_receipt, module="supply")
events.on(PurchaseOrderConfirmed, reactions.share, module="supply")
events.on(PurchaseOrderChanged, reactions.take_receipt_back, module="supply")
# Answering is free: only who sends an order of its own pays for it.
meters.declare(
    Meter(
        code="supply.exchange_documents", unit="份", name="交换单据", fact=OrderSent,
        quantity=lambda fact: int(fact.role == "buyer"),
    )
)  # fmt: skip
doctor.add_check("exchange", broken_copies)
doctor.add_check("exchange locks", open_doors)
demo.add_part("supply", demo_story.build, position=70, module="supply")
audit_words.add(nouns=words.NOUNS, verbs=words.VERBS)
menu.hang_in()
