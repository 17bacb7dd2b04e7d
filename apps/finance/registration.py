"""What finance hangs into the frame: its rights, and what a fresh company's schema is born with."""

from django.utils.translation import gettext_lazy as _

from apps.finance import demo_books, menu, reactions
from apps.finance.audit_fields import FIELDS
from apps.finance.events import BookStarted, VoucherPosted
from apps.finance.imports import KINDS
from apps.finance.models import BusinessFact, Voucher
from apps.finance.services.dimensions import seed_dimensions
from apps.finance.services.proof import broken_books
from apps.inventory.events import CostPosted
from apps.masterdata.events import ItemSaved, PartnerSaved
from apps.production.events import PieceWorkConfirmed
from kernel import audit_words, demo, doctor, events, imports, meters
from kernel.meters import Meter
from tenants import hooks, rights

hooks.template_seeders.append(seed_dimensions)
events.on(ItemSaved, reactions.rename_item_value, module="finance")
events.on(PartnerSaved, reactions.rename_partner_values, module="finance")
events.on(CostPosted, reactions.draft_stock_cost, module="finance")
events.on(PieceWorkConfirmed, reactions.draft_piece_work, module="finance")
events.on(BookStarted, reactions.draft_what_came_early, module="finance")
rights.register(
    "finance",
    {
        "view": ("chief", "accountant", "reviewer", "cashier", "bookkeeper", "auditor"),
        "prepare": ("chief", "accountant", "bookkeeper"),
        "review": ("chief", "reviewer", "bookkeeper"),
        "post": ("chief", "accountant", "bookkeeper"),
        "sign": ("cashier",),
        "close": ("chief", "accountant", "bookkeeper"),
        "reopen": ("chief",),
        "settings": ("chief",),
        "rules": ("chief",),
        "export": ("chief", "accountant", "bookkeeper", "auditor"),
        "audit": ("chief",),
    },
    title=_("财务"),
    labels={
        "view": _("查看凭证、账簿和报表"),
        "prepare": _("填制凭证"),
        "review": _("审核凭证"),
        "post": _("记账"),
        "sign": _("出纳签字"),
        "close": _("期末结账"),
        "reopen": _("反结账"),
        "settings": _("科目、期初和账套设置"),
        "rules": _("自动凭证规则"),
        "export": _("导出财务数据"),
        "audit": _("核对账目完整性"),
    },
)
# 令98 art. 12: who keeps the cash keeps no books.
rights.register_conflict("cashier", ("finance.review", "finance.prepare", "finance.post"))
doctor.add_check("books", broken_books)
meters.declare(
    Meter(
        code="finance.vouchers_posted",
        unit="张",
        name="已记账凭证",
        fact=VoucherPosted,
        quantity=lambda fact: 1,
    )
)
audit_words.add(fields=FIELDS, values={"state": {**dict(BusinessFact.State.choices), **dict(Voucher.State.choices)}})
# Its last deed of a month comes after those of the floors below: what they did is in the books before they close.
demo.add_opening("finance", demo_books.open_books, position=40, module="finance")
demo.add_months("finance", demo_books.tell, position=40, module="finance")
for kind in KINDS:
    imports.register(kind)
menu.hang_in()
