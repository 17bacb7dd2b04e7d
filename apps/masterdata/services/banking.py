"""Bank accounts: class secret; what exists is changed by two people, never by one (付款诈骗 begins here)."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain.cnaps import clean_account_no, clean_cnaps, mask_account_no
from apps.masterdata.domain.errors import RuleError
from apps.masterdata.models import BankAccount, BankChange, Partner
from apps.masterdata.services.refusals import check_secret, not_found, refusal, refusing
from kernel import audit
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from tenants.rights import Member

FIELDS = ("bank", "account_no", "account_name", "cnaps")
Row = dict[str, str]


class SecondPersonNeeded(DomainError):
    """An existing bank account would change: somebody else must confirm."""

    code = "second_person_needed"


def write(partner: Partner, given: Sequence[dict[str, Any]], *, actor: Member) -> None:
    """Make the bank accounts of `partner` the list `given`.

    New accounts are added. A change or removal of an existing one is done only when another person wished exactly
    this list before; else raises SecondPersonNeeded.
    """
    wanted = clean(given)
    existing = {row.account_no: row for row in partner.bank_accounts.order_by("id")}
    present = [{name: getattr(row, name) for name in FIELDS} for row in existing.values()]
    if not all(row in wanted for row in present):
        waiting = partner.bank_changes.select_for_update().filter(state=BankChange.State.WAITING).first()
        if waiting is None or waiting.asked_by_id == actor.user_id or waiting.accounts != wanted:
            raise SecondPersonNeeded(_("改动已有的银行账户要由另一位有权限的人确认，已提交待确认。"))
        _decide(waiting, BankChange.State.CONFIRMED, actor)
    _replace(partner, wanted)


def clean(given: Sequence[dict[str, Any]]) -> list[Row]:
    """The list in the form it is stored in. Raises Invalid `bad_cnaps`, `bad_account_no` naming the cell."""
    rows: list[Row] = []
    for place, entry in enumerate(given):
        try:
            account_no = clean_account_no(str(entry.get("account_no", "")))
        except RuleError as error:
            raise refusal(error, field=f"bank_accounts.{place}.account_no") from error
        try:
            cnaps = clean_cnaps(str(entry["cnaps"])) if entry.get("cnaps") else ""
        except RuleError as error:
            raise refusal(error, field=f"bank_accounts.{place}.cnaps") from error
        bank = str(entry.get("bank") or "").strip()
        name = str(entry.get("account_name") or "").strip()
        if not bank or account_no in {row["account_no"] for row in rows}:
            sentence = _("请填写开户银行。") if not bank else _("银行账号重复。")
            raise Invalid(sentence, fields={f"bank_accounts.{place}.{'account_no' if bank else 'bank'}": [sentence]})
        rows.append({"bank": bank, "account_no": account_no, "account_name": name, "cnaps": cnaps})
    return rows


@transaction.atomic
def ask(*, partner: Partner, accounts: Sequence[dict[str, Any]], actor: Member) -> BankChange:
    """Keep a wished list for the second person; an earlier wish that still waits is replaced."""
    partner.bank_changes.filter(state=BankChange.State.WAITING).delete()
    change = BankChange.objects.create(
        partner=partner,
        accounts=clean(accounts),
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        asked_at=now(),
    )
    _log(change, "bank_account.ask", actor)
    return change


@refusing()
@transaction.atomic
def confirm(*, change_id: int, partner: Partner, actor: Member) -> None:
    """The second person agrees. Raises SecondPersonNeeded for the one who asked, NotFound when nothing waits."""
    change = _waiting(change_id, partner, actor)
    if change.asked_by_id == actor.user_id:
        raise SecondPersonNeeded(_("要由另一位有权限的人确认，提交人自己不能确认。"))
    _replace(partner, change.accounts)
    _decide(change, BankChange.State.CONFIRMED, actor)


@refusing()
@transaction.atomic
def reject(*, change_id: int, partner: Partner, actor: Member) -> None:
    """Anybody with the right, the asker too, takes the wish back."""
    _decide(_waiting(change_id, partner, actor), BankChange.State.REJECTED, actor)


def _waiting(change_id: int, partner: Partner, actor: Member) -> BankChange:
    check_secret(actor, wanted=True)
    rows = BankChange.objects.select_for_update().filter(partner=partner, state=BankChange.State.WAITING)
    change = rows.filter(pk=change_id).first()
    if change is None:
        raise not_found()
    return change


def _replace(partner: Partner, wanted: Sequence[Row]) -> None:
    known = {row.account_no: row for row in partner.bank_accounts.all()}
    for row in wanted:
        account = known.pop(row["account_no"], None) or BankAccount(partner=partner)
        for name in FIELDS:
            setattr(account, name, row[name])
        account.save()
    partner.bank_accounts.filter(pk__in=[row.pk for row in known.values()]).delete()


def _decide(change: BankChange, state: str, actor: Member) -> None:
    _log(change, f"bank_account.{'confirm' if state == BankChange.State.CONFIRMED else 'reject'}", actor)
    change.state, change.accounts = state, []
    change.decided_by_id, change.decided_by_name, change.decided_at = actor.user_id, actor.name, now()
    change.save()


def _log(change: BankChange, action: str, actor: Member) -> None:
    # The last four digits tell two accounts apart and pay nobody.
    shown = [mask_account_no(row["account_no"]) for row in change.accounts]
    audit.record(
        actor=actor,
        action=action,
        object=f"partner:{change.partner_id}",
        label=str(change.partner),
        changes={"bank_accounts": [None, shown]},
    )
