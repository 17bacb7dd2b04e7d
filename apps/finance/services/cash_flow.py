"""Re-tagging the cash flow of a voucher; possible until its period closes, for a tag is no part of a posted row."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import ZERO
from apps.finance.domain.cashflow import INFLOW_LINES, OUTFLOW_LINES, amount_of
from apps.finance.models import CashFlowTag, Voucher
from apps.finance.services.locks import lock_voucher, share_period_of
from apps.finance.services.posting import add_cash_flow
from apps.finance.services.refusals import period_closed, raise_fields
from kernel import audit
from tenants.rights import Member


@transaction.atomic
def retag_cash_flow(*, voucher_id: int, lines: Mapping[int, int], actor: Member) -> Voucher:
    """Give lines (by seq) another cash-flow line (1 to 18 without 7 and 13), posted or not.

    Raises NotFound, `invalid` (a line without a tag: a cash line, or a voucher without cash), `period_closed`.
    """
    period = share_period_of(voucher_id)
    voucher = lock_voucher(voucher_id)
    if period.is_closed:
        raise period_closed(str(period))
    tags = {
        tag.voucher_line.seq: tag
        for tag in CashFlowTag.objects.select_related("voucher_line").filter(voucher_line__voucher=voucher)
    }
    _check(lines, tags)
    moved: dict[int, Decimal] = defaultdict(lambda: ZERO)
    changes: dict[str, list[int]] = {}
    for seq, line in sorted(lines.items()):
        tag = tags[seq]
        row = tag.voucher_line
        moved[tag.line] -= amount_of(tag.line, row.debit, row.credit)
        moved[line] += amount_of(line, row.debit, row.credit)
        if tag.line != line:
            changes[f"lines.{seq}"] = [tag.line, line]
        tag.line, tag.guessed = line, False
    CashFlowTag.objects.bulk_update([tags[seq] for seq in sorted(lines)], ["line", "guessed"])
    if voucher.is_posted:
        add_cash_flow(voucher.period_id, moved)
    audit.record(
        actor=actor, action="voucher.retag", object=f"voucher:{voucher.pk}", label=str(voucher), changes=changes
    )
    return voucher


def _check(lines: Mapping[int, int], tags: Mapping[int, CashFlowTag]) -> None:
    problems = {}
    for index, (seq, line) in enumerate(lines.items()):
        if seq not in tags:
            problems[f"lines.{index}.seq"] = _("第 %(seq)s 行没有现金流量项目。") % {"seq": seq}
        if line not in INFLOW_LINES | OUTFLOW_LINES:
            problems[f"lines.{index}.cash_flow"] = _("现金流量项目请选 1 至 18 行中的明细项目。")
    raise_fields(problems)
