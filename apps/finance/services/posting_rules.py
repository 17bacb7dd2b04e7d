"""自动凭证规则: add one, switch it, give it a new version. What a version said stays readable (12号 art. 21(1))."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.rules import PLAIN_FIELD, SIDES, SIGNED_FIELD, RuleLine, is_plain, offered
from apps.finance.models import Book, Dimension, LedgerAccount, PostingRule, PostingRuleVersion
from apps.finance.services.refusals import book_not_started, raise_fields, refused
from kernel import audit
from kernel.errors import NotFound
from tenants.rights import Member

FEWEST_LINES, MOST_LINES, MOST_CONDITIONS = 2, 50, 20
_CODE = re.compile(r"[^\s/\x00-\x1f?#%]{1,40}")
_FACT = re.compile(r"[^\s\x00-\x1f]{1,60}")
_ACCOUNT = re.compile(r"[0-9]{1,20}|\{[^\W\d]\w{0,59}\}")


@dataclass(frozen=True, kw_only=True)
class VersionInput:
    """What a version is to say; `word` "" = the book's first. Shapes as in `domain.rules`."""

    summary: str
    lines: Sequence[RuleLine]
    when: Mapping[str, Any] = field(default_factory=dict)
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class RuleInput:
    """A new rule with its first version."""

    code: str
    name: str
    fact: str
    version: VersionInput
    priority: int = 100
    active: bool = True
    auto_review: bool = False
    grouping: str = PostingRule.Grouping.EACH


@transaction.atomic
def add_rule(*, rule: RuleInput, actor: Member, at: datetime) -> PostingRule:
    """A rule with version 1. Raises `book_not_started` before set-up, `invalid`, `rule_code_taken`."""
    book = _book()
    problems = {**_head_problems(rule), **version_problems(book, rule.version, spot="version.")}
    raise_fields(problems)
    try:
        with transaction.atomic():
            made = PostingRule.objects.create(
                code=rule.code, name=rule.name.strip(), fact=rule.fact, priority=rule.priority,
                grouping=rule.grouping, is_active=rule.active, auto_review=rule.auto_review, created_at=at,
                created_by_id=actor.user_id, created_by_name=actor.name[:60],
            )  # fmt: skip
    except IntegrityError as error:
        message = _("规则编码 %(code)s 已被使用，请换一个。") % {"code": rule.code}
        raise refused("rule_code_taken", message, "code") from error
    write_version(made, rule.version, number=1, word=rule.version.word or book.voucher_words[0], actor=actor, at=at)
    changes = {"auto_review": [None, True]} if rule.auto_review else None
    audit.record(actor=actor, action="rule.add", object=f"rule:{made.pk}", label=str(made), changes=changes)
    return made


def _book() -> Book:
    book = Book.objects.first()
    if book is None:
        raise book_not_started()
    return book


def _head_problems(rule: RuleInput) -> dict[str, str]:
    problems = {}
    if not _CODE.fullmatch(rule.code):
        problems["code"] = _("规则编码 1 至 40 个字符，不含空格和 / ? # %。")
    if not _FACT.fullmatch(rule.fact):
        problems["fact"] = _("请填写业务类型，最多 60 个字符，不含空格。")
    return problems | _changeable_problems(rule.name, rule.priority, rule.grouping)


def _changeable_problems(name: str, priority: int, grouping: str) -> dict[str, str]:
    problems = {}
    if not name.strip() or len(name.strip()) > 80:
        problems["name"] = _("请填写规则名称，最多 80 字。")
    if not 0 <= priority <= 9999:
        problems["priority"] = _("优先级请填 0 至 9999，小的先用。")
    if grouping not in PostingRule.Grouping.values:
        problems["grouping"] = _("汇总方式只能是 each、day 或 month。")
    return problems


def version_problems(book: Book, version: VersionInput, *, spot: str = "") -> dict[str, str]:
    """What is wrong with a version, by field: `version.lines.0.account`."""
    problems: dict[str, str] = {}
    if not version.summary.strip() or len(version.summary.strip()) > 200:
        problems["summary"] = _("请填写摘要，最多 200 字，可以用 {字段} 引用业务数据。")
    if version.word and version.word not in book.voucher_words:
        problems["word"] = _("没有凭证字“%(word)s”，可用：%(words)s。") % {
            "word": version.word[:8], "words": "、".join(book.voucher_words),
        }  # fmt: skip
    bad = [name for name, value in version.when.items() if not PLAIN_FIELD.fullmatch(name) or not is_plain(value)]
    if bad or len(version.when) > MOST_CONDITIONS:
        problems["when"] = _(
            "条件最多 %(most)s 个，写成 字段=值；字段名由文字、数字和下划线组成，值是文本、整数、true、false 或 null。"
        ) % {"most": MOST_CONDITIONS}
    if not FEWEST_LINES <= len(version.lines) <= MOST_LINES:
        problems["lines"] = _("规则要有 %(least)s 至 %(most)s 行分录。") % {"least": FEWEST_LINES, "most": MOST_LINES}
    problems |= _line_problems(version.lines[:MOST_LINES])
    return {spot + name: text for name, text in problems.items()}


def _line_problems(lines: Sequence[RuleLine]) -> dict[str, str]:
    codes = {part for line in lines for part in offered(line.account) if part.isascii() and part.isdigit()}
    known = set(LedgerAccount.objects.filter(code__in=codes).values_list("code", flat=True))
    dimensions = set(Dimension.objects.values_list("code", flat=True))
    problems: dict[str, str] = {}
    for index, line in enumerate(lines):
        found = {**_account_problem(line.account, known), **_field_problems(line, dimensions)}
        problems |= {f"lines.{index}.{name}": text for name, text in found.items()}
    return problems


def _account_problem(account: str, known: set[str]) -> dict[str, str]:
    parts = offered(account)
    if not parts or len(account) > 200 or not all(_ACCOUNT.fullmatch(part) for part in parts):
        return {"account": _("请填写科目编码；可以写几个备选，例如 220202|2202，或引用字段 {stock_account}。")}
    if not any(part in known or part.startswith("{") for part in parts):
        return {"account": _("没有科目 %(code)s，请从科目表中选择。") % {"code": account[:20]}}
    return {}


def _field_problems(line: RuleLine, dimensions: set[str]) -> dict[str, str]:
    problems = {}
    if line.side not in SIDES:
        problems["side"] = _("方向只能是 debit 或 credit。")
    if not SIGNED_FIELD.fullmatch(line.amount):
        problems["amount"] = _("金额填业务数据的字段名，前面加 - 表示取相反数。")
    if line.quantity and not SIGNED_FIELD.fullmatch(line.quantity):
        problems["quantity"] = _("数量填业务数据的字段名，前面加 - 表示取相反数。")
    strange = [name for name in line.aux if name not in dimensions]
    if strange or not all(PLAIN_FIELD.fullmatch(name) for name in line.aux.values()):
        problems["aux"] = _("辅助核算写成 维度:字段，维度要在科目与期初中已有。")
    return problems


def write_version(
    rule: PostingRule, version: VersionInput, *, number: int, word: str, actor: Member, at: datetime
) -> PostingRuleVersion:
    """Write a version that was checked, without an audit entry."""
    return PostingRuleVersion.objects.create(
        rule=rule, version=number, when=dict(version.when), word=word, summary=version.summary.strip(),
        lines=[stored(line) for line in version.lines], created_at=at, created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )  # fmt: skip


def stored(line: RuleLine) -> dict[str, Any]:
    """A line as the column and the API hold it."""
    return {
        "side": line.side, "account": line.account, "amount": line.amount, "aux": dict(line.aux),
        "quantity": line.quantity or None,
    }  # fmt: skip


def get_rule(code: str, *, lock: bool = False) -> PostingRule:
    """By code. Raises NotFound."""
    rows = PostingRule.objects.select_for_update() if lock else PostingRule.objects
    found = rows.filter(code=code).first()
    if found is None:
        raise NotFound(_("没有规则 %(code)s。") % {"code": code[:40]})
    return found


@transaction.atomic
def alter_rule(
    *,
    code: str,
    actor: Member,
    name: str | None = None,
    priority: int | None = None,
    grouping: str | None = None,
    active: bool | None = None,
    auto_review: bool | None = None,
) -> PostingRule:
    """Switch a rule, its automatic review, its order or grouping; None stays. Raises NotFound, `invalid`."""
    rule = get_rule(code, lock=True)
    given = {
        "name": name.strip() if name is not None else None, "priority": priority, "grouping": grouping,
        "is_active": active, "auto_review": auto_review,
    }  # fmt: skip
    before = {key: getattr(rule, key) for key in given}
    for key, value in given.items():
        if value is not None:
            setattr(rule, key, value)
    raise_fields(_changeable_problems(rule.name, rule.priority, rule.grouping))
    rule.save(update_fields=list(given))
    changes = audit.difference(before, {key: getattr(rule, key) for key in given})
    audit.record(actor=actor, action="rule.alter", object=f"rule:{rule.pk}", label=str(rule), changes=changes)
    return rule


@transaction.atomic
def new_rule_version(*, code: str, version: VersionInput, actor: Member, at: datetime) -> PostingRuleVersion:
    """The next version; facts from now on meet it, vouchers keep the one they were made by.

    Raises NotFound, `book_not_started`, `invalid`.
    """
    book = _book()
    raise_fields(version_problems(book, version))
    rule = get_rule(code, lock=True)
    last = rule.versions.order_by("-version").first()
    number = last.version + 1 if last else 1
    word = version.word or (last.word if last else book.voucher_words[0])
    made = write_version(rule, version, number=number, word=word, actor=actor, at=at)
    before = _said(last) if last else {}
    audit.record(
        actor=actor,
        action="rule.version",
        object=f"rule:{rule.pk}",
        label=f"{rule}@{number}",
        changes=audit.difference(before, _said(made)),
    )
    return made


def _said(version: PostingRuleVersion) -> dict[str, Any]:
    return {
        "version": version.version, "when": version.when, "word": version.word, "summary": version.summary,
        "lines": version.lines,
    }  # fmt: skip
