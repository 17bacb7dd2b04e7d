"""对公转账: statements imported, rows matched by the invoice number in the remark, the rest queued with a reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.billing.domain import payments as rules
from apps.billing.domain.payments import BankLine
from apps.billing.domain.states import BANK_LINE, may_move
from apps.billing.models import (
    BankAccount,
    BankStatementImport,
    BankStatementLine,
    BillingAccount,
    Invoice,
    InvoiceShare,
    Payment,
)
from apps.billing.services import audit, payments
from apps.billing.services.payments import Part
from apps.billing.services.statement_files import keep_file
from apps.billing.services.statements import Row, read
from kernel.errors import DomainError, Invalid, NotFound
from tenants.rights import Member

State = BankStatementLine.State
QUEUED = (State.NEW, State.SUGGESTED, State.CONFLICT)


class AlreadyMatched(DomainError):
    """The line is done."""

    code = "already_matched"


class WrongCurrency(DomainError):
    """Only CNY pays our invoices (R-CNY)."""

    code = "wrong_currency"


def import_statement(
    *, account: str, profile: str, file_name: str, content: bytes, at: datetime, actor: Member | None
) -> BankStatementImport:
    """Store new rows and match them; `counts` of the answer say what became of each row.

    A row known with an equal body is a duplicate, with another one a conflict. Raises Invalid.
    """
    target = BankAccount.objects.filter(pk=account).first()
    if target is None:
        raise Invalid(_("没有这个收款账户。"), fields={"account": [_("没有这个收款账户。")]})
    rows, errors = read(content, profile)
    stored, digest = keep_file(content)
    with transaction.atomic():
        batch = BankStatementImport.objects.create(
            account=target, profile=profile, file_name=file_name[:200], file=stored, file_hash=digest,
            errors=errors, made_by_id=actor.user_id if actor else None, made_by_name=actor.name if actor else "",
            made_at=at,
        )  # fmt: skip
        lines, counts = _store(batch, rows)
    counts |= _match_all(lines, at, actor)
    batch.counts = {"rows": len(rows) + len(errors), "errors": len(errors), **counts}
    batch.save(update_fields=["counts"])
    return batch


def _store(batch: BankStatementImport, rows: Sequence[Row]) -> tuple[list[BankStatementLine], dict[str, int]]:
    """Insert unknown serials; another body under a known serial is kept as a conflict, an equal one counted."""
    BankAccount.objects.select_for_update().get(pk=batch.account_id)  # two uploads of one file go one after the other
    serials = [row.serial for row in rows]
    known = dict(
        BankStatementLine.objects.filter(account_id=batch.account_id, serial__in=serials)
        .exclude(state=State.CONFLICT)
        .order_by("id")
        .values_list("serial", "body_hash")
    )
    counts, fresh = Counter[str](), list[BankStatementLine]()
    for row in rows:
        verdict = _verdict(known.get(row.serial), row)
        counts[verdict] += 1
        if verdict != "duplicates":
            fresh.append(_line(batch, row, conflict=verdict == "conflicts"))
        known.setdefault(row.serial, row.body_hash)
    made = BankStatementLine.objects.bulk_create(fresh, batch_size=1000)
    names = ("new", "duplicates", "conflicts")
    return [line for line in made if line.state != State.CONFLICT], {name: counts[name] for name in names}


def _verdict(known: str | None, row: Row) -> str:
    if known is None:
        return "new"
    return "duplicates" if known == row.body_hash else "conflicts"


def _line(batch: BankStatementImport, row: Row, *, conflict: bool) -> BankStatementLine:
    return BankStatementLine(
        account_id=batch.account_id, source=batch, serial=row.serial, booked_at=row.booked_at, amount=row.amount,
        currency=row.currency, payer_name=row.payer_name, payer_account=row.payer_account, remark=row.remark,
        body_hash=row.body_hash, state=State.CONFLICT if conflict else State.NEW,
        reason="conflict" if conflict else "",
    )  # fmt: skip


def _match_all(lines: Sequence[BankStatementLine], at: datetime, actor: Member | None) -> dict[str, int]:
    """Each line by its own: pay, queue with a reason, or suggest; outgoing money waits for nobody."""
    numbers = {number for line in lines for number in rules.references_in(line.remark)}
    invoices = {row.number: row for row in Invoice.objects.across_tenants().filter(number__in=numbers).order_by("id")}
    counts, queued = Counter[str](), list[BankStatementLine]()
    for line in lines:
        match = rules.match_line(_as_bank_line(line), [number for number in invoices if number])
        if match.number is not None:
            pay(line_id=line.pk, tenant_id=invoices[match.number].tenant_id,
                parts=[Part(invoices[match.number].pk)], at=at, actor=actor)  # fmt: skip
            counts["matched"] += 1
            continue
        line.reason = match.reason or ""
        line.state = State.IGNORED if match.reason == "outgoing" else State.NEW
        counts["outgoing" if match.reason == "outgoing" else "unmatched"] += 1
        queued.append(line)
    counts["suggested"] = _suggest([line for line in queued if line.state == State.NEW and line.reason == "reference"])
    BankStatementLine.objects.bulk_update(queued, ["state", "reason", "suggested"], batch_size=1000)
    return {name: counts[name] for name in ("matched", "unmatched", "suggested", "outgoing")}


def _as_bank_line(line: BankStatementLine) -> BankLine:
    return BankLine(
        serial=line.serial, amount=line.amount, account=line.account_id, currency=line.currency, remark=line.remark
    )


def _suggest(lines: Iterable[BankStatementLine]) -> int:
    """Payer name and open amount of exactly one invoice suggest it; a person confirms."""
    waiting = list(lines)
    candidates = _by_name_and_amount({line.payer_name for line in waiting if line.payer_name})
    found = 0
    for line in waiting:
        fitting = candidates.get((line.payer_name, line.amount), [])
        if len(fitting) == 1:
            line.state, line.suggested = State.SUGGESTED, fitting[0]
            found += 1
    return found


def _by_name_and_amount(names: set[str]) -> dict[tuple[str, Decimal], list[Invoice]]:
    """Open invoices under (name, CNY left): the company's name, its 抬头 now, and the buyer on the invoice."""
    titles = dict(
        BillingAccount.objects.across_tenants()
        .filter(legal_name__in=names)
        .order_by("id")
        .values_list("tenant_id", "legal_name")
    )
    called = Q(tenant__name__in=names) | Q(tenant_id__in=titles) | Q(invoice__buyer__legal_name__in=sorted(names))
    shares = InvoiceShare.objects.across_tenants().filter(
        called, payer="enterprise", invoice__state__in=("open", "partially_paid")
    )
    found: dict[tuple[str, Decimal], list[Invoice]] = {}
    for share in shares.select_related("invoice", "tenant").order_by("id"):
        own = {share.tenant.name, titles.get(share.tenant_id), share.invoice.buyer.get("legal_name")}
        for name in sorted(names & own):
            found.setdefault((name, share.amount - share.settled), []).append(share.invoice)
    return found


def _lock(line_id: int) -> BankStatementLine:
    line = BankStatementLine.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotFound(_("找不到这条银行流水。"))
    return line


@transaction.atomic
def pay(*, line_id: int, tenant_id: int, parts: Sequence[Part], at: datetime, actor: Member | None) -> Payment:
    """Take a line as payment of `tenant_id`; what `parts` leave goes to its balance.

    Raises AlreadyMatched, WrongCurrency, ExceedsRemaining, NotFound.
    """
    line = _lock(line_id)
    if not may_move(BANK_LINE, line.state, State.MATCHED):
        raise AlreadyMatched(_("这条流水已经处理过。"), extra={"state": line.state})
    if line.currency != "CNY":
        raise WrongCurrency(_("只有人民币到账可以核销账单。"))
    if line.amount <= 0:
        raise AlreadyMatched(_("这是一笔支出，不能核销账单。"), "outgoing")
    payment = payments.record(
        tenant_id=tenant_id, gateway="bank_transfer", external_id=f"{line.account_id}:{line.serial}",
        amount=line.amount, parts=parts, received_at=line.booked_at, at=at, actor=actor,
    )  # fmt: skip
    before = line.state
    line.state, line.reason, line.payment, line.suggested = State.MATCHED, "", payment, None
    line.save(update_fields=["state", "reason", "payment", "suggested"])
    audit.record(
        at=at, tenant_id=tenant_id, actor=actor, action="bank_line.matched", object=f"bank_line:{line.pk}",
        label=f"{line.amount:.2f}", changes={"state": [before, line.state]},
    )  # fmt: skip
    return payment


@transaction.atomic
def put_aside(*, line_id: int, state: str, reason: str, at: datetime, actor: Member | None) -> BankStatementLine:
    """忽略 (`ignored`) or 退回 (`returned`) a line, with the reason. Raises AlreadyMatched, Invalid."""
    if not reason.strip():
        raise Invalid(_("请写明原因。"), fields={"reason": [_("必填。")]})
    line = _lock(line_id)
    if line.state != State.CONFLICT and not may_move(BANK_LINE, line.state, state):
        raise AlreadyMatched(_("这条流水已经处理过。"), extra={"state": line.state})
    if line.state == State.CONFLICT:
        raise AlreadyMatched(_("同一流水号的另一条已入账，请先与银行核对。"), "conflict")
    before, line.state, line.note = line.state, state, reason[:200]
    line.save(update_fields=["state", "note"])
    audit.record(
        at=at, actor=actor, action=f"bank_line.{state}", object=f"bank_line:{line.pk}", label=f"{line.amount:.2f}",
        changes={"state": [before, state]}, reason=reason,
    )  # fmt: skip
    return line


def payable(invoice: Invoice) -> None:
    """Raises DomainError `invoice_state` unless something of it can still be paid."""
    if invoice.state not in (Invoice.State.OPEN, Invoice.State.PARTIALLY_PAID):
        raise DomainError(_("这张账单目前不需要付款。"), "invoice_state", extra={"state": invoice.state})
