"""At 1.5 million lines: 科目余额表, an account-month of 明细账, the three statements, the chain, posting four lines.

`python -m benchmarks.finance_trial_balance [lines]`; promises of finance.md §16.
"""

import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg
from django.db import connection, connections
from django.utils import timezone

from apps.finance.domain.periods import Period as Month
from apps.finance.domain.periods import Span
from apps.finance.models import Book
from apps.finance.selectors import ledgers, statements
from apps.finance.selectors.chart import current_book
from apps.finance.services.accounts import AccountInput, add_account
from apps.finance.services.book import BookChange, BookSetup, alter_book, make_periods, set_up_book, start_book
from apps.finance.services.chain import prove_chain
from apps.finance.services.dimensions import add_value, resolve_combos
from apps.finance.services.lines import LineInput
from apps.finance.services.posting import post
from apps.finance.services.signing import review
from apps.finance.services.vouchers import draft_voucher
from benchmarks.common import as_superuser, finish, installation, make_company, measure, result
from tenants.context import Company, tenant_context
from tenants.rights import Member

LINES = 1_500_000
LINES_EACH = 4
YEARS = Span(Month(2024, 1), Month(2026, 12))
CUSTOMERS, SUPPLIERS, DEPARTMENTS = 300, 150, 12
WORD = "记"
CLIENTS, EACH, POSTS_A_SECOND = 8, 150, 200


def main(lines: int) -> None:
    with installation() as server:
        company, owner = make_company()
        with tenant_context(company):
            _prepare_book(owner)
        with as_superuser(server, company) as admin:
            _fill(admin, lines // LINES_EACH)
        with tenant_context(company):
            kept = [*_measure_reading(), _measure_chain(), _measure_posting(owner)]
        kept.append(_measure_clients(company, owner))
    finish(kept)


def _prepare_book(owner: Member) -> None:
    now = timezone.now()
    setup = BookSetup(
        company_name="宏达五金制品", tax_id="91330200MA2AH12345", taxpayer_kind="general", start_period="2024-01"
    )
    set_up_book(setup=setup, actor=owner, at=now)
    alter_book(change=BookChange(separate_reviewer=False, reason="性能测量"), actor=owner)
    make_periods(YEARS)
    for number in range(1, 31):
        account = AccountInput(code=f"1002{number:02d}", name=f"银行账户 {number}")
        add_account(account=account, actor=owner, at=now)
    for dimension, prefix, count in (
        ("customer", "C", CUSTOMERS), ("supplier", "S", SUPPLIERS), ("department", "D", DEPARTMENTS),
    ):  # fmt: skip
        for number in range(1, count + 1):
            add_value(dimension=dimension, code=f"{prefix}{number:03d}", name=f"{prefix}{number}", actor=owner, at=now)
            resolve_combos([("aux", {dimension: f"{prefix}{number:03d}"})])
    start_book(actor=owner)


def _fill(admin: "psycopg.Connection[Any]", vouchers: int) -> None:
    """Vouchers and lines by COPY, then balances, counters and chain head as posting would have left them."""
    generator = _Generator(admin, vouchers)
    columns = (
        "id, word, period_id, no, date, kind, state, attachment_count, total, prepared_by_name, prepared_at, "
        "reviewed_by_name, reviewed_at, posted_by_name, posted_at, cashier_signed_by_name, source_kind, source_ref, "
        "rule_code, version, chain_no, previous_hash, hash"
    )
    with admin.cursor().copy(f"COPY finance_voucher ({columns}) FROM STDIN") as copy:
        for row in generator.vouchers():
            copy.write_row(row)
    columns = "voucher_id, seq, date, account_id, combo_id, summary, debit, credit, currency, ref"
    with admin.cursor().copy(f"COPY finance_voucherline ({columns}) FROM STDIN") as copy:
        for row in generator.lines():
            copy.write_row(row)
    for statement in _AFTERWARDS:
        admin.execute(statement)


_AFTERWARDS = (
    """INSERT INTO finance_periodbalance (period_id, account_id, combo_id, currency, debit, credit, closing_debit,
           closing_credit, fc_debit, fc_credit, qty_in, qty_out, n)
       SELECT v.period_id, l.account_id, l.combo_id, '', sum(l.debit), sum(l.credit), 0, 0, 0, 0, 0, 0, count(*)
         FROM finance_voucherline l JOIN finance_voucher v ON v.id = l.voucher_id GROUP BY 1, 2, 3""",
    """INSERT INTO finance_numbercounter (period_id, word, last_no)
       SELECT period_id, word, max(no) FROM finance_voucher GROUP BY 1, 2""",
    """UPDATE finance_chainhead SET hash = repeat('0', 64), length = (SELECT max(chain_no) FROM finance_voucher)""",
    "SELECT setval(pg_get_serial_sequence('finance_voucher', 'id'), (SELECT max(id) FROM finance_voucher))",
    "VACUUM ANALYZE",
    "CHECKPOINT",
)


class _Generator:
    """Sales, purchases, expenses and payments of 宏达五金, spread evenly over the days of the years."""

    def __init__(self, admin: "psycopg.Connection[Any]", count: int) -> None:
        self._count = count
        accounts = admin.execute("SELECT code, id FROM finance_ledgeraccount WHERE is_leaf").fetchall()
        self._accounts: dict[Any, Any] = {code: number for code, number in accounts}
        periods = admin.execute("SELECT index, id FROM finance_period").fetchall()
        self._periods: dict[Any, Any] = {index: number for index, number in periods}
        combos = admin.execute("SELECT key, id FROM finance_auxcombo WHERE id > 0").fetchall()
        self._combos = {
            kind: [pk for key, pk in combos if str(key).startswith(kind)] for kind in ("customer", "supplier", "depart")
        }
        self._banks = [pk for code, pk in self._accounts.items() if str(code).startswith("1002")]
        self._expenses = [pk for code, pk in self._accounts.items() if str(code).startswith(("5601", "5602"))]

    def _day(self, number: int) -> date:
        days = YEARS.days
        return YEARS.first.first_day + timedelta(days=number * days // self._count)

    def vouchers(self) -> Iterator[tuple[object, ...]]:
        now, numbers = timezone.now(), dict.fromkeys(self._periods.values(), 0)
        for number in range(self._count):
            day = self._day(number)
            period = self._periods[Month.of(day).index]
            numbers[period] += 1
            yield (
                number + 1, WORD, period, numbers[period], day, "normal", "posted", 1, "1130.00", "李敏", now, "李敏",
                now, "李敏", now, "", "", "", "", 1, number + 1, "0" * 64, f"{number:064x}",
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[object, ...]]:
        random.seed(2026)
        for number in range(self._count):
            day = self._day(number)
            for seq, (account, combo, debit, credit) in enumerate(self._entry(number), start=1):
                yield (number + 1, seq, day, account, combo, "销售法兰盘 DN50", debit, credit, "", "")

    def _entry(self, number: int) -> list[tuple[Any, Any, str, str]]:
        accounts, bank = self._accounts, random.choice(self._banks)
        if number % 3 == 0:
            customer = random.choice(self._combos["customer"])
            return [
                (accounts["1122"], customer, "1130.00", "0"), (accounts["5001"], 0, "0", "1000.00"),
                (accounts["22210107"], 0, "0", "100.00"), (accounts["22210107"], 0, "0", "30.00"),
            ]  # fmt: skip
        if number % 3 == 1:
            supplier = random.choice(self._combos["supplier"])
            return [
                (accounts["1403"], 0, "900.00", "0"), (accounts["1403"], 0, "100.00", "0"),
                (accounts["22210101"], 0, "130.00", "0"), (accounts["2202"], supplier, "0", "1130.00"),
            ]  # fmt: skip
        department, expense = random.choice(self._combos["depart"]), random.choice(self._expenses)
        return [
            (expense, department, "1000.00", "0"), (random.choice(self._expenses), 0, "100.00", "0"),
            (accounts["560304"], 0, "30.00", "0"), (bank, 0, "0", "1130.00"),
        ]  # fmt: skip


def _measure_reading() -> list[bool]:
    book, december = current_book(), Month(2026, 12)
    year = Span(Month(2026, 1), december)
    month = Span(december, december)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM finance_voucherline), (SELECT count(*) FROM finance_periodbalance)"
        )
        print("lines, period balances:", cursor.fetchone())
    return [
        measure("trial balance, one month", lambda: ledgers.trial_balance(book, month)).kept(150),
        measure("trial balance, a year", lambda: ledgers.trial_balance(book, year)).kept(150),
        measure("account-month with running balance", lambda: _read_ledger(book, month)).kept(60),
        measure("three statements", lambda: _read_statements(book, december), times=20).kept(400),
    ]


def _read_ledger(book: Book, month: Span) -> int:
    return len(list(ledgers.subledger(book, month, account="100201").rows))


def _read_statements(book: Book, month: Month) -> None:
    statements.balance_sheet(book, month)
    statements.income_statement(book, month)
    statements.cash_flow(book, month)


def _measure_chain() -> bool:
    """Every link is walked and hashed; the hashes of the filled rows are made up, which costs the same."""
    return measure("check of the whole chain", prove_chain, times=1, warm_up=0).kept(60_000)


def _measure_clients(company: Company, owner: Member) -> bool:
    """Eight who post at once, each a process with a connection of its own."""
    with tenant_context(company):
        waiting = [_reviewed(owner) for _number in range(CLIENTS * EACH)]

    connections.close_all()
    context = multiprocessing.get_context("fork")
    shares = [waiting[number::CLIENTS] for number in range(CLIENTS)]
    gate = context.Barrier(CLIENTS + 1)
    clients = [context.Process(target=_client, args=(company, owner, share, gate)) for share in shares]
    for client in clients:
        client.start()
    gate.wait()
    started = time.perf_counter()
    for client in clients:
        client.join()
    rate = len(waiting) / (time.perf_counter() - started)
    print(f"vouchers posted per second: {rate:.0f}")
    # `result` keeps what stays below a limit: milliseconds of one voucher at the promised rate.
    return result(f"a voucher, {CLIENTS} clients post", 1000 / rate, 1000 / POSTS_A_SECOND, "ms", "promise")


def _client(company: Company, owner: Member, mine: list[int], gate: Barrier) -> None:
    with tenant_context(company):
        gate.wait()
        for voucher_id in mine:
            post(voucher_id=voucher_id, actor=owner, at=timezone.now())
    connections.close_all()


def _measure_posting(owner: Member) -> bool:
    waiting = [_reviewed(owner) for _number in range(60)]
    return measure(
        "post a voucher of 4 lines", lambda: post(voucher_id=waiting.pop(), actor=owner, at=timezone.now()), times=50
    ).kept(50)


def _reviewed(owner: Member) -> int:
    lines = [
        LineInput(summary="水电费", account="560208", debit=Decimal("100.00")),
        LineInput(summary="办公费", account="560206", debit=Decimal("50.00")),
        LineInput(summary="手续费", account="560304", debit=Decimal("5.00")),
        LineInput(summary="付款", account="100201", credit=Decimal("155.00")),
    ]
    made = draft_voucher(date=date(2026, 12, 20), word=WORD, lines=lines, actor=owner, at=timezone.now())
    review(voucher_id=made.pk, actor=owner, at=timezone.now())
    return made.pk


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
