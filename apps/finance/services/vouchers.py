"""Making vouchers: draft, alter, delete, copy, reverse. Nothing here touches a posted row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.finance.domain.amounts import format_amount
from apps.finance.domain.lines import Line
from apps.finance.domain.red import check_reversal, correction_prefix, marked_lines, reversal_lines, reversal_prefix
from apps.finance.models import Book, BusinessFact, CashFlowTag, Voucher
from apps.finance.services.lines import (
    CheckedLines,
    LineInput,
    check_lines,
    read_lines,
    stored_lines,
    write_lines,
)
from apps.finance.services.locks import (
    check_still_in,
    check_version,
    lock_voucher,
    share_open_period,
    share_period_of,
    started_book,
)
from apps.finance.services.refusals import bookkeeping, raise_fields, refused, voucher_unknown
from kernel import audit
from kernel.errors import DomainError
from tenants.rights import Member

MOST_ATTACHMENTS = 9999
DRAFT_DELETED = gettext_noop("生成的凭证草稿已被删除，可以重新生成，或搁置这笔业务。")


class Signer(Protocol):
    """Who stands under a voucher: a member, or a posting rule (user_id None, name `rule:<code>@<version>`)."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a draft comes from: kind step, rule, template, import, fapiao, reversal, copy or "" for typed by hand."""

    kind: str = ""
    ref: str = ""
    rule: str = ""
    rule_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above the lines."""

    date: date
    word: str
    kind: str = Voucher.Kind.NORMAL
    attachment_count: int = 0


BY_HAND = Source()


@transaction.atomic
def draft_voucher(
    *,
    date: date,
    word: str,
    lines: Sequence[LineInput],
    actor: Member,
    at: datetime,
    attachment_count: int = 0,
    kind: str = Voucher.Kind.NORMAL,
    source: Source = BY_HAND,
) -> Voucher:
    """Draft a balanced voucher; it has no number yet.

    Raises `invalid` (fields name the spot), `book_not_started`, `period_missing`, `period_closed`, and what
    `lines.check_lines` raises.
    """
    head = Head(date=date, word=word, kind=kind, attachment_count=attachment_count)
    book = started_book()
    check_head(book, head)
    voucher = create_draft(book=book, head=head, lines=read_lines(lines), source=source, actor=actor, at=at)
    audit.record(actor=actor, action="voucher.draft", object=f"voucher:{voucher.pk}", label=_label(voucher))
    return voucher


def create_draft(
    *,
    book: Book,
    head: Head,
    lines: Sequence[Line],
    source: Source,
    actor: Signer,
    at: datetime,
    reverses: Voucher | None = None,
) -> Voucher:
    """Write a draft from ready lines, inside the caller's transaction and without its audit entry."""
    period = share_open_period(head.date)
    checked = check_lines(lines, kind=head.kind)
    voucher = Voucher.objects.create(
        word=head.word, period=period, date=head.date, kind=head.kind, attachment_count=head.attachment_count,
        total=checked.total, prepared_by_id=actor.user_id, prepared_by_name=actor.name, prepared_at=at,
        reverses=reverses, source_kind=source.kind, source_ref=source.ref, rule_code=source.rule,
        rule_version=source.rule_version,
    )  # fmt: skip
    write_lines(voucher, checked)
    return voucher


def check_head(book: Book, head: Head) -> None:
    """Raises `invalid` unless word, attachment count and kind are such as the book knows."""
    problems = {}
    if head.word not in book.voucher_words:
        problems["word"] = _("没有凭证字“%(word)s”，可用：%(words)s。") % {
            "word": head.word[:8], "words": "、".join(book.voucher_words),
        }  # fmt: skip
    if not 0 <= head.attachment_count <= MOST_ATTACHMENTS:
        problems["attachment_count"] = _("附件张数请填 0 至 %(most)s。") % {"most": MOST_ATTACHMENTS}
    if head.kind not in Voucher.Kind.values:
        problems["kind"] = _("凭证类型只能是 normal 或 closing。")
    raise_fields(problems)


def _label(voucher: Voucher) -> str:
    return f"{voucher} {voucher.date} {format_amount(voucher.total)}"


@transaction.atomic
def alter_draft(
    *,
    voucher_id: int,
    version: int | None,
    actor: Member,
    at: datetime,
    date: date | None = None,
    word: str | None = None,
    kind: str | None = None,
    attachment_count: int | None = None,
    lines: Sequence[LineInput] | None = None,
) -> Voucher:
    """Change a draft; what is None stays. Who changes it becomes its preparer, and a cashier's signature falls.

    Raises NotFound, `voucher_posted`, `voucher_reviewed`, `stale_version`, and what `draft_voucher` raises.
    """
    book = started_book()
    typed = None if lines is None else read_lines(lines)
    period = share_period_of(voucher_id) if date is None else share_open_period(date)
    voucher = lock_voucher(voucher_id)
    check_draft(voucher)
    check_version(voucher.version, version)
    if date is None:
        check_still_in(voucher, period)
    before = _snapshot(voucher)
    head = Head(
        date=date or voucher.date,
        word=voucher.word if word is None else word,
        kind=voucher.kind if kind is None else kind,
        attachment_count=voucher.attachment_count if attachment_count is None else attachment_count,
    )
    check_head(book, head)
    checked = check_lines(stored_lines(voucher) if typed is None else typed, kind=head.kind)
    remove_lines(voucher)
    _rewrite(voucher, head, checked, period_id=period.pk, actor=actor, at=at)
    write_lines(voucher, checked)
    audit.record(
        actor=actor,
        action="voucher.alter",
        object=f"voucher:{voucher.pk}",
        label=_label(voucher),
        changes=audit.difference(before, _snapshot(voucher)),
    )
    return voucher


def _rewrite(
    voucher: Voucher, head: Head, checked: CheckedLines, *, period_id: int, actor: Member, at: datetime
) -> None:
    voucher.date, voucher.word, voucher.kind = head.date, head.word, head.kind
    voucher.attachment_count, voucher.total = head.attachment_count, checked.total
    voucher.period_id = period_id
    voucher.prepared_by_id, voucher.prepared_by_name, voucher.prepared_at = actor.user_id, actor.name, at
    voucher.cashier_signed_by_id, voucher.cashier_signed_by_name, voucher.cashier_signed_at = None, "", None
    voucher.version += 1
    voucher.save()


def remove_lines(voucher: Voucher) -> None:
    """Take the lines and tags of a draft away, to write others."""
    CashFlowTag.objects.filter(voucher_line__voucher=voucher).delete()
    voucher.lines.all().delete()


def _snapshot(voucher: Voucher) -> dict[str, Any]:
    return {
        "date": str(voucher.date),
        "word": voucher.word,
        "kind": voucher.kind,
        "attachment_count": voucher.attachment_count,
        "lines": [_line_text(line) for line in stored_lines(voucher)],
    }


def _line_text(line: Line) -> str:
    side, amount = ("借", line.debit) if line.debit else ("贷", line.credit)
    return f"{line.summary} {side} {line.account} {format_amount(amount)}"


def check_draft(voucher: Voucher) -> None:
    """Raises `voucher_posted` or `voucher_reviewed` unless it is a draft."""
    if voucher.state == Voucher.State.POSTED:
        raise posted_is_final(voucher)
    if voucher.state == Voucher.State.REVIEWED:
        raise refused("voucher_reviewed", _("%(voucher)s已审核，请先取消审核。") % {"voucher": voucher})


def posted_is_final(voucher: Voucher) -> DomainError:
    """`voucher_posted`: what every change of a posted voucher is answered."""
    message = _("%(voucher)s已记账，不能再改；如有差错请红字冲销后重新填制。") % {"voucher": voucher}
    return refused("voucher_posted", message)


@transaction.atomic
def delete_draft(*, voucher_id: int, actor: Member) -> None:
    """Delete a draft; it never had a number. Raises NotFound, `voucher_posted`, `voucher_reviewed`."""
    voucher = lock_voucher(voucher_id)
    check_draft(voucher)
    label, before = _label(voucher), _snapshot(voucher)
    remove_draft(voucher)
    audit.record(
        actor=actor,
        action="voucher.delete",
        object=f"voucher:{voucher_id}",
        label=label,
        changes=audit.difference(before, {}),
    )


def remove_draft(voucher: Voucher) -> None:
    """Remove a locked draft with its lines, without an audit entry; facts it was made of wait again."""
    BusinessFact.objects.filter(voucher=voucher).update(
        state=BusinessFact.State.WAITING, voucher=None, rule_version=None, reason="draft_deleted",
        message=DRAFT_DELETED,
    )  # fmt: skip
    remove_lines(voucher)
    Voucher.objects.filter(pk=voucher.pk).delete()


@transaction.atomic
def copy(*, voucher_id: int, date: date, actor: Member, at: datetime) -> Voucher:
    """Draft the same lines again on another date; the copy of a reversed voucher is marked 订正.

    Raises NotFound and what `draft_voucher` raises.
    """
    original = _read(voucher_id)
    lines = stored_lines(original)
    if original.no is not None and original.reversals.exists():
        lines = marked_lines(lines, correction_prefix(original.date, original.word, original.no))
    head = Head(date=date, word=original.word, kind=original.kind)
    source = Source(kind="copy", ref=f"voucher:{original.pk}")
    made = create_draft(book=started_book(), head=head, lines=lines, source=source, actor=actor, at=at)
    audit.record(actor=actor, action="voucher.copy", object=f"voucher:{made.pk}", label=f"{_label(made)} ← {original}")
    return made


def _read(voucher_id: int) -> Voucher:
    voucher = Voucher.objects.filter(pk=voucher_id).first()
    if voucher is None:
        raise voucher_unknown()
    return voucher


@transaction.atomic
def reverse(*, voucher_id: int, date: date, reason: str, actor: Member, at: datetime) -> Voucher:
    """Draft the red-letter voucher (令98 art. 51(5)): the same lines, negative, on the same sides; no attachment.

    `reason` error, estimate (暂估冲回) or return. Raises NotFound, `voucher_not_reviewed` or `voucher_reviewed` (not
    posted yet), `already_reversed`, `reversal_of_reversal`, `prior_year_needs_blue`, `invalid`, and what drafting
    raises.
    """
    _check_posted(_read(voucher_id))
    share_open_period(date)
    original = lock_voucher(voucher_id)
    with bookkeeping("date"):
        check_reversal(
            reason=reason,
            original_on=original.date,
            reversal_on=date,
            is_reversal=original.reverses_id is not None,
            already_reversed=original.reversals.exists(),
        )
    assert original.no is not None  # noqa: S101  # posted vouchers have a number (finance_voucher_posted_is_complete)
    lines = reversal_lines(stored_lines(original), reversal_prefix(original.date, original.word, original.no))
    made = _create_reversal(original, lines, on=date, actor=actor, at=at)
    audit.record(
        actor=actor,
        action="voucher.reverse",
        object=f"voucher:{original.pk}",
        label=_label(original),
        changes={"reason": [None, reason], "reversal": [None, made.pk]},
    )
    return made


def _check_posted(voucher: Voucher) -> None:
    message = _("%(voucher)s还没有记账，可以直接修改，不用冲销。") % {"voucher": voucher}
    if voucher.state == Voucher.State.DRAFT:
        raise refused("voucher_not_reviewed", message)
    if voucher.state == Voucher.State.REVIEWED:
        raise refused("voucher_reviewed", message)


def _create_reversal(original: Voucher, lines: list[Line], *, on: date, actor: Member, at: datetime) -> Voucher:
    source = Source(kind="reversal", ref=f"voucher:{original.pk}")
    try:
        with transaction.atomic():
            return create_draft(
                book=started_book(),
                head=Head(date=on, word=original.word, kind=original.kind),
                lines=lines,
                source=source,
                actor=actor,
                at=at,
                reverses=original,
            )
    except IntegrityError as error:
        raise refused("already_reversed", _("这张凭证已经冲销过，不能再冲一次。")) from error
