"""取号: the next number of a kind of document, and the rules for them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain.number_rules import NumberRule as Rule
from apps.masterdata.domain.number_rules import Reset, parse_rule
from apps.masterdata.models import NumberRule
from apps.masterdata.services.refusals import check_version, not_found, refusing
from kernel import audit
from kernel.errors import DomainError
from kernel.numbering import next_in
from tenants.context import current_company
from tenants.db.prepared import Prepared
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

    Call it in the document's transaction, as late as possible. A rolled-back document gives its number back, and no
    number is given twice whatever becomes of the rule. Of a gapless rule the counter stays locked until the commit.
    Of any other rule nobody waits for anybody: two who post at once get two numbers, and when the first of them fails
    its number stays unused.
    """
    rule = _remembered(document)
    for _try in range(MOST_TRIES):
        if not _in_turn(rule):
            number = _claim(rule, document, scope, on)
        elif row := _row(_TAKE, [*_wanted(rule, document, scope, on), document, rule.pattern, rule.reset.value]):
            number = row[0]
        else:
            rule, number = _remember(document), None
        if number is not None:
            return number
    raise NumbersExhausted(_("编号“%(pattern)s”快用完了，请在编号规则里加长流水号。") % {"pattern": rule.pattern})


@dataclass(frozen=True)
class Numbering:
    """The rule of `document`, read in the transaction whose rows are to bear its next number."""

    document: str
    rule: Rule


def numbering_of(document: str, pattern: str, reset: str, gapless: bool) -> Numbering | None:
    """How a number is taken inside another statement; None for rules whose numbers only `next_number` gives."""
    rule = _parsed(pattern, reset, gapless)
    return Numbering(document, rule) if _in_turn(rule) else None


def number_inside(numbering: Numbering, *, on: date, scope: str = "") -> tuple[str, tuple[Any, ...]]:
    """(text, parameters) of a query with one `value`, the next number: as `next_number`, but one round trip less.

    It is never null: a number in turn is always found.
    """
    return _INSIDE, _wanted(numbering.rule, numbering.document, scope, on)


def rule_of(document: str) -> Rule:
    """The parsed rule. An unknown document is a mistake of the programmer: DoesNotExist is let through."""
    row = _row(_RULE, [document])
    if row is None:
        raise NumberRule.DoesNotExist(document)
    return _parsed(*row)


@lru_cache(maxsize=500)
def _parsed(pattern: str, reset: str, gapless: bool) -> Rule:
    return parse_rule(pattern=pattern, reset=reset, gapless=gapless)


def preview(*, row: NumberRule, on: date) -> tuple[str, ...]:
    """The next three numbers, none of them taken; random parts are examples."""
    rule = parse_rule(pattern=row.pattern, reset=row.reset, gapless=row.gapless)
    return rule.preview(on=on, last_sequence=_last(_counter(rule, row.document, "", on)))


# -- Taking a number -----------------------------------------------------------------------------------------------

MOST_REMEMBERED = 10_000
# Rules as they were last seen, by (schema, document). They are only guesses: the statement that takes a number looks
# at the rule itself and takes none when it is another one.
_seen: dict[tuple[str, str], Rule] = {}

_RULE = Prepared("SELECT pattern, reset, gapless FROM masterdata_numberrule WHERE document = %s")
_LAST = """
SELECT greatest((SELECT max(sequence) FROM masterdata_issuednumber WHERE counter = %(counter)s),
                (SELECT last FROM kernel_numbercounter WHERE scope = %(counter)s), 0) AS last
"""
_INSIDE = "SELECT masterdata_take_number(%s, %s, %s, %s, %s, %s) AS value"
_TAKE = Prepared(
    f"{_INSIDE} FROM masterdata_numberrule WHERE document = %s AND (pattern, reset, gapless) = (%s, %s, false)"
)
# One statement that cannot fail: an IntegrityError would end the document's transaction.
_CLAIM = Prepared("""
INSERT INTO masterdata_issuednumber (document, scope, number, counter, sequence) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING number
""")


def _in_turn(rule: Rule) -> bool:
    return rule.is_counted and not rule.gapless


def _remembered(document: str) -> Rule:
    rule = _seen.get((current_company().schema_name, document))
    return rule if rule is not None and _in_turn(rule) else _remember(document)


def _remember(document: str) -> Rule:
    if len(_seen) >= MOST_REMEMBERED:
        _seen.clear()
    rule = _seen[(current_company().schema_name, document)] = rule_of(document)
    return rule


def _counter(rule: Rule, document: str, scope: str, on: date) -> str:
    return f"masterdata:{document}:{scope}:{rule.period(on)}"


def _wanted(rule: Rule, document: str, scope: str, on: date) -> tuple[Any, ...]:
    """What `masterdata_take_number` asks for."""
    before, width, after = rule.around(on=on)
    return document, scope, _counter(rule, document, scope, on), before, width, after


def _claim(rule: Rule, document: str, scope: str, on: date) -> str | None:
    """The same without gap, from the locked counter; or, where nothing is counted, a random text."""
    counter, sequence = "", None
    if rule.is_counted:
        counter = _counter(rule, document, scope, on)
        sequence = next_in(counter, above=_last(counter))
    row = _row(_CLAIM, [document, scope, rule.number(on=on, sequence=sequence or 0), counter, sequence])
    return row[0] if row else None


def _last(counter: str) -> int:
    """The highest number that was given out in `counter`, 0 if none."""
    return int(_row(_LAST, {"counter": counter})[0])


def _row(statement: str, params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()
