"""Month-end checklist: which items there are, which of them block the close, and what a count means."""

from collections.abc import Mapping
from dataclasses import dataclass

from apps.finance.domain.errors import gettext_noop


@dataclass(frozen=True)
class ItemRule:
    """One item: `blocking` refuses the close, `step` names the step whose button mends it (None =
    elsewhere).
    """

    code: str
    title: str
    blocking: bool
    step: str | None = None


RULES = (
    ItemRule("earlier_periods_closed", gettext_noop("以前期间已结账"), True),
    ItemRule("no_unposted_vouchers", gettext_noop("本期凭证全部记账"), True),
    ItemRule("numbers_without_gap", gettext_noop("凭证号连续"), True),
    ItemRule("trial_balance_balanced", gettext_noop("试算平衡"), True),
    ItemRule("depreciation_done", gettext_noop("折旧与摊销已计提"), True, "depreciation"),
    ItemRule("fx_revalued", gettext_noop("外币已期末调汇"), True, "fx_revaluation"),
    ItemRule("profit_transferred", gettext_noop("损益已结转"), True, "profit_transfer"),
    ItemRule("year_profit_transferred", gettext_noop("本年利润已年结"), True, "year_profit"),
    ItemRule("overhead_cleared", gettext_noop("制造费用已分配"), False, "overhead"),
    ItemRule("cost_of_sales_done", gettext_noop("销售成本已结转"), False, "cost_of_sales"),
    ItemRule("vat_transferred", gettext_noop("增值税已转出"), False, "vat_transfer"),
    ItemRule("facts_waiting", gettext_noop("没有等待生成凭证的业务"), False),
    ItemRule("fapiao_unbooked", gettext_noop("发票全部入账"), False),
    ItemRule("bank_reconciled", gettext_noop("银行已对账"), False),
    ItemRule("cash_never_negative", gettext_noop("现金余额没有出现负数"), False),
    ItemRule("cash_flow_untagged", gettext_noop("现金流量项目已确认"), False),
    ItemRule("assets_tie_to_ledger", gettext_noop("资产卡片与账面一致"), False),
    ItemRule("items_tie_to_ledger", gettext_noop("往来明细与账面一致"), False),
    ItemRule("stock_ties_to_ledger", gettext_noop("存货与账面一致"), False),
)


@dataclass(frozen=True)
class ChecklistItem:
    """An evaluated item; status ok, todo, blocked, warning or not_needed; count = how many things are
    left.
    """

    code: str
    title: str
    status: str
    blocking: bool
    count: int
    step: str | None


@dataclass(frozen=True)
class Checklist:
    """All items in order."""

    items: tuple[ChecklistItem, ...]

    @property
    def blockers(self) -> tuple[ChecklistItem, ...]:
        """Blocking items that are not done: what `period_not_ready` lists."""
        return tuple(item for item in self.items if item.status in ("todo", "blocked"))

    @property
    def ready(self) -> bool:
        """The period may be closed."""
        return not self.blockers


def evaluate(counts: Mapping[str, int | None]) -> Checklist:
    """Judge plain counts of what is left: None = the item does not apply (not_needed), 0 = ok.

    Left over: `todo` when a step of this period mends it, `blocked` when it must be mended elsewhere before
    the close, `warning` when the close does not ask for it. Every item needs its count: a missing one
    raises KeyError, because an item forgotten must never read as ok.
    """
    return Checklist(tuple(_item(rule, counts[rule.code]) for rule in RULES))


def _item(rule: ItemRule, count: int | None) -> ChecklistItem:
    return ChecklistItem(rule.code, rule.title, _status(rule, count), rule.blocking, count or 0, rule.step)


def _status(rule: ItemRule, count: int | None) -> str:
    if count is None:
        return "not_needed"
    if count == 0:
        return "ok"
    if not rule.blocking:
        return "warning"
    return "todo" if rule.step else "blocked"


def profit_transfer_count(open_accounts: int, *, monthly: bool, december: bool) -> int | None:
    """Count of profit_transferred: without the monthly habit only December asks for it (附录 3103)."""
    return open_accounts if monthly or december else None


def year_profit_count(open_accounts: int, *, december: bool) -> int | None:
    """Count of year_profit_transferred: 3103 with a balance, asked for in December."""
    return open_accounts if december else None
