"""The books of the demo company: twelve months of a flange maker, kept through the services its accountant uses.

What stock and workshop did comes to the books by the posting rules; `demo_entries` types what no module tells of.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from apps.finance import demo_entries, links
from apps.finance.demo_entries import CUSTOMERS, SUPPLIERS, Entry
from apps.finance.demo_trade import invoice_sales
from apps.finance.domain.amounts import ZERO
from apps.finance.domain.periods import Period
from apps.finance.models import PostingRule, Voucher
from apps.finance.services import (
    book,
    dimensions,
    drafting_many,
    opening,
    periods,
    posting,
    posting_rules,
    steps,
)
from apps.finance.services.lines import LineInput
from apps.finance.services.stock_facts import stock_account
from apps.finance.services.vouchers import BY_HAND, Head
from kernel.clock import now
from kernel.demo import DemoCompany, Happening, StoryMonth

OPENING: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("1001", "5000", {}),
    ("1002", "620000", {}),
    ("1122", "72000", {"customer": "C001"}),
    ("1122", "79000", {"customer": "C002"}),
    ("1122", "88000", {"customer": "C003"}),
    ("1601", "960000", {}),
    ("1602", "192000", {}),
    ("2202", "82000", {"supplier": "S001"}),
    ("2202", "21000", {"supplier": "S003"}),
    ("221101", "56000", {}),
    ("222102", "18000", {}),
    ("3001", "1000000", {}),
)
STOCK_WITHOUT_STORE = {"1403": Decimal("62000"), "1405": Decimal("252000")}
CREDIT = ("1602", "2202", "221101", "222102", "3001")
# One voucher for the goods of a day and for the wages of a month, not one a slip; the chief lets costs pass unread.
GROUPED = {"STD-FINISHED": PostingRule.Grouping.DAY, "STD-PIECE-WORK": PostingRule.Grouping.MONTH}
UNREAD = ("STD-MATERIAL", "STD-FINISHED", "STD-SALE", "STD-PIECE-WORK")


def open_books(demo: DemoCompany) -> None:
    """Set up the book of the story's first month; its stock accounts open with what lies in the store."""
    chief, owner, moment = demo.member("chief"), demo.member("owner"), now()
    book.set_up_book(
        setup=book.BookSetup(
            company_name="宏达五金制品有限公司",
            tax_id="91320583MA1X8KQ27A",
            taxpayer_kind="general",
            start_period=f"{demo.start:%Y-%m}",
        ),
        actor=owner,
        at=moment,
    )
    for code in UNREAD:
        posting_rules.alter_rule(code=code, grouping=GROUPED.get(code), auto_review=True, actor=chief)
    for dimension, values in (("customer", CUSTOMERS), ("supplier", SUPPLIERS)):
        for code, name in values:
            dimensions.add_value(dimension=dimension, code=code, name=name, actor=chief, at=moment)
    rows = [opening.OpeningInput(account=account, balance=balance, aux=aux) for account, balance, aux in _opening(demo)]
    opening.put_opening_balances(rows=rows, cash_flow_ytd={}, actor=chief)
    book.start_book(actor=owner)


def _opening(demo: DemoCompany) -> list[tuple[str, Decimal, dict[str, str]]]:
    """What was there, the stock at its value, and the profits kept that make both sides equal."""
    rows = [(account, Decimal(balance), aux) for account, balance, aux in OPENING]
    rows += [(account, value, {}) for account, value in sorted(_stock(demo).items())]
    kept = sum((-value if account in CREDIT else value for account, value, _aux in rows), ZERO)
    return [*rows, ("310490", kept, {})]


def _stock(demo: DemoCompany) -> dict[str, Decimal]:
    found = links.stock_at(f"{demo.start:%Y-%m}")
    if found is None:
        return STOCK_WITHOUT_STORE
    values: dict[str, Decimal] = {}
    for row in found:
        account = stock_account(row.parts["source"], row.parts["category"], row.parts["warehouse_kind"], {})
        values[account] = values.get(account, ZERO) + row.value
    return values


def tell(demo: DemoCompany, month: StoryMonth) -> list[Happening]:
    """On its last day a month is booked and closed; of the running one is booked what there is."""
    if month.is_running:
        return [Happening(demo.today, lambda at: _running_month(demo, month, at))]
    return [Happening(month.last, lambda at: _whole_month(demo, month, at))]


def _whole_month(demo: DemoCompany, month: StoryMonth, moment: datetime) -> None:
    invoice_sales(month, until=month.last, actor=demo.member("accountant"), at=moment)
    _draft(demo, demo_entries.of_days(month), moment)
    _post_waiting(demo, month, moment)
    _draft(demo, demo_entries.of_month_end(month), moment)
    _post_waiting(demo, month, moment)
    period = Period.of(month.first)
    for step in ("profit_transfer", "year_profit") if period.is_december else ("profit_transfer",):
        steps.run_step(period=str(period), step=step, actor=demo.member("accountant"), at=moment)
        _post_waiting(demo, month, moment)
    periods.close_period(period=str(period), actor=demo.member("chief"), at=moment)


def _running_month(demo: DemoCompany, month: StoryMonth, moment: datetime) -> None:
    """Three quarters of the vouchers are posted; of the others some are reviewed, some wait."""
    invoice_sales(month, until=demo.today, actor=demo.member("accountant"), at=moment)
    _draft(demo, [entry for entry in demo_entries.of_days(month) if entry.on <= demo.today], moment)
    ids = _waiting(month, until=demo.today)
    rest = len(ids) // 4
    posted, left = (ids[:-rest], ids[-rest:]) if rest else ([], ids)
    _post(demo, posted, moment)
    posting.review_many(voucher_ids=left[: len(left) // 2], actor=demo.member("chief"), at=moment)


def _draft(demo: DemoCompany, entries: Iterable[Entry], moment: datetime) -> None:
    drafts = [
        drafting_many.Draft(
            head=Head(date=entry.on, word="记", attachment_count=entry.papers),
            lines=[
                LineInput(summary=entry.summary, account=account, debit=debit, credit=credit, aux=aux)
                for account, debit, credit, aux in entry.lines
            ],
            source=BY_HAND,
        )
        for entry in sorted(entries, key=lambda entry: entry.on)
    ]
    drafting_many.draft_many(drafts=drafts, actor=demo.member("accountant"), at=moment)


def _waiting(month: StoryMonth, *, until: date) -> list[int]:
    rows = Voucher.objects.filter(date__range=(month.first, until)).exclude(state=Voucher.State.POSTED)
    return list(rows.order_by("date", "id").values_list("id", flat=True))


def _post_waiting(demo: DemoCompany, month: StoryMonth, moment: datetime) -> None:
    _post(demo, _waiting(month, until=month.last), moment)


def _post(demo: DemoCompany, ids: list[int], moment: datetime) -> None:
    drafts = Voucher.objects.filter(pk__in=ids, state=Voucher.State.DRAFT).values_list("id", flat=True)
    reviewed = posting.review_many(voucher_ids=list(drafts.order_by("id")), actor=demo.member("chief"), at=moment)
    posted = posting.post_many(voucher_ids=ids, actor=demo.member("accountant"), at=moment)
    refused = [*reviewed.refused, *posted.refused]
    if refused:
        raise RuntimeError(f"the demo story was refused: {refused}")
