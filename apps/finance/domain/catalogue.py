"""The shipped tables of the trade (apps/finance/data/*.csv) as typed rows, read once per process."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

DATA = Path(__file__).resolve().parent.parent / "data"
BALANCE_SHEET, INCOME_STATEMENT, CASH_FLOW = "会小企01表", "会小企02表", "会小企03表"

Row = Mapping[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class ChartAccount:
    """One account of the shipped chart; `taxpayer` is general where only a general taxpayer needs it, else
    all.

    `category`, `direction`, `required_aux`, `open_item`, `cash_kind` are set on level 1 only; lower levels
    inherit them (`direction` is also set on the VAT columns, which differ from 2221).
    """

    code: str
    parent: str | None
    level: int
    name: str
    name_en: str
    category: str = ""
    direction: str = ""
    required_aux: str = ""
    open_item: str = "none"
    cash_kind: str = "none"
    income_line: int | None = None
    taxpayer: str = "all"
    statutory: bool = False


@dataclass(frozen=True)
class StatementLine:
    """One line of a statement form. `kind` is account, memo, sum or tag; `side` only on 01表, `direction`
    on 03表.
    """

    form: str
    line: int
    name: str
    name_en: str
    kind: str
    formula: str
    section: str = ""
    side: str = ""
    indent: int = 0
    direction: str = ""


@dataclass(frozen=True)
class StatementCheck:
    """勾稽关系: `kind` equal or at_least; form `cross` joins two forms."""

    form: str
    rule: str
    kind: str


@dataclass(frozen=True)
class DefaultTag:
    """Default cash-flow line of a non-cash line on a level-1 account, by side."""

    account: str
    when_debited: int
    when_credited: int


@dataclass(frozen=True)
class LayoutCell:
    """One cell of the tax bureau's file: `what` is text, line_no, value or header."""

    file: str
    sheet: str
    cell: str
    what: str
    line: int | None
    column: str
    text: str
    merged: str


@dataclass(frozen=True)
class TaxRule:
    """A dated rate, threshold or relief; `comparison` (`<=` or `<`) only on thresholds; valid_to None =
    open.
    """

    rule: str
    applies_to: str
    label: str
    value: Decimal
    comparison: str
    valid_from: date
    valid_to: date | None
    scope: str
    source: str

    def holds_on(self, day: date) -> bool:
        """Valid that day, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def inclusive(self) -> bool | None:
        """Whether a sum equal to the threshold is still exempt; None where the rule is no threshold."""
        return None if not self.comparison else self.comparison == "<="


def _read(name: str, make: Callable[[Row], T]) -> tuple[T, ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(make(row) for row in csv.DictReader(file))


def _number(text: str) -> int | None:
    return int(text) if text else None


@lru_cache(maxsize=1)
def chart() -> tuple[ChartAccount, ...]:
    """The 66 level-1 accounts of 小企业会计准则."""
    return _read("coa_small_enterprise.csv", _chart_account)


def _chart_account(row: Row) -> ChartAccount:
    return ChartAccount(
        code=row["code"],
        parent=None,
        level=1,
        name=row["name_zh"],
        name_en=row["name_en"],
        category=row["category"],
        direction=row["balance_direction"],
        required_aux=row["required_aux"],
        open_item=row["open_item"],
        cash_kind=row["cash_kind"],
        statutory=True,
    )


@lru_cache(maxsize=1)
def vat_accounts() -> tuple[ChartAccount, ...]:
    """Sub-accounts of 2221: level 2 for everyone, level 3 (VAT columns) for general taxpayers."""
    return _read("vat_tax_subaccounts.csv", _vat_account)


def _vat_account(row: Row) -> ChartAccount:
    level = int(row["level"])
    return ChartAccount(
        code=row["code"],
        parent=row["parent"],
        level=level,
        name=row["name_zh"],
        name_en=row["name_en"],
        direction=row["balance_direction"],
        taxpayer="general" if level == 3 else "all",
    )


@lru_cache(maxsize=1)
def template_accounts() -> tuple[ChartAccount, ...]:
    """Other sub-accounts of the template, with the memo line of 会小企02表 where they feed one."""
    return _read("template_subaccounts.csv", _template_account)


def _template_account(row: Row) -> ChartAccount:
    return ChartAccount(
        code=row["code"],
        parent=row["parent"],
        level=2,
        name=row["name_zh"],
        name_en=row["name_en"],
        income_line=_number(row["income_line"]),
    )


@lru_cache(maxsize=1)
def payable_accounts() -> tuple[ChartAccount, ...]:
    """What suppliers have invoiced and what is estimated, for a company that keeps them apart (decision 11)."""
    return _read("payable_subaccounts.csv", _template_account)


def starting_accounts(taxpayer_kind: str, *, payable_details: bool = False) -> tuple[ChartAccount, ...]:
    """What set-up loads, parents before children: small_scale takes no level 3 under 2221."""
    general = taxpayer_kind == "general"
    rows = [*chart(), *vat_accounts(), *template_accounts(), *(payable_accounts() if payable_details else ())]
    return tuple(row for row in rows if general or row.taxpayer != "general")


@lru_cache(maxsize=1)
def statement_lines() -> tuple[StatementLine, ...]:
    """Lines of the three forms, in line order: 53, 32 and 22."""
    names = ("balance_sheet.csv", "income_statement.csv", "cash_flow.csv")
    return tuple(line for name in names for line in _read(name, _statement_line))


def _statement_line(row: Row) -> StatementLine:
    return StatementLine(
        form=row["form"],
        line=int(row["line_no"]),
        name=row["name_zh"],
        name_en=row["name_en"],
        kind=row["row_kind"],
        formula=row["formula"],
        section=row.get("section", ""),
        side=row.get("side", ""),
        indent=int(row.get("level") or 0),
        direction=row.get("direction", "").split(" ")[0],
    )


def form_lines(form: str) -> tuple[StatementLine, ...]:
    """Shipped lines of one form."""
    return tuple(line for line in statement_lines() if line.form == form)


@lru_cache(maxsize=1)
def statement_checks() -> tuple[StatementCheck, ...]:
    """25 checks inside the forms and 2 across them."""
    return _read("statement_checks.csv", lambda row: StatementCheck(row["form"], row["rule"], row["kind"]))


@lru_cache(maxsize=1)
def default_tags() -> Mapping[str, DefaultTag]:
    """Default cash-flow lines by level-1 code."""
    rows = _read(
        "cash_flow_default_map.csv",
        lambda row: DefaultTag(row["counterpart_code"], int(row["line_when_debited"]), int(row["line_when_credited"])),
    )
    return {row.account: row for row in rows}


@lru_cache(maxsize=1)
def tax_layout() -> tuple[LayoutCell, ...]:
    """Cells of the tax bureau's filing files, in file order."""
    return _read(
        "tax_bureau_layout.csv",
        lambda row: LayoutCell(
            row["file"],
            row["sheet"],
            row["cell"],
            row["what"],
            _number(row["line_no"]),
            row["column"],
            row["text"],
            row["merged"],
        ),
    )


@lru_cache(maxsize=1)
def tax_rules() -> tuple[TaxRule, ...]:
    """Dated rates, thresholds and reliefs."""
    return _read("tax_rules.csv", _tax_rule)


def _tax_rule(row: Row) -> TaxRule:
    return TaxRule(
        rule=row["rule"],
        applies_to=row["applies_to"],
        label=row["label"],
        value=Decimal(row["value"]),
        comparison=row["comparison"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        scope=row["scope"],
        source=row["source"],
    )
