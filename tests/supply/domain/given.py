"""Orders and versions of 宏达五金 (buyer) and 恒信机械 (seller), without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

from apps.supply.domain.fold import Version

BOLT: dict[str, Any] = {
    "line": 1, "item": "M6-BOLT", "name": "六角螺栓", "unit": "pcs", "quantity": "1000", "unit_price": "0.12",
    "tax_rate": "0.13", "requested_date": "2026-07-10",
}  # fmt: skip
FLANGE: dict[str, Any] = {
    "line": 2, "item": "FL-DN50", "name": "法兰盘 DN50", "unit": "pcs", "quantity": "20", "unit_price": "35.5",
    "tax_rate": "0.13", "requested_date": "2026-07-20",
}  # fmt: skip
DAY = date(2026, 7, 15)


def order(*lines: dict[str, Any], **header: Any) -> Version:
    return Version(
        seq=1, kind="order", by="buyer", payload={"number": "PO-1", "lines": list(lines or (BOLT, FLANGE)), **header}
    )


def change(seq: int, by: str, *lines: dict[str, Any], **more: Any) -> Version:
    return Version(seq=seq, kind="order_change", by=by, payload={"lines": list(lines), **more})


def withdraw(seq: int, by: str) -> Version:
    return Version(seq=seq, kind="order_change", by=by, payload={"withdraw": True})


def respond(seq: int, by: str, code: str, *lines: dict[str, Any]) -> Version:
    return Version(seq=seq, kind="order_response", by=by, payload={"code": code, "lines": list(lines)})


def cancel(seq: int, by: str) -> Version:
    return Version(seq=seq, kind="order_cancel", by=by, payload={"reason": "客户取消"})


D = Decimal
