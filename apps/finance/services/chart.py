"""Loading the shipped chart into a book, in the book's own code lengths."""

from collections.abc import Iterable
from datetime import datetime

from apps.finance.domain.account_codes import CodeRule
from apps.finance.domain.catalogue import ChartAccount, starting_accounts, vat_accounts
from apps.finance.models import AccountDimension, Dimension, LedgerAccount, TaxpayerKind
from tenants.rights import Member


def load_chart(*, rule: CodeRule, taxpayer_kind: str, payable_details: bool, actor: Member, at: datetime) -> None:
    """The 66 accounts of the standard with the template's sub-accounts; VAT columns only for a general taxpayer, 220201
    and 220202 only with `payable_details`.

    Levels deeper than the book's code lengths are left out.
    """
    deepest = len(rule.lengths)
    rows = starting_accounts(taxpayer_kind, payable_details=payable_details)
    _load([row for row in rows if row.level <= deepest], rule, actor, at)


def load_general_vat(*, rule: CodeRule, actor: Member, at: datetime) -> None:
    """The VAT columns under 222101 for a taxpayer who became general; what is there stays."""
    rows = [
        row for row in vat_accounts() if row.taxpayer == TaxpayerKind.Kind.GENERAL and row.level <= len(rule.lengths)
    ]
    known = set(
        LedgerAccount.objects.filter(code__in=[rule.widen(row.code) for row in rows]).values_list("code", flat=True)
    )
    _load([row for row in rows if rule.widen(row.code) not in known], rule, actor, at)


def _load(rows: Iterable[ChartAccount], rule: CodeRule, actor: Member, at: datetime) -> None:
    by_level: dict[int, list[ChartAccount]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(row)
    for level in sorted(by_level):
        _load_level(by_level[level], rule, actor, at)


def _load_level(rows: list[ChartAccount], rule: CodeRule, actor: Member, at: datetime) -> None:
    parents = {
        parent.code: parent
        for parent in LedgerAccount.objects.filter(code__in=[rule.widen(row.parent) for row in rows if row.parent])
    }
    made = [
        _account(row, rule.widen(row.code), parents.get(rule.widen(row.parent)) if row.parent else None, actor, at)
        for row in rows
    ]
    LedgerAccount.objects.bulk_create(made)
    LedgerAccount.objects.filter(pk__in=[parent.pk for parent in parents.values()]).update(is_leaf=False)
    _load_dimensions(made, {rule.widen(row.code): row.required_aux for row in rows})


def _account(row: ChartAccount, code: str, parent: LedgerAccount | None, actor: Member, at: datetime) -> LedgerAccount:
    return LedgerAccount(
        code=code,
        name=row.name,
        name_en=row.name_en,
        parent=parent,
        level=row.level,
        category=row.category or (parent.category if parent else ""),
        direction=row.direction or (parent.direction if parent else ""),
        statutory=row.statutory,
        cash_kind=parent.cash_kind if parent else row.cash_kind,
        open_item=parent.open_item if parent else row.open_item,
        income_line=row.income_line,
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name,
    )


def _load_dimensions(accounts: list[LedgerAccount], required: dict[str, str]) -> None:
    ids = dict(Dimension.objects.values_list("code", "id"))
    inherited = {
        (row.account_id, row.dimension_id): row.required
        for row in AccountDimension.objects.filter(
            account__in=[account.parent_id for account in accounts if account.parent_id]
        )
    }
    rows = [
        AccountDimension(account=account, dimension_id=ids[required[account.code]], required=True)
        for account in accounts
        if required[account.code]
    ]
    rows += [
        AccountDimension(account=account, dimension_id=dimension_id, required=is_required)
        for account in accounts
        for (parent_id, dimension_id), is_required in inherited.items()
        if parent_id == account.parent_id
    ]
    AccountDimension.objects.bulk_create(rows)
