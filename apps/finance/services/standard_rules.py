"""Loading the shipped posting rules into a book, in the book's own code lengths and words."""

import re
from datetime import datetime

from django.db import transaction

from apps.finance.domain.account_codes import DEFAULT_LENGTHS
from apps.finance.domain.rules import RuleLine
from apps.finance.domain.standard_rules import STANDARD_RULES, StandardRule
from apps.finance.models import Book, PostingRule, PostingRuleVersion
from apps.finance.services.posting_rules import stored
from apps.finance.services.refusals import book_not_started
from kernel import audit
from tenants.rights import Member

_CODE = re.compile(r"[0-9]+")


@transaction.atomic
def load_standard_rules(*, actor: Member | None, at: datetime) -> int:
    """Add the shipped rules that are missing, by code; those that stand stay as they are. How many were added.

    Raises `book_not_started` before set-up.
    """
    # The book's row makes two callers queue: neither may find the rules missing twice.
    book = Book.objects.select_for_update().first()
    if book is None:
        raise book_not_started()
    known = set(PostingRule.objects.values_list("code", flat=True))
    missing = [rule for rule in STANDARD_RULES if rule.code not in known]
    if not missing:
        return 0
    author = {"created_at": at, "created_by_id": actor.user_id if actor else None}
    made = PostingRule.objects.bulk_create(
        PostingRule(
            code=rule.code, name=rule.name, fact=rule.fact, priority=rule.priority, seeded=True, **author
        )
        for rule in missing
    )  # fmt: skip
    PostingRuleVersion.objects.bulk_create(
        PostingRuleVersion(
            rule=row, version=1, when=dict(rule.when), word=_word(book, rule), summary=rule.summary,
            lines=[_widened(book, line) for line in rule.lines], **author,
        )
        for row, rule in zip(made, missing, strict=True)
    )  # fmt: skip
    audit.record(actor=actor, action="rule.seed", object="book:1", label=str(len(missing)))
    return len(missing)


def load_when_none(*, at: datetime) -> None:
    """A book from before there were rules gets the shipped ones with its first fact."""
    if not PostingRule.objects.exists():
        load_standard_rules(actor=None, at=at)


def _word(book: Book, rule: StandardRule) -> str:
    return rule.word if rule.word in book.voucher_words else book.voucher_words[0]


def _widened(book: Book, line: RuleLine) -> dict[str, object]:
    made = stored(line)
    made["account"] = "|".join(dict.fromkeys(_in_lengths(book, part) for part in line.account.split("|")))
    return made


def _in_lengths(book: Book, part: str) -> str:
    """A shipped code in the book's lengths; where the book is not as deep, the account above."""
    if not _CODE.fullmatch(part):
        return part
    deepest = sum(DEFAULT_LENGTHS[: len(book.code_rule.lengths)])
    return book.code_rule.widen(part[:deepest])
