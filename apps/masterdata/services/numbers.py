"""取号: the next number of a kind of document, and the rules for them."""

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain.number_rules import NumberRule as Rule
from apps.masterdata.domain.number_rules import Reset, parse_rule, random_text
from apps.masterdata.models import NumberRule
from apps.masterdata.services.refusals import check_version, not_found, refusing
from kernel import audit
from kernel.errors import DomainError
from kernel.numbering import last_in, next_in
from tenants.rights import Member

MOST_TRIES = 1000

# What a new company starts with; the floors above add theirs with `ensure_rule`.
DEFAULT_RULES: tuple[tuple[str, str, Reset, bool], ...] = (
    ("item", "I{seq:6}", Reset.NEVER, False),
    ("partner", "P{seq:5}", Reset.NEVER, False),
    ("employee", "E{seq:4}", Reset.NEVER, False),
    ("sales_order", "SO{yy}{MM}{dd}{rand:4}", Reset.NEVER, False),
    ("purchase_order", "PO{yy}{MM}{dd}{rand:4}", Reset.NEVER, False),
    ("receipt", "RK{yy}{MM}-{seq:4}", Reset.MONTH, False),
    ("issue", "CK{yy}{MM}-{seq:4}", Reset.MONTH, False),
    ("transfer", "DB{yy}{MM}-{seq:4}", Reset.MONTH, False),
    ("stocktake", "PD{yy}{MM}-{seq:3}", Reset.MONTH, False),
    ("work_order", "MO{yy}{MM}-{seq:4}", Reset.MONTH, False),
    ("delivery", "SH{yy}{MM}{dd}{rand:4}", Reset.NEVER, False),
    ("statement", "DZ{yy}{MM}{rand:4}", Reset.NEVER, False),
)


class NumbersExhausted(DomainError):
    """No free number was found: the random part of the pattern is too short."""

    code = "numbers_exhausted"


def seed_rules() -> None:
    """The default rules; safe to run again."""
    for document, pattern, reset, gapless in DEFAULT_RULES:
        ensure_rule(document=document, pattern=pattern, reset=reset, gapless=gapless)


def ensure_rule(*, document: str, pattern: str, reset: str = Reset.NEVER, gapless: bool = False) -> None:
    """Give `document` this rule unless it has one. Raises BadPattern for a rule that cannot be used."""
    rule = parse_rule(pattern=pattern, reset=reset, gapless=gapless)
    NumberRule.objects.get_or_create(
        document=document, defaults={"pattern": rule.pattern, "reset": rule.reset.value, "gapless": rule.gapless}
    )


@refusing("pattern")
@transaction.atomic
def save_rule(
    *, document: str, pattern: str, reset: str, gapless: bool, version: int | None, actor: Member
) -> NumberRule:
    """Change the rule of `document`; what was numbered stays. Raises Invalid `bad_pattern`, StaleVersion, NotFound."""
    row = NumberRule.objects.select_for_update().filter(document=document).first()
    if row is None:
        raise not_found()
    check_version(row.version, version)
    before = {"pattern": row.pattern, "reset": row.reset, "gapless": row.gapless}
    rule = parse_rule(pattern=pattern, reset=reset, gapless=gapless)
    row.pattern, row.reset, row.gapless = rule.pattern, rule.reset.value, rule.gapless
    row.version += 1
    row.save()
    after = {"pattern": row.pattern, "reset": row.reset, "gapless": row.gapless}
    changes = audit.difference(before, after)
    audit.record(
        actor=actor, action="number_rule.change", object=f"number_rule:{document}", label=document, changes=changes
    )
    return row


def next_number(*, document: str, on: date, scope: str = "") -> str:
    """The next number of `document` on the accounting date `on`; `scope` parts counters (a warehouse, a word).

    Call it in the document's transaction, as late as possible: the counter stays locked until the commit, a
    rolled-back document gives its number back, and no number is given twice whatever becomes of the rule.
    """
    rule = rule_of(document)
    counter = f"masterdata:{document}:{scope}:{rule.period(on)}"
    for _try in range(MOST_TRIES):
        sequence = next_in(counter) if rule.is_counted else 0
        number = rule.number(on=on, sequence=sequence, randomly=random_text)
        if _claim(document, scope, number):
            return number
    raise NumbersExhausted(_("编号“%(pattern)s”快用完了，请在编号规则里加长流水号。") % {"pattern": rule.pattern})


def rule_of(document: str) -> Rule:
    """The parsed rule. An unknown document is a mistake of the programmer: DoesNotExist is let through."""
    # One request may number several documents (an issue and a receipt): read as a list, not one by one.
    row = next(iter(NumberRule.objects.filter(document=document)), None)
    if row is None:
        raise NumberRule.DoesNotExist(document)
    return parse_rule(pattern=row.pattern, reset=row.reset, gapless=row.gapless)


def preview(*, row: NumberRule, on: date) -> tuple[str, ...]:
    """The next three numbers, none of them taken; random parts are examples."""
    rule = parse_rule(pattern=row.pattern, reset=row.reset, gapless=row.gapless)
    return rule.preview(on=on, last_sequence=last_in(f"masterdata:{row.document}::{rule.period(on)}"))


def _claim(document: str, scope: str, number: str) -> bool:
    # One statement that cannot fail: an IntegrityError would end the document's transaction.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO masterdata_issuednumber (document, scope, number) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [document, scope, number],
        )
        return bool(cursor.rowcount)
