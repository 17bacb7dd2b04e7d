"""12号 art. 24, 令98 art. 63: a month closes when nothing is left over, in order, and opens again last first."""

from datetime import date
from decimal import Decimal

from apps.finance import services
from apps.finance.models import Period, Voucher
from apps.finance.services import BookChange
from kernel.models import AuditEntry, Fact
from tests.finance.books.hands import AT, JAN, credit, debit, refusal, yuan


def statuses(period: str) -> dict[str, str]:
    return {item.code: item.status for item in services.checklist(period=period).items}


def post_all(alice) -> None:
    for voucher in Voucher.objects.filter(state="draft").order_by("date", "id"):
        services.review(voucher_id=voucher.pk, actor=alice, at=AT)
        services.post(voucher_id=voucher.pk, actor=alice, at=AT)


def test_what_is_left_blocks_and_is_named(posted, draft, alice):
    posted([debit("560206", "300.00"), credit("1002", "300.00")])
    draft()

    refused = refusal("period_not_ready", lambda: services.close_period(period="2026-01", actor=alice, at=AT))

    assert refused.extra["blocking"] == [
        {"code": "no_unposted_vouchers", "count": 1},
        {"code": "profit_transferred", "count": 1},
    ]
    assert statuses("2026-01")["cash_never_negative"] == "warning"  # 1002 stands at −300.00


def test_a_month_with_its_step_closes(posted, alice, bob):
    posted([debit("1002", "1000.00", "收款"), credit("5051", "1000.00", "销售")])
    posted([debit("560206", "300.00"), credit("1002", "300.00")])

    income, expense = services.run_step(step="profit_transfer", period="2026-01", actor=bob, at=AT)
    post_all(alice)
    closed = services.close_period(period="2026-01", actor=alice, at=AT)

    assert [(line.account.code, line.debit, line.credit) for line in income.lines.order_by("seq")] == [
        ("5051", yuan("1000.00"), yuan("0")),
        ("3103", yuan("0"), yuan("1000.00")),
    ]
    assert [(line.account.code, line.debit, line.credit) for line in expense.lines.order_by("seq")] == [
        ("3103", yuan("300.00"), yuan("0")),
        ("560206", yuan("0"), yuan("300.00")),
    ]
    assert (income.date, income.kind, income.source_kind) == (date(2026, 1, 31), "closing", "step")
    assert (closed.state, closed.closed_by_name) == ("closed", "李敏")
    assert AuditEntry.objects.filter(action="period.close", label="2026-01").count() == 1
    assert Fact.objects.get(name="finance.period_closed").payload == {"period": "2026-01", "year_closed": 0}


def test_a_step_run_again_replaces_its_drafts_and_adds_only_what_is_new(posted, alice, bob):
    posted([debit("560206", "300.00"), credit("1002", "300.00")])
    (first,) = services.run_step(step="profit_transfer", period="2026-01", actor=bob, at=AT)
    services.review(voucher_id=first.pk, actor=alice, at=AT)

    (second,) = services.run_step(step="profit_transfer", period="2026-01", actor=bob, at=AT)
    post_all(alice)
    nothing = services.run_step(step="profit_transfer", period="2026-01", actor=bob, at=AT)
    posted([debit("560304", "5.00", "手续费"), credit("1002", "5.00")])
    (rest,) = services.run_step(step="profit_transfer", period="2026-01", actor=bob, at=AT)

    assert not Voucher.objects.filter(pk=first.pk).exists()
    assert second.total == yuan("300.00")
    assert nothing == []
    assert rest.total == yuan("5.00")


def test_periods_close_in_order_and_open_last_first(book, alice):
    refusal("earlier_period_open", lambda: services.close_period(period="2026-02", actor=alice, at=AT))
    for period in ("2026-01", "2026-02"):
        services.close_period(period=period, actor=alice, at=AT)
    refusal("period_closed", lambda: services.close_period(period="2026-01", actor=alice, at=AT))
    refusal("later_period_closed", lambda: services.reopen_period(period="2026-01", reason="漏记", actor=alice))
    refusal("period_open", lambda: services.reopen_period(period="2026-03", reason="漏记", actor=alice))
    refusal("invalid", lambda: services.reopen_period(period="2026-02", reason=" ", actor=alice))
    refusal("period_missing", lambda: services.close_period(period="2029-01", actor=alice, at=AT))
    refusal("invalid", lambda: services.close_period(period="2026-13", actor=alice, at=AT))

    opened = services.reopen_period(period="2026-02", reason="漏记运费", actor=alice)

    assert (opened.state, opened.closed_at) == ("open", None)
    assert AuditEntry.objects.get(action="period.reopen").changes == {"reason": [None, "漏记运费"]}


def test_december_asks_for_both_transfers_and_opens_the_year_after_next(posted, alice, bob):
    services.alter_book(change=BookChange(monthly_profit_transfer=False), actor=alice)
    posted([debit("1002", "900.00", "收款"), credit("5051", "900.00", "销售")])
    posted([debit("310401", "90.00", "提取法定盈余公积"), credit("310101", "90.00", "提取法定盈余公积")])
    assert statuses("2026-01")["profit_transferred"] == "not_needed"
    refusal("not_december", lambda: services.run_step(step="year_profit", period="2026-11", actor=bob, at=AT))
    for month in range(1, 12):
        services.close_period(period=f"2026-{month:02d}", actor=alice, at=AT)
    assert statuses("2026-12")["profit_transferred"] == "todo"

    services.run_step(step="profit_transfer", period="2026-12", actor=bob, at=AT)
    post_all(alice)
    (year,) = services.run_step(step="year_profit", period="2026-12", actor=bob, at=AT)
    post_all(alice)
    services.close_period(period="2026-12", actor=alice, at=AT)

    assert [(line.account.code, line.debit, line.credit) for line in year.lines.order_by("seq")] == [
        ("3103", yuan("900.00"), yuan("0")),
        ("310490", yuan("0"), yuan("900.00")),
        ("310401", yuan("0"), yuan("90.00")),
        ("310490", yuan("90.00"), yuan("0")),
    ]
    assert Period.objects.filter(year=2028).count() == 12


def test_an_unknown_step_is_absent(book, bob):
    refusal("not_found", lambda: services.run_step(step="payroll", period="2026-01", actor=bob, at=AT))


def test_foreign_money_waits_for_its_rate(posted, alice):
    services.alter_account(code="1012", changes={"currencies": ["USD"], "revalue": True}, actor=alice)
    dollars = {"currency": "USD", "fc_amount": yuan("100"), "rate": Decimal("7.10")}
    posted([debit("1012", "710.00", "结汇户", **dollars), credit("1002", "710.00")])

    before = statuses("2026-01")["fx_revalued"]
    services.add_rate(currency="USD", on=date(2026, 1, 31), rate=Decimal("7.1"), actor=alice, at=AT)

    assert before == "todo"
    assert statuses("2026-01")["fx_revalued"] == "ok"  # 100 × 7.1 = 710.00, nothing to book
    assert statuses("2026-02")["fx_revalued"] == "todo"
    assert JAN.month == 1
