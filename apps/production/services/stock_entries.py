"""现有量 typed by hand, for companies that plan without the stock module."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.production import plan_links
from apps.production.models import StockEntry
from apps.production.services.plan_refusals import WrongState, check_decimals, item_called, wrong
from kernel import audit
from tenants.rights import Member


@transaction.atomic
def enter_stock(*, item_code: str, quantity: Decimal, actor: Member, at: datetime) -> StockEntry:
    """Say how much of an item there is; the last figure counts.

    Raises WrongState where the stock module keeps stock, Invalid `unknown_item`, `too_many_decimals`.
    """
    if plan_links.has_stock():
        raise WrongState(_("已开通快仓库，现有量以库存为准，不用在这里填。"))
    item = item_called(item_code)
    if quantity < 0:
        raise wrong("invalid", _("数量不能小于零。"), "quantity")
    check_decimals(quantity, item)
    written = {
        "quantity": quantity,
        "entered_at": at,
        "entered_by_id": actor.user_id,
        "entered_by_name": actor.name[:60],
    }
    row, _made = StockEntry.objects.update_or_create(item_id=item.id, defaults=written)
    audit.record(actor=actor, action="stock_entry.save", object=f"item:{item.id}", label=f"{item.code} {quantity:f}")
    return row
