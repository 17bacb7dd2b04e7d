"""存货科目 by item category: chosen by the company, else 1405 for what is made and 1403 for what is bought."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.models import LedgerAccount, StockAccount
from apps.finance.services.refusals import raise_fields
from kernel import audit
from kernel.errors import NotFound
from tenants.rights import Member

OF_STOCK = ("1401", "1402", "1403", "1405", "1408", "1411", "1421")


@transaction.atomic
def choose_stock_account(*, category: str, account: str, actor: Member, at: datetime) -> StockAccount:
    """Let an account hold the items of a category from now on. Raises `invalid`."""
    found = LedgerAccount.objects.filter(code=account.strip(), is_leaf=True, is_active=True).first()
    problems = {}
    if not category.strip() or len(category.strip()) > 120 or "\x00" in category:
        problems["category"] = _("请填写物料分类，最多 120 字。")
    if found is None or not found.code.startswith(OF_STOCK):
        problems["account"] = _("请填写在用的末级存货科目，例如 1403、1405、1411。")
    raise_fields(problems)
    chosen: Any = found  # checked above
    row, _is_new = StockAccount.objects.update_or_create(
        category=category.strip(),
        defaults={
            "account": chosen, "created_at": at, "created_by_id": actor.user_id, "created_by_name": actor.name[:60],
        },
    )  # fmt: skip
    label = f"{row.category} {found}"
    audit.record(actor=actor, action="stock_account.choose", object=f"stock_account:{row.pk}", label=label)
    return row


@transaction.atomic
def drop_stock_account(*, row_id: int, actor: Member) -> StockAccount:
    """Back to the usual account. Raises NotFound."""
    row = StockAccount.objects.select_for_update().filter(pk=row_id).first()
    if row is None:
        raise NotFound(_("找不到这一行，请刷新页面。"))
    StockAccount.objects.filter(pk=row.pk).delete()
    audit.record(actor=actor, action="stock_account.drop", object=f"stock_account:{row_id}", label=row.category)
    return row
