"""The rules a book is born with (finance.md section 12; accounts: 小企业会计准则 附录); the company's own go first.

Accounts are in code lengths 4-2-2; `220202|2202` takes the first that is in use. A return carries the opposite sign
and so comes out in red on the same sides. OPENING has no rule: the opening balances hold it (`services.facts`).

Where a person has to say what it was, the rule goes through 1901 待处理财产损溢: stock agrees with the books, and no
profit is touched before. So counts, scrap, and other goods in and out (小企业会计准则 art. 15; 附录 1901: cleared
before the year's close, gains to 5301, losses to 5711). The reviewer who knows better changes the draft: samples are
5601, a gift is 5301 or 5711, and goods given away or used by the staff may owe VAT.

What an assembly's outputs cost beyond its inputs is processing (art. 12(2): material, labour, a share of overhead) and
comes out of 4001 生产成本, where wages and 制造费用 are gathered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apps.finance.domain.rules import RuleLine

LAST = 900  # below every rule that a company adds without naming a priority
STOCK_MOVED = "StockMoved"
ESTIMATE, PAYABLE = "220202|2202", "220201|2202"
MATERIAL_COST, WORK_IN_PROCESS = "400101|4001", "4001|400101"
PROCESSING = "400103|4001|400101"  # the overhead that goods take


@dataclass(frozen=True)
class StandardRule:
    """A rule as shipped; `word` is taken where the book has it (收 付 转), else the book's first."""

    code: str
    name: str
    fact: str
    summary: str
    lines: Sequence[RuleLine]
    when: Mapping[str, str | bool] = field(default_factory=dict)
    word: str = "转"
    priority: int = LAST


def _line(side: str, account: str, amount: str, *, aux: str = "", quantity: str | None = None) -> RuleLine:
    return RuleLine(side, account, amount, {aux: aux} if aux else {}, quantity)


def _stock(side: str, sign: str, standard: str, amount: str = "amount") -> RuleLine:
    """The line of the stock account, with item and quantity."""
    return _line(side, f"{{stock_account}}|{standard}", sign + amount, aux="item", quantity=f"{sign}quantity")


def _moved(code: str, name: str, reason: str, lines: Sequence[RuleLine], **more: str | bool) -> StandardRule:
    when, priority = {"reason": reason, **more}, LAST - 10 * len(more)
    return StandardRule(code, name, STOCK_MOVED, name + " {number}", lines, when, priority=priority)


def _in(standard: str, counter: str, aux: str = "") -> list[RuleLine]:
    """Stock rises by `amount` against `counter`."""
    return [_stock("debit", "", standard), _line("credit", counter, "amount", aux=aux)]


def _out(counter: str, standard: str) -> list[RuleLine]:
    """Stock falls by `-amount` into `counter`."""
    return [_line("debit", counter, "-amount"), _stock("credit", "-", standard)]


def _late(counter: str, aux: str = "") -> list[RuleLine]:
    """A cost that came after the goods had gone, in a closed month: expense against `counter`."""
    return [_line("debit", "5401", "amount"), _line("credit", counter, "amount", aux=aux)]


_OVERHEAD = {"use": "overhead"}
_BOTH_SIDES = (_stock("debit", "", "1403", "in_amount"), _stock("credit", "-", "1403", "out_amount"))
_STOCK = (
    _moved("STD-PURCHASE", "采购入库暂估", "PURCHASE_RECEIPT", _in("1403", ESTIMATE, "supplier")),
    _moved("STD-PURCHASE-RETURN", "采购退货暂估", "PURCHASE_RETURN", _in("1403", ESTIMATE, "supplier")),
    _moved("STD-MATERIAL", "生产领料", "MATERIAL", _out(MATERIAL_COST, "1403")),
    _moved("STD-MATERIAL-RETURN", "生产退料", "MATERIAL_RETURN", _out(MATERIAL_COST, "1403")),
    _moved("STD-CONSUMABLE", "车间领用", "MATERIAL", _out("410101|4101", "1403"), **_OVERHEAD),
    _moved("STD-CONSUMABLE-RETURN", "车间退料", "MATERIAL_RETURN", _out("410101|4101", "1403"), **_OVERHEAD),
    _moved("STD-FINISHED", "完工入库", "FINISHED", _in("1405", WORK_IN_PROCESS)),
    _moved("STD-SALE", "结转销售成本", "SALE", _out("5401", "1405")),
    _moved("STD-SALE-RETURN", "销售退货冲回成本", "SALE_RETURN", _out("5401", "1405")),
    _moved("STD-COUNT-GAIN", "存货盘盈", "COUNT_GAIN", _in("1403", "1901")),
    _moved("STD-COUNT-LOSS", "存货盘亏", "COUNT_LOSS", _out("1901", "1403")),
    _moved("STD-STOCK-SCRAP", "存货报废", "SCRAP", _out("1901", "1403")),
    _moved("STD-SUBCONTRACT-OUT", "委外发料", "SUBCONTRACT_SENT", _out("1408", "1403")),
    _moved("STD-SUBCONTRACT-IN", "委外收回", "SUBCONTRACT_RETURNED", _in("1403", "1408")),
    _moved("STD-LANDED", "采购费用计入成本", "LANDED_COST", _in("1403", ESTIMATE, "supplier")),
    _moved("STD-ADJUSTMENT", "存货成本调整", "COST_ADJUSTMENT", _in("1403", "5401")),
    _moved("STD-OTHER-IN", "其他入库", "OTHER_IN", _in("1403", "1901")),
    _moved("STD-OTHER-OUT", "其他出库", "OTHER_OUT", _out("1901", "1403")),
    _moved("STD-ASSEMBLY", "组装与拆卸", "ASSEMBLY", _BOTH_SIDES),
    _moved(
        "STD-ASSEMBLY-EXTRA", "组装与拆卸（有加工费用）", "ASSEMBLY",
        [*_BOTH_SIDES, _line("credit", PROCESSING, "extra_cost")], has_extra_cost=True,
    ),
    _moved("STD-TRANSFER", "存货调拨", "TRANSFER", _BOTH_SIDES),
    _moved("STD-LATE", "已领用存货的迟到成本", "LATE_COST", _late(ESTIMATE, "supplier")),
    _moved("STD-LATE-FINISHED", "已发出产品的迟到成本", "LATE_COST", _late(WORK_IN_PROCESS), late_for="FINISHED"),
    _moved(
        "STD-LATE-SUBCONTRACT", "已发出委外产品的迟到成本", "LATE_COST", _late("1408"),
        late_for="SUBCONTRACT_RETURNED",
    ),
)  # fmt: skip
_TRADE = (
    StandardRule(
        "STD-ESTIMATE-BACK", "暂估冲回", "EstimateReversed", "冲回暂估 {number}",
        [_stock("debit", "-", "1403"), _line("credit", ESTIMATE, "-amount", aux="supplier")],
    ),
    StandardRule(
        "STD-BUY-GENERAL", "采购发票（一般纳税人）", "PurchaseInvoiced", "采购发票 {number}",
        [
            _stock("debit", "", "1403", "net"),
            _line("debit", "22210101", "tax"),
            _line("credit", PAYABLE, "total", aux="supplier"),
        ],
        {"taxpayer": "general"},
    ),
    StandardRule(
        "STD-BUY-SMALL", "采购发票（小规模纳税人）", "PurchaseInvoiced", "采购发票 {number}",
        [_stock("debit", "", "1403", "total"), _line("credit", PAYABLE, "total", aux="supplier")],
        {"taxpayer": "small_scale"},
    ),
    StandardRule(
        "STD-SELL", "销售发票", "SalesInvoiced", "销售发票 {number}",
        [
            _line("debit", "1122", "total", aux="customer"),
            _line("credit", "5001", "net", aux="item"),
            _line("credit", "22210107|222101", "tax"),
        ],
    ),
    StandardRule(
        "STD-RECEIVED", "收到货款", "PaymentReceived", "收到货款 {number}",
        [_line("debit", "1002", "amount"), _line("credit", "1122", "amount", aux="customer")],
        word="收",
    ),
    StandardRule(
        "STD-PAID", "支付货款", "PaymentMade", "支付货款 {number}",
        [_line("debit", PAYABLE, "amount", aux="supplier"), _line("credit", "1002", "amount")],
        word="付",
    ),
)  # fmt: skip
_SHOP = (
    StandardRule(
        "STD-PIECE-WORK", "计件工资", "PieceWorkConfirmed", "计件工资 {number}",
        [_line("debit", "400102|4001", "amount"), _line("credit", "221101|2211", "amount", aux="employee")],
    ),
    StandardRule(
        "STD-SCRAP", "生产报废", "ScrapApproved", "生产报废 {number}",
        [_line("debit", "1901", "amount"), _line("credit", WORK_IN_PROCESS, "amount")],
    ),
    StandardRule(
        "STD-SUBCONTRACT-FEE", "委外加工费", "SubcontractFee", "委外加工费 {number}",
        [_line("debit", "1408", "amount"), _line("credit", ESTIMATE, "amount", aux="supplier")],
    ),
)  # fmt: skip
STANDARD_RULES: tuple[StandardRule, ...] = (*_STOCK, *_TRADE, *_SHOP)
