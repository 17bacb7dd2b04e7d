"""运营看板 as a workbook: the last twelve months, one a row. CNY, VAT included."""

from datetime import date

from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from apps.billing.domain.money import ZERO
from apps.billing.selectors.board import received_course, recurring_course
from apps.billing.selectors.operator import billed_items
from kernel.exports import Column, export_response


def board_file(today: date, fmt: str) -> HttpResponseBase:
    """Month, recurring revenue at its end, paying companies, money received. Raises Invalid for an unknown `fmt`."""
    received = received_course(today)
    rows = [
        {
            "month": f"{month:%Y-%m}",
            "mrr": sum(amounts.values(), ZERO),
            "paying": len(amounts),
            "received": received.get(month, ZERO),
        }
        for month, amounts in sorted(recurring_course(today, billed_items()).items())
    ]
    columns = (
        Column("month", _("月份")),
        Column("mrr", _("月经常性收入"), "money"),
        Column("paying", _("付费企业"), "number"),
        Column("received", _("本月回款"), "money"),
    )
    return export_response(_("运营看板"), columns, rows, fmt)
