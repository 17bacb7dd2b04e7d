"""Setting up, starting, opening balances, the chart, taxpayer kinds, rates."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.finance import reactions, services
from apps.finance.models import Book, DimensionValue, LedgerAccount, OpeningBalance, Period, TaxpayerKind, TaxRule
from apps.finance.services import AccountInput, BookChange, ItemInput, OpeningInput
from apps.masterdata import public as masterdata
from apps.masterdata.events import PartnerSaved
from kernel.models import AuditEntry, Fact
from tests.finance.books.hands import AT, JAN, credit, debit, refusal, set_up, yuan


def add(alice, code: str, name: str = "明细", **given) -> LedgerAccount:
    return services.add_account(account=AccountInput(code=code, name=name, given=given), actor=alice, at=AT)


def test_set_up_loads_the_chart_for_the_taxpayer(alice, in_hongda):
    assert services.current_book().state == "new"

    set_up(alice, taxpayer_kind="small_scale", start_period="2026-03")

    assert LedgerAccount.objects.filter(level=1, statutory=True).count() == 66
    assert not LedgerAccount.objects.filter(code__startswith="222101", level=3).exists()
    assert Period.objects.count() == 22  # March 2026 … December 2027
    assert TaxpayerKind.objects.get().vat_filing == "quarter"
    assert TaxRule.objects.count() == 19
    receivable = LedgerAccount.objects.get(code="1122")
    assert (receivable.open_item, list(receivable.dimensions.values_list("dimension__code", "required"))) == (
        "receivable",
        [("customer", True)],
    )
    refusal("book_already_set_up", lambda: set_up(alice))


def test_longer_codes_widen_the_template(alice, in_hongda):
    set_up(alice, code_lengths=[4, 3, 3])

    assert LedgerAccount.objects.filter(code="2221001").exists()
    assert LedgerAccount.objects.filter(code="2221001001", parent__code="2221001").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"company_name": " "}, "company_name"),
        ({"tax_id": "123"}, "tax_id"),
        ({"standard": "asbe"}, "standard"),
        ({"taxpayer_kind": "big"}, "taxpayer_kind"),
        ({"start_period": "2026-13"}, "start_period"),
        ({"voucher_words": []}, "voucher_words"),
        ({"closing_word": "转"}, "closing_word"),
        ({"code_lengths": [3, 2]}, "code_lengths"),
    ],
)
def test_set_up_names_what_is_wrong(alice, in_hongda, change, field):
    assert field in refusal("invalid", lambda: set_up(alice, **change)).fields


def test_start_needs_a_book_that_ties(alice, in_hongda):
    refusal("book_not_started", lambda: services.start_book(actor=alice))
    set_up(alice)
    rows = [OpeningInput(account="1001", balance=yuan("100.00")), OpeningInput(account="3001", balance=yuan("90.00"))]
    totals = services.put_opening_balances(rows=rows, actor=alice)
    refusal("opening_unbalanced", lambda: services.start_book(actor=alice))
    rows[1] = OpeningInput(account="3001", balance=yuan("100.00"))
    services.put_opening_balances(rows=rows, actor=alice)

    services.start_book(actor=alice)

    assert (totals.debit, totals.credit, totals.difference) == (yuan("100.00"), yuan("90.00"), yuan("10.00"))
    assert Book.objects.get().state == "started"
    assert Fact.objects.get(name="finance.book_started").payload == {"start_period": "2026-01"}
    refusal("book_started", lambda: services.start_book(actor=alice))
    refusal("book_started", lambda: services.put_opening_balances(rows=[], actor=alice))


def test_a_mid_year_start_ties_at_the_years_begin_too(alice, in_hongda):
    set_up(alice, start_period="2026-07")
    # Bank 1000.00 of which 400.00 came this year against revenue that stands on 3103 by now.
    rows = [
        OpeningInput(account="1002", balance=yuan("1000.00"), ytd_debit=yuan("400.00")),
        OpeningInput(account="3001", balance=yuan("600.00")),
        OpeningInput(account="3103", balance=yuan("400.00"), ytd_credit=yuan("400.00")),
        OpeningInput(
            account="5001", balance=yuan("0"), ytd_debit=yuan("400.00"), ytd_credit=yuan("400.00"),
            ytd_actual=yuan("400.00"),
        ),
    ]  # fmt: skip

    totals = services.put_opening_balances(rows=rows, cash_flow_ytd={1: yuan("400.00")}, actor=alice)

    assert totals.balanced
    assert (totals.year_begin_debit, totals.year_begin_credit) == (yuan("600.00"), yuan("600.00"))  # 1000 − 400
    services.start_book(actor=alice)


def test_opening_rows_obey_the_accounts(alice, in_hongda):
    set_up(alice)
    services.add_value(dimension="customer", code="C001", name="恒信机械", actor=alice, at=AT)

    def put(**row):
        return lambda: services.put_opening_balances(rows=[OpeningInput(**row)], actor=alice)

    def item(amount: str) -> ItemInput:
        return ItemInput(ref="XS-1", on=date(2025, 12, 1), due_on=date(2026, 1, 1), amount=yuan(amount))

    owed: dict[str, Any] = {"account": "1122", "balance": yuan("100.00"), "aux": {"customer": "C001"}}
    assert "rows.0.account" in refusal("invalid", put(account="9999", balance=yuan("1"))).fields
    assert "rows.0.balance" in refusal("invalid", put(account="1001", balance=Decimal("1.001"))).fields
    assert "rows.0.ytd_debit" in refusal("invalid", put(account="1001", balance=yuan(0), ytd_debit=yuan(1))).fields
    refusal("account_not_leaf", put(account="5602", balance=yuan("1")))
    refusal("aux_required", put(account="1122", balance=yuan("1")))
    refusal("opening_items_differ", put(**owed, items=[item("60.00")]))
    twice = [OpeningInput(**owed), OpeningInput(**owed)]
    refusal("invalid", lambda: services.put_opening_balances(rows=twice, actor=alice))

    services.put_opening_balances(rows=[OpeningInput(**owed, items=[item("60.00"), item("40.00")])], actor=alice)

    assert OpeningBalance.objects.get().items.count() == 2


def test_a_child_takes_over_from_its_parent(book, alice):
    child = add(alice, "112201", "国内客户")
    grandchild = add(alice, "11220101", "华东", aux={}, open_item="none")

    assert (child.direction, child.open_item, child.category) == ("debit", "receivable", "asset")
    assert list(child.dimensions.values_list("dimension__code", flat=True)) == ["customer"]
    assert (grandchild.open_item, grandchild.dimensions.count()) == ("none", 0)
    assert not LedgerAccount.objects.get(code="1122").is_leaf


def test_codes_are_guarded(book, alice):
    refusal("invalid", lambda: add(alice, "11220"))
    refusal("invalid", lambda: add(alice, "1122ab"))
    refusal("parent_missing", lambda: add(alice, "113399"))
    refusal("parent_missing", lambda: add(alice, "1999"))
    refusal("account_code_taken", lambda: add(alice, "560206"))
    refusal("account_code_taken", lambda: add(alice, "1001"))
    refusal("invalid", lambda: add(alice, "100101", currencies=["usd"]))
    refusal("invalid", lambda: add(alice, "100101", aux={"nothing": True}))


def test_a_first_child_waits_for_a_zero_balance(posted, alice):
    posted([debit("1001", "50.00", "提现"), credit("1002", "50.00")])

    refusal("account_has_balance", lambda: add(alice, "100101"))
    posted([debit("1002", "50.00", "存现"), credit("1001", "50.00")])

    assert add(alice, "100101", "总部现金").cash_kind == "cash"


def test_altering_and_deleting_within_the_rules(posted, alice):
    posted([debit("560206", "50.00"), credit("1002", "50.00")])

    def alter(code: str, version: int | None = None, **changes):
        return lambda: services.alter_account(code=code, changes=changes, version=version, actor=alice)

    refusal("statutory_account", alter("1001", direction="credit"))
    refusal("account_in_use", alter("560206", direction="credit"))
    refusal("account_has_balance", lambda: services.deactivate_account(code="560206", actor=alice))
    refusal("invalid", alter("560206", strange="1"))
    refusal("stale_version", alter("560206", version=9, name="办公"))
    refusal("statutory_account", lambda: services.delete_account(code="1101", actor=alice))
    refusal("account_in_use", lambda: services.delete_account(code="560206", actor=alice))
    refusal("not_found", lambda: services.delete_account(code="560277", actor=alice))
    renamed = services.alter_account(code="5403", changes={"name": "税金及附加"}, actor=alice)
    services.delete_account(code="560207", actor=alice)

    assert (renamed.name, renamed.version) == ("税金及附加", 2)
    assert AuditEntry.objects.get(action="account.alter", label="5403 税金及附加").changes == {
        "name": ["营业税金及附加", "税金及附加"]
    }
    assert not LedgerAccount.objects.filter(code="560207").exists()


def test_a_small_scale_taxpayer_becomes_general_with_nothing_owed(alice, bob, in_hongda):
    set_up(alice, taxpayer_kind="small_scale")
    services.start_book(actor=alice)
    services.alter_book(change=BookChange(separate_reviewer=False, reason="一人会计"), actor=alice)

    def post(lines) -> None:
        voucher = services.draft_voucher(lines=lines, date=JAN, word="记", actor=bob, at=AT)
        services.review(voucher_id=voucher.pk, actor=bob, at=AT)
        services.post(voucher_id=voucher.pk, actor=bob, at=AT)

    def general():
        return services.change_taxpayer_kind(kind="general", from_date=date(2026, 4, 1), actor=alice, at=AT)

    post([debit("1002", "3.00", "收税"), credit("222101", "3.00", "应交增值税")])
    refusal("account_has_balance", general)
    post([debit("222101", "3.00", "转出"), credit("222102", "3.00", "转出")])

    made = general()

    assert made.vat_filing == "month"
    assert LedgerAccount.objects.filter(code="22210107", parent__code="222101").exists()
    refusal(
        "no_way_back",
        lambda: services.change_taxpayer_kind(kind="small_scale", from_date=date(2026, 7, 1), actor=alice, at=AT),
    )
    refusal(
        "invalid",
        lambda: services.change_taxpayer_kind(kind="general", from_date=date(2026, 7, 2), actor=alice, at=AT),
    )


def test_dimension_values_are_records_of_master_data(book, alice):
    from_finance = services.add_value(dimension="employee", code="E01", name="赵师傅", actor=alice, at=AT)

    refusal(
        "value_code_taken",
        lambda: services.add_value(dimension="employee", code="E01", name="别人", actor=alice, at=AT),
    )
    refusal("not_found", lambda: services.add_value(dimension="none", code="E01", name="x", actor=alice, at=AT))
    refusal("invalid", lambda: services.add_value(dimension="project", code="a;b", name="x", actor=alice, at=AT))
    refusal("value_code_taken", lambda: services.add_dimension(code="item", name="物料", actor=alice, at=AT))

    assert from_finance.name == "赵师傅"


def test_a_value_follows_the_name_of_its_record(book, alice):
    made = masterdata.ensure_partner(code="C009", name="顺达五金", is_customer=True, actor=alice)
    services.add_value(dimension="customer", code="C009", name="顺达五金", actor=alice, at=AT)
    DimensionValue.objects.filter(code="C009").update(name="旧名")

    reactions.rename_partner_values(PartnerSaved(partner_id=made.id))

    assert DimensionValue.objects.get(code="C009").name == "顺达五金"


def test_a_record_of_master_data_needs_no_second_typing(draft, alice):
    masterdata.ensure_item(code="DN50", name="法兰盘 DN50", actor=alice)

    voucher = draft([debit("1403", "5.00", aux={"item": "DN50"}), credit("1002", "5.00")])

    assert voucher.lines.get(seq=1).combo.key == "item:DN50"
    assert DimensionValue.objects.get(code="DN50").name == "法兰盘 DN50"


def test_a_value_out_of_use_is_named_on_nothing_new(draft, alice):
    services.alter_value(dimension="item", code="M-STEEL", is_active=False, actor=alice, at=AT)

    refused = refusal(
        "invalid", lambda: draft([debit("1403", "5.00", aux={"item": "M-STEEL"}), credit("1002", "5.00")])
    )

    assert "lines.0.aux" in refused.fields


def test_a_rate_stands_once_a_day(book, alice):
    def rate(value: str, currency: str = "USD"):
        return lambda: services.add_rate(currency=currency, on=JAN, rate=Decimal(value), actor=alice, at=AT)

    rate("7.1")()

    refusal("rate_exists", rate("7.2"))
    refusal("invalid", rate("0"))
    refusal("invalid", rate("7.1", "CNY"))


def test_reclassification_stays_on_one_side(book, alice):
    def move(from_line: int, to_line: int, amount: str = "10.00", reason: str = "预收转应收"):
        return lambda: services.reclassify(
            period="2026-01", from_line=from_line, to_line=to_line, amount=Decimal(amount), reason=reason,
            actor=alice, at=AT,
        )  # fmt: skip

    made = move(4, 5)()

    assert made.amount == yuan("10.00")
    refusal("invalid", move(4, 33))  # asset to liability
    refusal("invalid", move(4, 15))  # a sum line
    refusal("invalid", move(4, 5, reason=" "))
    refusal("invalid", move(4, 5, amount="0.001"))
