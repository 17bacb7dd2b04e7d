"""Month-end steps: each drafts what is still to be booked; a person reviews and posts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.domain import profit_transfer
from apps.finance.domain.lines import Line
from apps.finance.domain.periods import Period as Month
from apps.finance.models import Book, Voucher
from apps.finance.services.ledger import leaf_balances, standing_balances
from apps.finance.services.locks import share_open_period, started_book
from apps.finance.services.refusals import bookkeeping, refused
from apps.finance.services.vouchers import Head, Source, create_draft, remove_draft
from kernel import audit
from kernel.errors import NotFound
from tenants.rights import Member

# A step: book, month and the options of the request -> vouchers' lines, and the kind of voucher it drafts.
Step = Callable[[Book, Month, Mapping[str, Any]], list[list[Line]]]


@transaction.atomic
def run_step(
    *, step: str, period: str, actor: Member, at: datetime, options: Mapping[str, Any] | None = None
) -> list[Voucher]:
    """Draft the vouchers of a step, dated the last day; its own unposted drafts of before are replaced.

    What its posted vouchers have already done is not drafted again; nothing to do gives an empty list. Raises NotFound
    (unknown step), `invalid`, `book_not_started`, `period_missing`, `period_closed`, `not_december`.
    """
    if step not in STEPS:
        raise NotFound(_("没有“%(step)s”这个结账步骤。") % {"step": step[:40]})
    prepare, kind = STEPS[step]
    book = started_book()
    with bookkeeping("period"):
        month = Month.parse(period)
    share_open_period(month.last_day)
    removed = _remove_drafts(step, month)
    head = Head(date=month.last_day, word=book.closing_word, kind=kind)
    source = Source(kind="step", ref=step)
    made = [
        create_draft(book=book, head=head, lines=lines, source=source, actor=actor, at=at)
        for lines in prepare(book, month, options or {})
    ]
    audit.record(
        actor=actor,
        action="period.step",
        object=f"period:{month}",
        label=f"{month} {step}",
        changes={"vouchers": [removed, [voucher.pk for voucher in made]]},
    )
    return made


def _remove_drafts(step: str, month: Month) -> list[int]:
    own = (
        Voucher.objects.select_for_update()
        .filter(source_kind="step", source_ref=step, period__index=month.index)
        .exclude(state=Voucher.State.POSTED)
        .order_by("id")
    )
    removed = []
    for voucher in own:
        if voucher.state == Voucher.State.REVIEWED:
            # The trigger lets a draft go, never a signed voucher: take the signature back first.
            Voucher.objects.filter(pk=voucher.pk).update(
                state=Voucher.State.DRAFT, reviewed_at=None, reviewed_by_id=None, reviewed_by_name=""
            )
        remove_draft(voucher)
        removed.append(voucher.pk)
    return removed


def _profit_transfer(book: Book, month: Month, options: Mapping[str, Any]) -> list[list[Line]]:
    """附录 3103: every leaf and combo of 5xxx against 3103."""
    return profit_transfer.profit_transfer(leaf_balances(standing_balances("5", at=month.index)))


def _year_profit(book: Book, month: Month, options: Mapping[str, Any]) -> list[list[Line]]:
    """附录 3103, 3104: the year's profit, then every distribution, to 310490."""
    if not month.is_december:
        raise refused("not_december", _("年结只在 12 月做。"))
    rows: Sequence[profit_transfer.LeafBalance] = leaf_balances(standing_balances("310", at=month.index))
    own = [row for row in rows if row.account.startswith(("3103", "3104"))]
    lines = profit_transfer.year_profit(own, undistributed=book.code_rule.widen("310490"))
    return [lines] if lines else []


STEPS: Mapping[str, tuple[Step, str]] = {
    "profit_transfer": (_profit_transfer, Voucher.Kind.CLOSING),
    "year_profit": (_year_profit, Voucher.Kind.CLOSING),
}
