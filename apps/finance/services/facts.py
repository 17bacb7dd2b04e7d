"""业务事实: taking one in once, letting the rules draft its voucher, trying again. Nothing is lost or moved.

Lock order: fact → rule (grouped ones) → period → voucher.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.rules import LONGEST_TEXT, PLAIN_FIELD, ROWS, first_match, is_plain
from apps.finance.models import Book, BusinessFact, PostingRule, PostingRuleVersion, TaxpayerKind
from apps.finance.services.fact_drafts import draft_of, lines_of
from apps.finance.services.locks import started_book
from apps.finance.services.refusals import as_refusal, invalid, raise_fields, refused
from apps.finance.services.standard_rules import load_when_none
from kernel import audit
from kernel.errors import DomainError, NotFound
from tenants.rights import Member

MOST_FIELDS, MOST_ROWS = 100, 2000
OPENING = "OPENING"  # opening stock stands in the opening balances
NO_RULE = gettext_noop("没有规则适用于这笔业务，请新增、启用或补齐推荐规则后重试。")
IN_OPENING = gettext_noop("发生在账套启用之前，已包含在期初余额中。")
OPENING_STOCK = gettext_noop(
    "期初库存不另生成凭证，金额应已在科目期初余额中。账上还没有的，请手工填制凭证；是否一致，看期末结账的“存货与账面一致”。"
)
NOTHING_TO_BOOK = gettext_noop("金额都是零，不用生成凭证。")
_FACT = re.compile(r"[^\s\x00-\x1f]{1,60}")
_SOURCE = re.compile(r"[^\x00-\x1f]{1,120}")
_DOCUMENT = re.compile(r"[^\s\x00-\x1f]{0,80}")


@dataclass(frozen=True, kw_only=True)
class FactInput:
    """What happened: `fact` is its kind, `source` names it for ever, `data` is flat (see `domain.rules`).

    `document` is the address of the record it tells of (`inventory.document:17`), "" for other systems.
    """

    fact: str
    source: str
    occurred_on: date
    data: Mapping[str, Any]
    document: str = ""


@transaction.atomic
def receive_fact(*, given: FactInput, actor: Member | None, at: datetime) -> tuple[BusinessFact, bool]:
    """Take a fact in and let the rules draft its voucher: (fact, is it new).

    The same again changes nothing. A fact that cannot be drafted is kept with its reason. `actor` None = a fact of our
    own modules. Raises `invalid`, `fact_changed` (known source, other contents).
    """
    data = _checked(given)
    row, is_new = BusinessFact.objects.get_or_create(
        source=given.source,
        defaults={
            "fact": given.fact, "document": given.document, "occurred_on": given.occurred_on, "data": data,
            "received_at": at, "received_by_id": actor.user_id if actor else None,
            "received_by_name": actor.name[:80] if actor else "",
        },
    )  # fmt: skip
    if not is_new:
        _check_same(row, given, data)
        return row, False
    _apply(row, actor, at)
    _log(row, "fact.receive", actor)
    return row, True


def _checked(given: FactInput) -> dict[str, Any]:
    problems = {}
    if not _FACT.fullmatch(given.fact):
        problems["fact"] = _("请填写业务类型，最多 60 个字符，不含空格。")
    if not _SOURCE.fullmatch(given.source) or not given.source.strip():
        problems["source"] = _("请填写业务来源编号，最多 120 个字符，同一笔业务总用同一个编号。")
    if not _DOCUMENT.fullmatch(given.document):
        problems["document"] = _("单据地址最多 80 个字符。")
    raise_fields(problems | _data_problems(given.data))
    return dict(given.data)


def _data_problems(data: Mapping[str, Any]) -> dict[str, str]:
    rows = data.get(ROWS)
    problems = _flat_problems({name: value for name, value in data.items() if name != ROWS}, "data")
    if rows is None:
        return problems
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        return problems | {"data.lines": _("明细要是对象的列表，最多 %(most)s 行。") % {"most": MOST_ROWS}}
    for index, row in enumerate(rows):
        problems |= _flat_problems(row, f"data.lines.{index}")
    return problems


def _flat_problems(row: Mapping[str, Any], spot: str) -> dict[str, str]:
    if len(row) > MOST_FIELDS:
        return {spot: _("业务数据最多 %(most)s 个字段。") % {"most": MOST_FIELDS}}
    problems = {}
    for name, value in row.items():
        if not PLAIN_FIELD.fullmatch(str(name)):
            problems[spot] = _("字段名由文字、数字和下划线组成，最多 60 个字符。")
        elif not is_plain(value):
            problems[f"{spot}.{name}"] = _("值请写成文本（最多 %(most)s 字）、整数、true、false 或 null。") % {
                "most": LONGEST_TEXT
            }
    return problems


def _check_same(row: BusinessFact, given: FactInput, data: Mapping[str, Any]) -> None:
    if (row.fact, row.occurred_on, row.data) != (given.fact, given.occurred_on, data):
        message = _("来源 %(source)s 已经用别的内容登记过。业务变了请用新的来源编号，红字数据冲销原来的。")
        raise refused("fact_changed", message % {"source": row.source[:60]}, "source")


def _apply(row: BusinessFact, actor: Member | None, at: datetime) -> None:
    """Let the rules have it; what refuses becomes its reason."""
    row.tried_at = at
    row.state, row.reason, row.message = BusinessFact.State.WAITING, "", ""
    try:
        with transaction.atomic():
            _draft(row, actor, at)
    except BookkeepingError as error:
        _wait(row, as_refusal(error))
    except DomainError as error:
        _wait(row, error)
    row.save(update_fields=["state", "reason", "message", "rule_version", "voucher", "tried_at"])


def _wait(row: BusinessFact, error: DomainError) -> None:
    row.state, row.voucher, row.rule_version = BusinessFact.State.WAITING, None, None
    row.reason, row.message = error.code[:60], error.message[:500]


def _draft(row: BusinessFact, actor: Member | None, at: datetime) -> None:
    book = started_book()
    aside = _held_by_opening(row, book)
    if aside:
        row.state, row.message = BusinessFact.State.SET_ASIDE, aside
        return
    data = {"taxpayer": _taxpayer(row.occurred_on), **row.data}
    version = _rule_for(row.fact, data, at)
    if version is None:
        row.state, row.message = BusinessFact.State.NO_RULE, NO_RULE
        return
    lines = lines_of(version, data)
    if not lines:
        row.state, row.reason, row.message = BusinessFact.State.NO_RULE, "nothing_to_book", NOTHING_TO_BOOK
        return
    row.voucher = draft_of(book=book, row=row, version=version, lines=lines, actor=actor, at=at)
    row.rule_version, row.state = version, BusinessFact.State.DRAFTED


def _held_by_opening(row: BusinessFact, book: Book) -> str:
    """Why our own module's fact needs no voucher because the opening balances hold it, else "".

    Opening stock is told by whoever begins with the store, also when the book has begun long before: the balance of the
    stock account held it then as well, and a voucher would count it twice (`stock_ties_to_ledger` shows what differs).
    """
    if not row.document:
        return ""
    if row.occurred_on < book.start.first_day:
        return IN_OPENING
    return OPENING_STOCK if row.data.get("reason") == OPENING else ""


def _taxpayer(on: date) -> str:
    kind = TaxpayerKind.objects.filter(from_date__lte=on).order_by("-from_date").first()
    return kind.kind if kind else ""


def _rule_for(fact: str, data: Mapping[str, Any], at: datetime) -> PostingRuleVersion | None:
    """The version in force of the first active rule, by priority and code, that the fact meets."""
    load_when_none(at=at)
    rules = PostingRule.objects.filter(fact=fact, is_active=True).order_by("priority", "code")
    latest: dict[int, PostingRuleVersion] = {}
    for version in PostingRuleVersion.objects.filter(rule__in=rules).select_related("rule").order_by("version"):
        latest[version.rule_id] = version
    ordered = [latest[rule.pk] for rule in rules if rule.pk in latest]
    return first_match(((version, version.when) for version in ordered), data)


def _log(row: BusinessFact, action: str, actor: Member | None, reason: str = "") -> None:
    changes: dict[str, Any] = {"state": [None, row.state]}
    if row.voucher_id is not None:
        changes["voucher"] = [None, row.voucher_id]
    if reason or row.reason:
        changes["reason"] = [None, reason or row.reason]
    audit.record(actor=actor, action=action, object=f"fact:{row.pk}", label=str(row), changes=changes)


def _locked(fact_id: int) -> BusinessFact:
    found = BusinessFact.objects.select_for_update().filter(pk=fact_id).first()
    if found is None:
        raise NotFound(_("找不到这笔业务，请刷新列表。"))
    return found


@transaction.atomic
def retry_fact(*, fact_id: int, actor: Member, at: datetime) -> BusinessFact:
    """Let the rules have a waiting fact again; one that has its voucher stays as it is. Raises NotFound."""
    row = _locked(fact_id)
    if row.state != BusinessFact.State.DRAFTED:
        _apply(row, actor, at)
        _log(row, "fact.retry", actor)
    return row


def retry_waiting(*, fact_ids: list[int], actor: Member, at: datetime) -> int:
    """Retry many by date and id, each in its own transaction; answers how many have their voucher now."""
    ordered = BusinessFact.objects.filter(pk__in=fact_ids).order_by("occurred_on", "id").values_list("id", flat=True)
    done = 0
    for fact_id in list(ordered):
        row = retry_fact(fact_id=fact_id, actor=actor, at=at)
        done += row.state == BusinessFact.State.DRAFTED
    return done


def take_up_early(*, at: datetime) -> int:
    """Try the facts that came before the book was in use, by date; how many have their voucher now."""
    early = BusinessFact.objects.filter(state=BusinessFact.State.WAITING, reason="book_not_started")
    done = 0
    for fact_id in list(early.order_by("occurred_on", "id").values_list("id", flat=True)):
        with transaction.atomic():
            row = _locked(fact_id)
            _apply(row, None, at)
            _log(row, "fact.retry", None)
        done += row.state == BusinessFact.State.DRAFTED
    return done


@transaction.atomic
def set_aside_fact(*, fact_id: int, reason: str, actor: Member, at: datetime) -> BusinessFact:
    """搁置: a person says that this needs no voucher of a rule; the reason is logged, a retry takes it up again.

    Raises NotFound, `invalid` (no reason), `fact_drafted`.
    """
    if not 1 <= len(reason.strip()) <= 200:
        raise invalid(_("请写明搁置的理由，最多 200 字，理由会记入日志。"), "reason")
    row = _locked(fact_id)
    if row.state == BusinessFact.State.DRAFTED:
        raise refused("fact_drafted", _("这笔业务已经生成凭证，不能搁置。"))
    row.state, row.reason, row.message = BusinessFact.State.SET_ASIDE, "", reason.strip()
    row.tried_at = at
    row.save(update_fields=["state", "reason", "message", "tried_at"])
    _log(row, "fact.set_aside", actor, reason.strip())
    return row
