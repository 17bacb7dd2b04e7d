"""Posting rules, and business facts with what became of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from apps.finance.models import BusinessFact, PostingRule, PostingRuleVersion
from kernel.errors import NotFound

OPEN = "open"  # what a person has to do something about: waits or has no rule, and there is something to book
_UNDONE = (BusinessFact.State.WAITING, BusinessFact.State.NO_RULE)
_NOTHING = "nothing_to_book"


def rules(*, fact: str | None = None, active: bool | None = None, search: str | None = None) -> QuerySet[PostingRule]:
    """Rules in the order in which they are asked, with their versions, oldest first."""
    rows = PostingRule.objects.prefetch_related(
        Prefetch("versions", queryset=PostingRuleVersion.objects.order_by("version"))
    )
    if fact is not None:
        rows = rows.filter(fact=fact)
    if active is not None:
        rows = rows.filter(is_active=active)
    if search:
        rows = rows.filter(Q(code__icontains=search) | Q(name__icontains=search) | Q(fact__icontains=search))
    return rows.order_by("fact", "priority", "code")


def rule(code: str) -> PostingRule:
    """One rule with its versions. Raises NotFound."""
    found = rules().filter(code=code).first()
    if found is None:
        raise NotFound(_("没有规则 %(code)s。") % {"code": code[:40]})
    return found


@dataclass(frozen=True, kw_only=True)
class FactFilter:
    """What the queue may be narrowed by; None = not asked for. `state` may be OPEN."""

    state: str | None = None
    fact: str | None = None
    source: str | None = None
    document: str | None = None
    since: date | None = None
    until: date | None = None
    reason: str | None = None
    search: str | None = None


def facts(wanted: FactFilter) -> QuerySet[BusinessFact]:
    """Facts, the latest first, with rule, version and voucher."""
    conditions = {
        "state": None if wanted.state == OPEN else wanted.state,
        "fact": wanted.fact,
        "source": wanted.source,
        "document": wanted.document,
        "occurred_on__gte": wanted.since,
        "occurred_on__lte": wanted.until,
        "reason": wanted.reason,
    }
    rows = BusinessFact.objects.filter(**{name: value for name, value in conditions.items() if value is not None})
    if wanted.state == OPEN:
        rows = open_facts(rows)
    if wanted.search:
        rows = rows.filter(
            Q(source__icontains=wanted.search) | Q(fact__icontains=wanted.search) | Q(message__icontains=wanted.search)
        )
    return rows.select_related("rule_version__rule", "voucher").order_by("-occurred_on", "-id")


def open_facts(rows: QuerySet[BusinessFact]) -> QuerySet[BusinessFact]:
    """Those of `rows` that wait for somebody."""
    return rows.filter(state__in=_UNDONE).exclude(reason=_NOTHING)


def fact(fact_id: int) -> BusinessFact:
    """One fact. Raises NotFound."""
    found = BusinessFact.objects.select_related("rule_version__rule", "voucher").filter(pk=fact_id).first()
    if found is None:
        raise NotFound(_("找不到这笔业务，请刷新列表。"))
    return found


def state_counts(wanted: FactFilter) -> dict[str, int]:
    """How many of each state the filter leaves, whatever its state, and how many are OPEN."""
    counts: dict[str, int] = {OPEN: 0}
    for state, reason, count in facts(wanted).order_by().values_list("state", "reason").annotate(n=Count("id")):
        counts[state] = counts.get(state, 0) + count
        counts[OPEN] += count if state in _UNDONE and reason != _NOTHING else 0
    return counts


def of_voucher(voucher_id: int, *, limit: int = 50) -> list[BusinessFact]:
    """The facts a voucher was drafted from, by date."""
    return list(BusinessFact.objects.filter(voucher_id=voucher_id).order_by("occurred_on", "id")[:limit])


def of_document(document: str) -> list[BusinessFact]:
    """The facts of a record (`inventory.document:17`) with their vouchers, in order."""
    rows = BusinessFact.objects.filter(document=document).select_related("voucher", "rule_version__rule")
    return list(rows.order_by("id"))


def waiting_ids(fact_ids: Collection[int] | None = None) -> list[int]:
    """Ids of what waits or has no rule, by date; only those asked for when some are."""
    rows = BusinessFact.objects.filter(state__in=_UNDONE)
    if fact_ids is not None:
        rows = rows.filter(pk__in=fact_ids)
    return list(rows.order_by("occurred_on", "id").values_list("id", flat=True))
