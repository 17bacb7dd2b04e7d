"""The books of the demo company: twelve months of a flange maker, kept through the services its accountant uses."""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.finance.domain.amounts import round_half_up
from apps.finance.domain.periods import Period
from apps.finance.models import Voucher
from apps.finance.services import book, dimensions, opening, periods, posting, signing, steps, vouchers
from apps.finance.services.lines import LineInput
from kernel.clock import now
from kernel.demo import DemoCompany

MONTHS = 12
VAT = Decimal("0.13")
CUSTOMERS = (("C001", "上海申通机械有限公司"), ("C002", "苏州恒力阀门有限公司"), ("C003", "宁波远洋管件有限公司"))
SUPPLIERS = (("S001", "无锡金鼎钢材有限公司"), ("S002", "昆山正泰电镀厂"))
# How lively each month was, in percent of an ordinary one; the Spring Festival shows.
SEASON = (96, 104, 62, 88, 101, 107, 99, 112, 105, 118, 121, 127)
OPENING: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("1001", "5000", {}),
    ("1002", "860000", {}),
    ("1122", "120000", {"customer": "C001"}),
    ("1122", "80000", {"customer": "C002"}),
    ("1403", "150000", {}),
    ("1405", "220000", {}),
    ("1601", "1200000", {}),
    ("1602", "240000", {}),
    ("2202", "95000", {"supplier": "S001"}),
    ("221101", "88000", {}),
    ("222102", "18000", {}),
    ("3001", "1500000", {}),
    ("310490", "694000", {}),  # 2,635,000 of assets less 240,000, 201,000 and 1,500,000
)


@dataclass(frozen=True)
class Entry:
    """One voucher of the story: day of the month, text, and (account, debit, credit, aux) lines."""

    day: int
    summary: str
    lines: tuple[tuple[str, Decimal, Decimal, dict[str, str]], ...]
    papers: int = 1


def build(demo: DemoCompany) -> None:
    """Set up the book, type twelve months, close all but the running one; some drafts and reviewed ones wait."""
    moment = now()
    first = Period.from_index(Period.of(demo.today).index + 1 - MONTHS)
    _set_up(demo, str(first), moment)
    for index in range(MONTHS):
        month = Period.from_index(first.index + index)
        if index < MONTHS - 1:
            _whole_month(demo, month, index, moment)
        else:
            _running_month(demo, month, index, moment)


def _set_up(demo: DemoCompany, start: str, moment: datetime) -> None:
    chief, owner = demo.member("chief"), demo.member("owner")
    book.set_up_book(
        setup=book.BookSetup(
            company_name="宏达五金制品有限公司",
            tax_id="91320583MA1X8KQ27A",
            taxpayer_kind="general",
            start_period=start,
        ),
        actor=owner,
        at=moment,
    )
    for dimension, values in (("customer", CUSTOMERS), ("supplier", SUPPLIERS)):
        for code, name in values:
            dimensions.add_value(dimension=dimension, code=code, name=name, actor=chief, at=moment)
    rows = [opening.OpeningInput(account=account, balance=Decimal(value), aux=aux) for account, value, aux in OPENING]
    opening.put_opening_balances(rows=rows, cash_flow_ytd={}, actor=chief)
    book.start_book(actor=owner)


def _whole_month(demo: DemoCompany, month: Period, index: int, moment: datetime) -> None:
    _post(demo, [_draft(demo, month, entry, moment) for entry in _story(index)], moment)
    _step(demo, month, "profit_transfer", moment)
    if month.month == 12:
        _step(demo, month, "year_profit", moment)
    periods.close_period(period=str(month), actor=demo.member("chief"), at=moment)


def _running_month(demo: DemoCompany, month: Period, index: int, moment: datetime) -> None:
    entries = [entry for entry in _story(index) if entry.day <= demo.today.day]
    drafts = [_draft(demo, month, entry, moment) for entry in entries]
    posted, waiting = drafts[: -len(drafts) // 4 or None], drafts[-(len(drafts) // 4) :]
    _post(demo, posted if len(drafts) > 3 else [], moment)
    for voucher in waiting[: len(waiting) // 2]:
        signing.review(voucher_id=voucher.pk, actor=demo.member("chief"), at=moment)


def _draft(demo: DemoCompany, month: Period, entry: Entry, moment: datetime) -> Voucher:
    last = calendar.monthrange(month.year, month.month)[1]
    lines = [
        LineInput(summary=entry.summary, account=account, debit=debit, credit=credit, aux=aux)
        for account, debit, credit, aux in entry.lines
    ]
    return vouchers.draft_voucher(
        date=date(month.year, month.month, min(entry.day, last)),
        word="记",
        lines=lines,
        attachment_count=entry.papers,
        actor=demo.member("accountant"),
        at=moment,
    )


def _post(demo: DemoCompany, drafts: Iterable[Voucher], moment: datetime) -> None:
    ids = [voucher.pk for voucher in drafts]
    reviewed = posting.review_many(voucher_ids=ids, actor=demo.member("chief"), at=moment)
    posted = posting.post_many(voucher_ids=ids, actor=demo.member("accountant"), at=moment)
    refused = [*reviewed.refused, *posted.refused]
    if refused:
        raise RuntimeError(f"the demo story was refused: {refused}")


def _step(demo: DemoCompany, month: Period, step: str, moment: datetime) -> None:
    made = steps.run_step(period=str(month), step=step, actor=demo.member("accountant"), at=moment)
    _post(demo, made, moment)


ZERO = Decimal(0)


def _dr(account: str, amount: Decimal, **aux: str) -> tuple[str, Decimal, Decimal, dict[str, str]]:
    return account, amount, ZERO, aux


def _cr(account: str, amount: Decimal, **aux: str) -> tuple[str, Decimal, Decimal, dict[str, str]]:
    return account, ZERO, amount, aux


def _story(index: int) -> list[Entry]:
    """The vouchers of month `index`, by day; VAT and surcharges follow from the month's own sales and purchases."""
    scaled = _scale(index)
    entries = [*_money(scaled), *_trade(scaled), *_factory(scaled), *_taxes(index)]
    return sorted(entries, key=lambda entry: entry.day)


def _scale(index: int) -> "Scaled":
    """An ordinary month's amount -> that of month `index`, to the fen."""
    return lambda ordinary: round_half_up(Decimal(ordinary) * SEASON[index] / 100)


Scaled = Callable[[str], Decimal]


def _tax(net: Decimal) -> Decimal:
    return round_half_up(net * VAT)


def _trade(scaled: Scaled) -> list[Entry]:
    sales = (
        ("C001", "304不锈钢法兰 DN50", "186000", 4),
        ("C002", "碳钢法兰 DN80", "124000", 11),
        ("C003", "对焊法兰 DN100", "78000", 18),
    )
    entries = []
    for customer, goods, ordinary, day in sales:
        net = scaled(ordinary)
        lines = (_dr("1122", net + _tax(net), customer=customer), _cr("5001", net), _cr("22210107", _tax(net)))
        entries.append(Entry(day, f"销售{goods}", lines, 2))
    steel, plating = scaled("168000"), scaled("21000")
    entries.append(
        Entry(
            6,
            "采购304钢板",
            (_dr("1403", steel), _dr("22210101", _tax(steel)), _cr("2202", steel + _tax(steel), supplier="S001")),
            3,
        )
    )
    entries.append(
        Entry(
            15,
            "电镀外协加工费",
            (
                _dr("410106", plating),
                _dr("22210101", _tax(plating)),
                _cr("2202", plating + _tax(plating), supplier="S002"),
            ),
        )
    )
    return entries


def _money(scaled: Scaled) -> list[Entry]:
    wages_paid = Decimal("88000")
    return [
        Entry(2, "提取备用金", (_dr("1001", Decimal("6000")), _cr("1002", Decimal("6000")))),
        Entry(5, "发放上月工资", (_dr("221101", wages_paid), _cr("1002", wages_paid)), 1),
        Entry(8, "收到货款", (_dr("1002", scaled("190000")), _cr("1122", scaled("190000"), customer="C001"))),
        Entry(12, "收到货款", (_dr("1002", scaled("132000")), _cr("1122", scaled("132000"), customer="C002"))),
        Entry(16, "支付钢材款", (_dr("2202", scaled("176000"), supplier="S001"), _cr("1002", scaled("176000")))),
        Entry(17, "支付电镀加工费", (_dr("2202", scaled("20000"), supplier="S002"), _cr("1002", scaled("20000")))),
        Entry(9, "购买办公用品", (_dr("560206", scaled("1680")), _cr("1001", scaled("1680"))), 2),
        Entry(13, "业务招待费", (_dr("560202", scaled("2350")), _cr("1001", scaled("2350"))), 3),
        Entry(19, "支付运输费", (_dr("560104", scaled("8600")), _cr("1002", scaled("8600"))), 2),
        Entry(20, "银行手续费", (_dr("560304", Decimal("126.50")), _cr("1002", Decimal("126.50")))),
    ]


def _factory(scaled: Scaled) -> list[Entry]:
    material, labour, power = scaled("162000"), Decimal("52000"), scaled("14800")
    overhead = scaled("21000") + power + Decimal("16000") + Decimal("9500")
    output = material + labour + overhead
    return [
        Entry(7, "生产领用304钢板", (_dr("400101", material), _cr("1403", material)), 4),
        Entry(21, "支付电费", (_dr("410104", power), _dr("22210101", _tax(power)), _cr("1002", power + _tax(power)))),
        Entry(
            25,
            "计提本月工资",
            (
                _dr("400102", labour),
                _dr("410102", Decimal("16000")),
                _dr("560204", Decimal("20000")),
                _cr("221101", Decimal("88000")),
            ),
        ),
        Entry(
            26,
            "计提折旧",
            (_dr("410103", Decimal("9500")), _dr("560205", Decimal("1500")), _cr("1602", Decimal("11000"))),
            0,
        ),
        Entry(
            27,
            "分配制造费用",
            (
                _dr("400103", overhead),
                _cr("410106", scaled("21000")),
                _cr("410104", power),
                _cr("410102", Decimal("16000")),
                _cr("410103", Decimal("9500")),
            ),
            0,
        ),
        Entry(
            27,
            "完工入库",
            (_dr("1405", output), _cr("400101", material), _cr("400102", labour), _cr("400103", overhead)),
            0,
        ),
        Entry(28, "结转销售成本", (_dr("5401", scaled("262000")), _cr("1405", scaled("262000"))), 0),
    ]


def _taxes(index: int) -> list[Entry]:
    payable = _vat_of(index)
    city, education, local = (round_half_up(payable * Decimal(rate)) for rate in ("0.07", "0.03", "0.02"))
    paid = Decimal("18000") if index == 0 else _vat_of(index - 1)
    return [
        Entry(14, "缴纳上月增值税", (_dr("222102", paid), _cr("1002", paid))),
        Entry(28, "转出未交增值税", (_dr("22210104", payable), _cr("222102", payable)), 0),
        Entry(
            28,
            "计提附加税费",
            (
                _dr("540302", city),
                _dr("540306", education + local),
                _cr("222113", city),
                _cr("222114", education),
                _cr("222115", local),
            ),
            0,
        ),
    ]


def _vat_of(index: int) -> Decimal:
    """VAT payable of month `index`: output tax of the sales less input tax of the purchases."""
    scaled = _scale(index)
    output = sum((_tax(scaled(net)) for net in ("186000", "124000", "78000")), ZERO)
    return output - sum((_tax(scaled(net)) for net in ("168000", "21000", "14800")), ZERO)
