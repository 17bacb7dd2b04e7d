"""科目: added under a parent, altered while nothing contradicts it, deactivated, deleted while unused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.account_codes import AccountProperties, inherit
from apps.finance.models import (
    AccountDimension,
    Book,
    Dimension,
    LedgerAccount,
    OpeningBalance,
    PeriodBalance,
    StockAccount,
    VoucherLine,
)
from apps.finance.services.ledger import account_balance
from apps.finance.services.locks import check_version
from apps.finance.services.refusals import account_unknown, book_not_started, bookkeeping, raise_fields, refused
from kernel import audit
from tenants.rights import Member

MEMO_LINES = range(1, 33)  # lines of 会小企02表
_PLAIN = (
    "name",
    "direction",
    "quantity",
    "currencies",
    "revalue",
    "cash_kind",
    "open_item",
    "income_line",
    "is_active",
)
_FIXED_ONCE_USED = ("direction", "cash_kind", "open_item")
_FIXED_BY_STATUTE = ("direction",)


@dataclass(frozen=True, kw_only=True)
class AccountInput:
    """A new account. `given` holds only what was stated (direction, aux {dimension: required}, quantity, currencies,
    revalue, cash_kind, open_item, income_line); the rest comes from the parent.
    """

    code: str
    name: str
    given: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def add_account(*, account: AccountInput, actor: Member, at: datetime) -> LedgerAccount:
    """Add a sub-account; the parent is found by code and stops being a leaf.

    Raises `book_not_started` before set-up, `invalid`, `parent_missing`, `account_code_taken`, `account_has_balance`
    (the parent has movements and a balance that is not zero: clear it first, its history stays on it).
    """
    book = Book.objects.first()
    if book is None:
        raise book_not_started()
    with bookkeeping("code"):
        parent_code, level = book.code_rule.parent(account.code), book.code_rule.level(account.code)
    parent = _lock_parent(account.code, parent_code)
    if LedgerAccount.objects.filter(code=account.code).exists():
        raise _taken(account.code)
    _check_values({"name": account.name, **account.given})
    if parent.is_leaf:
        _check_first_child(parent)
    properties = _inherited(parent, account)
    made = _create(account, parent, level, properties, actor, at)
    _write_dimensions(made, properties.aux)
    LedgerAccount.objects.filter(pk=parent.pk, is_leaf=True).update(is_leaf=False)
    audit.record(actor=actor, action="account.add", object=f"account:{made.pk}", label=str(made))
    return made


def _lock_parent(code: str, parent_code: str | None) -> LedgerAccount:
    # Posting holds KEY SHARE on the accounts of its lines, so a first child waits for it.
    parent = LedgerAccount.objects.select_for_update().filter(code=parent_code).first() if parent_code else None
    if parent is None and LedgerAccount.objects.filter(code=code).exists():
        raise _taken(code)
    if parent is None:
        message = _("找不到 %(code)s 的上级科目；一级科目由会计准则规定，请在其下增加明细。") % {"code": code}
        raise refused("parent_missing", message, "code")
    return parent


def _taken(code: str) -> Exception:
    return refused("account_code_taken", _("科目编码 %(code)s 已被使用，请换一个。") % {"code": code}, "code")


def _check_first_child(parent: LedgerAccount) -> None:
    if account_balance(parent.code):
        message = _("科目 %(account)s 还有余额，请先转平再增加下级科目。") % {"account": parent}
        raise refused("account_has_balance", message, "code")


def _inherited(parent: LedgerAccount, account: AccountInput) -> AccountProperties:
    aux = dict(parent.dimensions.values_list("dimension__code", "required"))
    above = AccountProperties(
        category=parent.category, direction=parent.direction, aux=aux, quantity=parent.quantity,
        currencies=tuple(parent.currencies), revalue=parent.revalue, cash_kind=parent.cash_kind,
        open_item=parent.open_item, income_line=parent.income_line,
    )  # fmt: skip
    with bookkeeping():
        return inherit(above, account.given)


def _create(
    account: AccountInput, parent: LedgerAccount, level: int, has: AccountProperties, actor: Member, at: datetime
) -> LedgerAccount:
    try:
        with transaction.atomic():
            return LedgerAccount.objects.create(
                code=account.code, name=account.name.strip(), parent=parent, level=level, category=has.category,
                direction=has.direction, quantity=has.quantity, currencies=list(has.currencies), revalue=has.revalue,
                cash_kind=has.cash_kind, open_item=has.open_item, income_line=has.income_line, created_at=at,
                created_by_id=actor.user_id, created_by_name=actor.name,
            )  # fmt: skip
    except IntegrityError as error:
        raise _taken(account.code) from error


def _write_dimensions(account: LedgerAccount, aux: Mapping[str, bool]) -> None:
    ids = dict(Dimension.objects.filter(code__in=aux).values_list("code", "id"))
    unknown = sorted(set(aux) - set(ids))
    if unknown:
        raise_fields({"aux": _("没有辅助核算维度 %(codes)s。") % {"codes": "、".join(unknown)}})
    AccountDimension.objects.filter(account=account).exclude(dimension_id__in=ids.values()).delete()
    AccountDimension.objects.bulk_create(
        [
            AccountDimension(account=account, dimension_id=ids[code], required=required)
            for code, required in aux.items()
        ],
        update_conflicts=True,
        unique_fields=["account", "dimension"],
        update_fields=["required"],
    )


def _check_values(given: Mapping[str, Any]) -> None:
    """Shapes of the properties that are present; keys that are not listed are refused by `inherit`."""
    problems = {}
    choices: dict[str, Sequence[str]] = {
        "direction": LedgerAccount.Direction.values,
        "cash_kind": LedgerAccount.CashKind.values,
        "open_item": LedgerAccount.OpenItem.values,
    }
    if "name" in given and not 1 <= len(str(given["name"]).strip()) <= 80:
        problems["name"] = _("请填写科目名称，最多 80 字。")
    for name, values in choices.items():
        if name in given and given[name] not in values:
            problems[name] = _("只能是：%(values)s。") % {"values": "、".join(values)}
    if any(not _is_currency(code) for code in given.get("currencies", ())):
        problems["currencies"] = _("币种写三位大写字母，例如 USD。")
    if given.get("income_line") is not None and given["income_line"] not in MEMO_LINES:
        problems["income_line"] = _("利润表行次是 1 至 32。")
    raise_fields(problems)


def _is_currency(code: object) -> bool:
    return isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()


@transaction.atomic
def alter_account(*, code: str, changes: Mapping[str, Any], actor: Member, version: int | None = None) -> LedgerAccount:
    """Change what is named in `changes` (name, aux, quantity, currencies, revalue, cash_kind, open_item, income_line,
    direction, is_active); a code never changes.

    Raises NotFound, `stale_version`, `invalid`, `statutory_account` (direction of a statute account), `account_in_use`
    (direction, cash or open-item kind after movements, a dimension taken away that lines carry),
    `account_has_balance` (deactivating).
    """
    account = _lock_account(code)
    check_version(account.version, version)
    _check_known(changes)
    _check_values(changes)
    _check_changes(account, changes)
    before = _snapshot(account)
    for name in _PLAIN:
        if name in changes:
            setattr(account, name, changes[name])
    account.name = account.name.strip()
    account.version += 1
    account.save()
    if "aux" in changes:
        _check_aux_change(account, changes["aux"])
        _write_dimensions(account, changes["aux"])
    audit.record(
        actor=actor,
        action="account.alter",
        object=f"account:{account.pk}",
        label=str(account),
        changes=audit.difference(before, _snapshot(account)),
    )
    return account


def _lock_account(code: str) -> LedgerAccount:
    account = LedgerAccount.objects.select_for_update().filter(code=code).first()
    if account is None:
        raise account_unknown(code)
    return account


def _check_known(changes: Mapping[str, Any]) -> None:
    strange = sorted(set(changes) - {*_PLAIN, "aux"})
    raise_fields({name: _("科目没有这个属性，或不能修改。") for name in strange})


def _check_changes(account: LedgerAccount, changes: Mapping[str, Any]) -> None:
    changed = {name for name in _PLAIN if name in changes and changes[name] != getattr(account, name)}
    if account.statutory and changed & set(_FIXED_BY_STATUTE):
        raise refused("statutory_account", _("会计准则规定的科目只能改名称，不能改方向。"))
    if changed & set(_FIXED_ONCE_USED) and _is_used(account):
        raise refused("account_in_use", _("科目 %(account)s 已有发生额，不能改方向和核算类型。") % {"account": account})
    if changes.get("is_active") is False and account.is_active and account_balance(account.code):
        raise refused("account_has_balance", _("科目 %(account)s 还有余额，不能停用。") % {"account": account})


def _is_used(account: LedgerAccount) -> bool:
    return (
        VoucherLine.objects.filter(account=account).exists()
        or PeriodBalance.objects.filter(account=account).exists()
        or OpeningBalance.objects.filter(account=account).exists()
    )


def _check_aux_change(account: LedgerAccount, aux: Mapping[str, bool]) -> None:
    carried = set(account.dimensions.values_list("dimension__code", flat=True))
    for code in sorted(carried - set(aux)):
        if VoucherLine.objects.filter(account=account, combo__members__dimension__code=code).exists():
            message = _("科目 %(account)s 的分录已用 %(code)s 核算，不能去掉。") % {"account": account, "code": code}
            raise refused("account_in_use", message, "aux")


def _snapshot(account: LedgerAccount) -> dict[str, Any]:
    aux = dict(account.dimensions.values_list("dimension__code", "required"))
    return {**{name: getattr(account, name) for name in _PLAIN}, "aux": aux}


def deactivate_account(*, code: str, actor: Member, version: int | None = None) -> LedgerAccount:
    """Take an account without balance out of use. Raises NotFound, `account_has_balance`, `stale_version`."""
    return alter_account(code=code, changes={"is_active": False}, actor=actor, version=version)


@transaction.atomic
def delete_account(*, code: str, actor: Member) -> None:
    """Delete an account nothing ever used; its parent becomes a leaf again when it was the last child.

    Raises NotFound, `statutory_account`, `account_in_use`.
    """
    account = _lock_account(code)
    if account.statutory:
        raise refused("statutory_account", _("会计准则规定的科目不能删除，可以停用。"))
    if account.children.exists() or _is_used(account) or StockAccount.objects.filter(account=account).exists():
        message = _("科目 %(account)s 有下级、分录或期初余额，不能删除，可以停用。") % {"account": account}
        raise refused("account_in_use", message)
    parent, label, key = account.parent, str(account), account.pk
    account.delete()
    if parent is not None and not parent.children.exists():
        LedgerAccount.objects.filter(pk=parent.pk).update(is_leaf=True)
    audit.record(actor=actor, action="account.delete", object=f"account:{key}", label=label)
