"""Signatures before posting: the reviewer's and the cashier's."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.finance.models import Book, Voucher
from apps.finance.services.locks import lock_voucher, started_book
from apps.finance.services.refusals import refused
from apps.finance.services.vouchers import check_draft, posted_is_final
from kernel import audit
from tenants.rights import Member


@transaction.atomic
def review(*, voucher_id: int, actor: Member, at: datetime) -> Voucher:
    """Approve a draft (12号 art. 21(2)).

    Raises NotFound, `book_not_started`, `voucher_posted`, `voucher_reviewed`, `reviewer_is_preparer` where the book
    keeps the two apart.
    """
    book = started_book()
    voucher = lock_voucher(voucher_id)
    check_draft(voucher)
    _check_reviewer(book, voucher, actor)
    voucher.state = Voucher.State.REVIEWED
    voucher.reviewed_by_id, voucher.reviewed_by_name, voucher.reviewed_at = actor.user_id, actor.name, at
    _save(voucher, "state", "reviewed_by_id", "reviewed_by_name", "reviewed_at")
    _log(actor, "voucher.review", voucher)
    return voucher


def _check_reviewer(book: Book, voucher: Voucher, actor: Member) -> None:
    if book.separate_reviewer and voucher.prepared_by_id == actor.user_id:
        message = _("制单人不能审核自己的凭证，请换人审核，或由主管在账套设置中关闭“制单与审核分开”。")
        raise refused("reviewer_is_preparer", message)


def _save(voucher: Voucher, *names: str) -> None:
    voucher.version += 1
    voucher.save(update_fields=[*names, "version"])


def _log(actor: Member, action: str, voucher: Voucher, reason: str = "") -> None:
    changes = {"reason": [None, reason]} if reason else None
    audit.record(actor=actor, action=action, object=f"voucher:{voucher.pk}", label=str(voucher), changes=changes)


@transaction.atomic
def unreview(*, voucher_id: int, actor: Member, reason: str = "") -> Voucher:
    """Send a reviewed voucher back to its preparer. Raises NotFound, `voucher_posted`, `voucher_not_reviewed`."""
    voucher = lock_voucher(voucher_id)
    if voucher.is_posted:
        raise posted_is_final(voucher)
    if voucher.state != Voucher.State.REVIEWED:
        raise refused("voucher_not_reviewed", _("%(voucher)s还没有审核。") % {"voucher": voucher})
    voucher.state = Voucher.State.DRAFT
    voucher.reviewed_by_id, voucher.reviewed_by_name, voucher.reviewed_at = None, "", None
    _save(voucher, "state", "reviewed_by_id", "reviewed_by_name", "reviewed_at")
    _log(actor, "voucher.unreview", voucher, reason[:200])
    return voucher


@transaction.atomic
def cashier_sign(*, voucher_id: int, actor: Member, at: datetime) -> Voucher:
    """The cashier's signature under a receipt or payment voucher, any time before posting.

    Raises NotFound, `voucher_posted`.
    """
    voucher = lock_voucher(voucher_id)
    if voucher.is_posted:
        raise posted_is_final(voucher)
    voucher.cashier_signed_by_id, voucher.cashier_signed_by_name = actor.user_id, actor.name
    voucher.cashier_signed_at = at
    _save(voucher, "cashier_signed_by_id", "cashier_signed_by_name", "cashier_signed_at")
    _log(actor, "voucher.sign", voucher)
    return voucher


def in_voucher_order(voucher_ids: Iterable[int]) -> list[int]:
    """Known ids by date, then id, so that numbers follow dates; unknown ones come last and are refused in turn."""
    wanted = list(dict.fromkeys(voucher_ids))
    known = list(Voucher.objects.filter(pk__in=wanted).order_by("date", "id").values_list("id", flat=True))
    return [*known, *(voucher_id for voucher_id in wanted if voucher_id not in set(known))]
