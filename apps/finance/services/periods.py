"""期末结账 and 反结账: in order, last first, never with anything left over."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import periods_after_year_close
from apps.finance.events import PeriodClosed, PeriodReopened
from apps.finance.models import Period
from apps.finance.services.book import make_periods
from apps.finance.services.checklist import build_checklist, count_for
from apps.finance.services.locks import lock_period, started_book
from apps.finance.services.refusals import bookkeeping, invalid, refused
from kernel import audit
from kernel.errors import DomainError
from kernel.events import publish
from tenants.rights import Member


@transaction.atomic
def close_period(*, period: str, actor: Member, at: datetime) -> Period:
    """Close a month; December is the year close and opens the year after next. Publishes PeriodClosed.

    Raises `invalid`, `book_not_started`, `period_missing`, `period_closed`, `earlier_period_open`, `period_not_ready`
    (extra `blocking`: [{code, count}]).
    """
    book = started_book()
    month = _month(period)
    row = lock_period(month)
    if row.is_closed:
        raise refused("period_closed", _("%(period)s 已经结账。") % {"period": month})
    earlier = Period.objects.filter(index__lt=month.index, state=Period.State.OPEN).order_by("index").first()
    if earlier is not None:
        raise refused("earlier_period_open", _("请先把 %(period)s 结账。") % {"period": earlier})
    blockers = build_checklist(book, row, count_for(book, row)).blockers
    if blockers:
        message = _("%(period)s 还不能结账：%(titles)s。")
        titles = "、".join(_(item.title) for item in blockers)
        blocking = [{"code": item.code, "count": item.count} for item in blockers]
        raise DomainError(
            message % {"period": month, "titles": titles}, "period_not_ready", extra={"blocking": blocking}
        )
    row.state = Period.State.CLOSED
    row.closed_at, row.closed_by_id, row.closed_by_name = at, actor.user_id, actor.name
    row.save(update_fields=["state", "closed_at", "closed_by_id", "closed_by_name"])
    if month.is_december:
        make_periods(periods_after_year_close(month.year))
    audit.record(actor=actor, action="period.close", object=f"period:{month}", label=str(month))
    publish(PeriodClosed(period=str(month), year_closed=month.year if month.is_december else 0))
    return row


def _month(period: str) -> Month:
    with bookkeeping("period"):
        return Month.parse(period)


@transaction.atomic
def reopen_period(*, period: str, reason: str, actor: Member) -> Period:
    """Open the last closed month again, with a reason that is logged. Publishes PeriodReopened.

    Raises `invalid` (no reason), `book_not_started`, `period_missing`, `period_open`, `later_period_closed`.
    """
    started_book()
    month = _month(period)
    if not 1 <= len(reason.strip()) <= 200:
        raise invalid(_("请写明反结账的理由，最多 200 字，理由会记入日志。"), "reason")
    row = lock_period(month)
    if not row.is_closed:
        raise refused("period_open", _("%(period)s 还没有结账。") % {"period": month})
    later = Period.objects.filter(index__gt=month.index, state=Period.State.CLOSED).order_by("-index").first()
    if later is not None:
        raise refused("later_period_closed", _("请先把 %(period)s 反结账。") % {"period": later})
    row.state = Period.State.OPEN
    row.closed_at, row.closed_by_id, row.closed_by_name = None, None, ""
    row.save(update_fields=["state", "closed_at", "closed_by_id", "closed_by_name"])
    audit.record(
        actor=actor,
        action="period.reopen",
        object=f"period:{month}",
        label=str(month),
        changes={"reason": [None, reason.strip()]},
    )
    publish(PeriodReopened(period=str(month), reason=reason.strip()))
    return row
