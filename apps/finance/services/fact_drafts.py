"""From the lines that a rule makes of a fact to a draft: one voucher each, or one for all of a day or month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.finance.domain.amounts import ZERO, format_amount, sum_lines
from apps.finance.domain.lines import Line
from apps.finance.domain.periods import Period as Month
from apps.finance.domain.rules import MadeLine, RuleLine, RuleVersion, make_lines, merge
from apps.finance.models import (
    AccountDimension,
    Book,
    BusinessFact,
    LedgerAccount,
    PostingRule,
    PostingRuleVersion,
    Voucher,
)
from apps.finance.services.lines import MOST_LINES, LineInput, check_lines, read_lines, stored_lines, write_lines
from apps.finance.services.locks import share_open_period
from apps.finance.services.vouchers import Head, Source, check_head, create_draft, remove_lines
from kernel import audit
from tenants.rights import Member


@dataclass(frozen=True)
class RuleSigner:
    """A rule where a person's signature would stand."""

    name: str
    user_id: int | None = None


def lines_of(version: PostingRuleVersion, data: dict[str, Any]) -> list[MadeLine]:
    """What the version makes of the data. Raises BookkeepingError."""
    return make_lines(
        RuleVersion(version.when, version.summary, [RuleLine(**line) for line in version.lines]), data
    )  # fmt: skip


def draft_of(
    *,
    book: Book,
    row: BusinessFact,
    version: PostingRuleVersion,
    lines: Sequence[MadeLine],
    actor: Member | None,
    at: datetime,
) -> Voucher:
    """The draft of a fact, new or the open one of its day or month; signed by the rule where that is allowed.

    Raises what `draft_voucher` raises.
    """
    rule = version.rule
    day = _voucher_day(rule, row.occurred_on)
    head = Head(date=day, word=version.word)
    check_head(book, head)
    source = _source(rule, version, row, day)
    open_one = _open_voucher(rule, source, day)
    typed = read_lines(_inputs(lines))
    if open_one is not None and _fits(open_one, typed):
        voucher = _added(open_one, typed, at)
    else:
        voucher = create_draft(book=book, head=head, lines=merge(typed), source=source, actor=_signer(version), at=at)
    if rule.auto_review:
        _review(voucher, version, at)
    _log(voucher, version, row, actor)
    return voucher


def _voucher_day(rule: PostingRule, occurred_on: date) -> date:
    return Month.of(occurred_on).last_day if rule.grouping == PostingRule.Grouping.MONTH else occurred_on


def _source(rule: PostingRule, version: PostingRuleVersion, row: BusinessFact, day: date) -> Source:
    ref = row.source
    if rule.grouping == PostingRule.Grouping.DAY:
        ref = f"day:{day}"
    elif rule.grouping == PostingRule.Grouping.MONTH:
        ref = f"month:{Month.of(day)}"
    return Source(kind="rule", ref=ref, rule=rule.code, rule_version=version.version)


def _signer(version: PostingRuleVersion) -> RuleSigner:
    return RuleSigner(version.signature)


def _open_voucher(rule: PostingRule, source: Source, day: date) -> Voucher | None:
    """The day's or month's voucher that nobody but the rule has touched yet, locked."""
    if rule.grouping == PostingRule.Grouping.EACH:
        return None
    # The rule's row makes two facts of one day queue; else each would begin a voucher of its own.
    PostingRule.objects.select_for_update().get(pk=rule.pk)
    share_open_period(day)
    rows = Voucher.objects.select_for_update().filter(
        source_kind="rule", source_ref=source.ref, rule_code=source.rule, rule_version=source.rule_version, date=day,
        prepared_by_id=None, reviewed_by_id=None, cashier_signed_at=None,
    )  # fmt: skip
    return rows.exclude(state=Voucher.State.POSTED).order_by("-id").first()


def _fits(voucher: Voucher, lines: Sequence[Line]) -> bool:
    return voucher.lines.count() + len(lines) <= MOST_LINES


def _added(voucher: Voucher, lines: Sequence[Line], at: datetime) -> Voucher:
    """The voucher with the lines of one more fact."""
    if voucher.state == Voucher.State.REVIEWED:
        _set_state(voucher, Voucher.State.DRAFT, "", None)
    merged = merge([*stored_lines(voucher), *lines])
    checked = check_lines(merged, kind=voucher.kind)
    remove_lines(voucher)
    voucher.total = sum_lines(merged).debit
    voucher.prepared_at = at
    voucher.version += 1
    voucher.save(update_fields=["total", "prepared_at", "version"])
    write_lines(voucher, checked)
    return voucher


def _review(voucher: Voucher, version: PostingRuleVersion, at: datetime) -> None:
    _set_state(voucher, Voucher.State.REVIEWED, version.signature, at)


def _set_state(voucher: Voucher, state: str, reviewer: str, at: datetime | None) -> None:
    voucher.state, voucher.reviewed_by_name, voucher.reviewed_at = state, reviewer, at
    voucher.version += 1
    voucher.save(update_fields=["state", "reviewed_by_name", "reviewed_at", "version"])


def _log(voucher: Voucher, version: PostingRuleVersion, row: BusinessFact, actor: Member | None) -> None:
    label = f"{voucher} {voucher.date} {format_amount(voucher.total)} ← {row}"
    changes = {"rule": [None, version.signature], "reviewed_by": [None, voucher.reviewed_by_name or None]}
    audit.record(actor=actor, action="voucher.draft", object=f"voucher:{voucher.pk}", label=label, changes=changes)


def _inputs(lines: Sequence[MadeLine]) -> list[LineInput]:
    """The made lines as a clerk would type them: of the accounts offered the first in use, dimensions it carries."""
    offered = {code for line in lines for code in line.accounts}
    usable = set(
        LedgerAccount.objects.filter(code__in=offered, is_leaf=True, is_active=True).values_list("code", flat=True)
    )
    chosen = [next((code for code in line.accounts if code in usable), line.accounts[0]) for line in lines]
    carried = _dimensions(chosen)
    return [
        _input(line, account, carried.get(account, set())) for line, account in zip(lines, chosen, strict=True)
    ]  # fmt: skip


def _dimensions(codes: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = AccountDimension.objects.filter(account__code__in=set(codes))
    for account, dimension in rows.values_list("account__code", "dimension__code"):
        found.setdefault(account, set()).add(dimension)
    return found


def _input(line: MadeLine, account: str, carried: set[str]) -> LineInput:
    on_debit = line.side == "debit"
    return LineInput(
        summary=line.summary or _("业务入账"),
        account=account,
        debit=line.amount if on_debit else ZERO,
        credit=ZERO if on_debit else line.amount,
        aux={dimension: code for dimension, code in line.aux.items() if dimension in carried},
        quantity=line.quantity,
    )
