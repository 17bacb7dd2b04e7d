"""撤销期初导入: the set that stood before comes back, as long as nobody has changed the imported one."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.finance.models import OpeningBalance, OpeningCashFlow
from apps.finance.services.dimensions import aux_of_key
from apps.finance.services.opening import ItemInput, OpeningInput, put_opening_balances
from apps.finance.services.refusals import refused
from kernel.imports import ImportContext

_AMOUNTS = ("balance", "ytd_debit", "ytd_credit", "ytd_actual", "quantity", "fc_balance")


def kept() -> dict[str, Any]:
    """The whole set as JSON, in a fixed order."""
    stored = OpeningBalance.objects.select_related("account", "combo").prefetch_related("items")
    rows = [
        {
            "account": row.account.code, "aux": aux_of_key(row.combo.key), "currency": row.currency,
            **{name: _text(getattr(row, name)) for name in _AMOUNTS},
            "items": sorted([item.ref, str(item.on), str(item.due_on), str(item.amount)] for item in row.items.all()),
        }
        for row in stored.order_by("account__code", "combo__key", "currency", "id")
    ]  # fmt: skip
    flows = OpeningCashFlow.objects.order_by("line").values_list("line", "amount")
    return {"rows": rows, "cash_flow": [[line, str(amount)] for line, amount in flows]}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def undo(data: Any, context: ImportContext) -> None:
    """Put the set back that stood before. Raises `opening_changed_since`, `book_started`."""
    if kept() != data["after"]:
        message = _("期初余额在导入之后又改过，不能整批撤销，请在期初余额页面修改。")
        raise refused("opening_changed_since", message)
    before = data["before"]
    cash_flow = {int(line): Decimal(amount) for line, amount in before["cash_flow"]}
    put_opening_balances(rows=[_input(row) for row in before["rows"]], actor=context.member, cash_flow_ytd=cash_flow)


def _input(row: dict[str, Any]) -> OpeningInput:
    amounts = {name: None if row[name] is None else Decimal(row[name]) for name in _AMOUNTS}
    items = tuple(
        ItemInput(ref=ref, on=date.fromisoformat(on), due_on=date.fromisoformat(due_on), amount=Decimal(amount))
        for ref, on, due_on, amount in row["items"]
    )
    return OpeningInput(
        account=row["account"], aux=row["aux"], currency=row["currency"] or None, items=items, **amounts  # type: ignore[arg-type]  # only ytd_actual may be None
    )  # fmt: skip
