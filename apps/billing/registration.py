"""What billing hangs in: rights of a company's members, seeds of the shared tables, and its ear for metered facts."""

from django.utils.translation import gettext_lazy as _

from apps.billing import log_words, shell
from apps.billing.demo_company import make_demo_company
from apps.billing.reactions import meter_fact
from apps.billing.services.seed import seed_shared
from kernel import demo, events, meters, registry, shell_state
from kernel.meters import Meter
from tenants import hooks, rights


def hear(meter: Meter) -> None:
    """One reaction counts the facts of all meters."""
    events.on(meter.fact, meter_fact, in_transaction=False)


rights.register(
    "billing",
    {
        "view": ("admin", "chief", "accountant", "bookkeeper", "cashier", "auditor"),
        "manage": ("admin",),
        "usage": ("admin",),
        "pay": ("admin", "chief", "accountant", "cashier"),
    },
    title=_("订阅与账单"),
    labels={
        "view": _("查看订阅、用量和账单"),
        "manage": _("开通应用、调整席位"),
        "usage": _("上报用量"),
        "pay": _("支付账单"),
    },
)
hooks.shared_seeders.append(seed_shared)
log_words.hang_in()
demo.set_maker(make_demo_company)
meters.on_declared(hear)
registry.add_items("company", shell.NAV)
shell_state.supply("trial", shell.trial)
shell_state.supply("offer", shell.offer)
