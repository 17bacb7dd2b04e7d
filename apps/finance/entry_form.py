"""What a clerk types into the voucher grid: kept word by word, read into lines, faults put back on their cells."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.finance.domain.amounts import sum_lines
from apps.finance.domain.numbers import ENGLISH_WORDS
from apps.finance.domain.periods import Period
from apps.finance.models import Voucher, VoucherLine
from apps.finance.selectors.account_names import AccountOption, initials
from apps.finance.services.dimensions import aux_of_key
from apps.finance.services.lines import LineInput
from kernel.errors import DomainError
from kernel.http.request import Request

BLANK_LINES = 5
MOST_LINES = 2000
TEXTS = (
    "summary",
    "account",
    "debit",
    "credit",
    "quantity",
    "unit_price",
    "currency",
    "fc_amount",
    "rate",
    "due_on",
    "ref",
)
NUMBERS = ("debit", "credit", "quantity", "unit_price", "fc_amount", "rate")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")


@dataclass
class EntryLine:
    """One row as it stands on the screen. `values`: the texts; `aux` {dimension: value code}; `errors` by column."""

    values: dict[str, str] = field(default_factory=dict)
    aux: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    cash_flow: int | None = None
    option: AccountOption | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        if name in TEXTS:
            return self.values.get(name, "")
        raise AttributeError(name)

    @property
    def account_text(self) -> str:
        """What the account box shows: code and name, or what was typed."""
        return self.option.text if self.option else self.values.get("account", "")

    @property
    def is_blank(self) -> bool:
        return not any(self.values.get(name) for name in ("summary", "account", "debit", "credit"))

    @property
    def dimensions(self) -> list[dict[str, Any]]:
        """The dimensions of the account with what was chosen."""
        carried = self.option.dimensions if self.option else ()
        return [
            {"code": code, "name": name, "required": required, **self._chosen(code)} for code, name, required in carried
        ]

    def _chosen(self, dimension: str) -> dict[str, str]:
        value = self.aux.get(dimension, "")
        return {"value": value, "text": self.labels.get(f"{dimension}:{value}", value)}

    @property
    def other_errors(self) -> list[str]:
        """Faults of the parts below the account."""
        return [text for column, text in self.errors.items() if column not in ("summary", "account", "debit", "credit")]


@dataclass
class VoucherEntry:
    """The whole form. `version` is set when a draft is altered; `faults` speak above the grid."""

    word: str
    date: str
    attachment_count: str = "0"
    kind: str = Voucher.Kind.NORMAL
    lines: list[EntryLine] = field(default_factory=list)
    version: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        return not self.faults and not self.errors and not any(line.errors for line in self.lines)

    @property
    def has_cell_errors(self) -> bool:
        return any(line.errors for line in self.lines)

    @property
    def on(self) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(self.date)
        except ValueError:
            return None

    @property
    def period(self) -> Period | None:
        return Period.of(self.on) if self.on and self.on.year >= 1900 else None


def blank(*, word: str, on: datetime.date) -> VoucherEntry:
    """A fresh form."""
    return VoucherEntry(word=word, date=on.isoformat(), lines=[EntryLine() for _ in range(BLANK_LINES)])


def of_voucher(voucher: Voucher, options: Mapping[str, AccountOption]) -> VoucherEntry:
    """The form that alters a draft; its lines are prefetched."""
    return VoucherEntry(
        word=voucher.word,
        date=voucher.date.isoformat(),
        attachment_count=str(voucher.attachment_count),
        kind=voucher.kind,
        lines=[_stored(line, options) for line in voucher.lines.all()],
        version=str(voucher.version),
    )


def _stored(line: VoucherLine, options: Mapping[str, AccountOption]) -> EntryLine:
    values = {
        "summary": line.summary,
        "account": line.account.code,
        "debit": _shown(line.debit),
        "credit": _shown(line.credit),
        "quantity": _shown(line.quantity, trim=True),
        "unit_price": _shown(line.unit_price, trim=True),
        "currency": line.currency,
        "fc_amount": _shown(line.fc_amount),
        "rate": _shown(line.rate, trim=True),
        "due_on": line.due_on.isoformat() if line.due_on else "",
        "ref": line.ref,
    }
    tag = line.cash_flow_tag.line if hasattr(line, "cash_flow_tag") else None
    return EntryLine(values, aux_of_key(line.combo.key), cash_flow=tag, option=options.get(line.account.code))


def _shown(value: Decimal | None, *, trim: bool = False) -> str:
    if not value:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if trim and "." in text else text


def read(request: Request, options: Mapping[str, AccountOption]) -> VoucherEntry:
    """The posted form with every fault of shape on its cell; rows without a word are left out."""
    post = request.POST
    entry = VoucherEntry(
        word=word_meant(post.get("word", "")),
        date=post.get("date", ""),
        attachment_count=post.get("attachment_count", "").strip() or "0",
        kind=post.get("kind", Voucher.Kind.NORMAL),
        version=post.get("version", ""),
    )
    rows = [_typed(post, index, options) for index in _indexes(post)]
    entry.lines = [line for line in rows if not line.is_blank]
    _check_head(entry)
    for line in entry.lines:
        _check_line(line)
    _check_whole(entry)
    return entry


def word_meant(text: str) -> str:
    """凭证字 as the book has it; English pages send GJ for 记."""
    return next((word for word, english in ENGLISH_WORDS.items() if english == text), text)


def _indexes(post: Mapping[str, Any]) -> list[int]:
    found = {
        match[1] for name in post if (match := re.fullmatch(r"lines-(\d{1,4})-(?:summary|account|debit|credit)", name))
    }
    return sorted(int(one) for one in found)[:MOST_LINES]


def _typed(post: Any, index: int, options: Mapping[str, AccountOption]) -> EntryLine:
    head = f"lines-{index}-"
    values = {name: str(post.get(f"{head}{name}", "")).strip() for name in TEXTS}
    for name in NUMBERS:
        values[name] = _fold(values[name])
    typed = str(post.get(f"{head}account_text", "")).strip()
    option = options.get(values["account"]) or _found(values["account"] or typed, options)
    values["account"] = option.code if option else values["account"] or typed
    chosen = post.get(f"{head}cash_flow", "")
    line = EntryLine(values, cash_flow=int(chosen) if chosen.isascii() and chosen.isdigit() else None, option=option)
    for code, _name, _required in option.dimensions if option else ():
        value = str(post.get(f"{head}aux-{code}", "")).strip() or _first_word(post.get(f"{head}aux-{code}_text", ""))
        if value:
            line.aux[code] = value
    return line


def _found(typed: str, options: Mapping[str, AccountOption]) -> AccountOption | None:
    """The account meant by a typed code, full name or pinyin initials, when there is exactly one."""
    text = unicodedata.normalize("NFKC", typed).strip()
    first = _first_word(text)
    if first in options:
        return options[first]
    wanted = text.casefold()
    close = [one for one in options.values() if wanted and wanted in (one.name.casefold(), initials(one.name))]
    return close[0] if len(close) == 1 else None


def _first_word(text: Any) -> str:
    return (str(text).split() or [""])[0]


def _fold(text: str) -> str:
    """Full-width digits, separators and blanks as the service wants them: １，２３４．５ -> 1234.5."""
    return re.sub(r"[,，、\s]", "", unicodedata.normalize("NFKC", text).replace("。", "."))


def _check_head(entry: VoucherEntry) -> None:
    if entry.on is None:
        entry.errors["date"] = _("请填写日期。")
    if not (entry.attachment_count.isascii() and entry.attachment_count.isdigit() and len(entry.attachment_count) < 6):
        entry.errors["attachment_count"] = _("附单据填张数，没有就填 0。")


def _check_line(line: EntryLine) -> None:
    if not line.summary:
        line.errors["summary"] = _("请填写摘要")
    if not line.account:
        line.errors["account"] = _("请选择会计科目")
    for name in NUMBERS:
        if line.values[name] and not _NUMBER.fullmatch(line.values[name]):
            line.errors[name] = _("请填写数字")
    if line.due_on and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", line.due_on):
        line.errors["due_on"] = _("到期日写成 2026-01-31")
    if not {"debit", "credit"} & line.errors.keys() and not (_number(line.debit) or _number(line.credit)):
        line.errors["debit"] = _("请填写金额")


def _check_whole(entry: VoucherEntry) -> None:
    if len(entry.lines) < 2:
        entry.faults.append(_("一张凭证至少要有两行分录。"))
        return
    if any({"debit", "credit"} & line.errors.keys() for line in entry.lines):
        return
    off = sum_lines(inputs(entry)).difference
    if off:
        entry.faults.append(_("借贷不平衡，差额 %(amount)s 元") % {"amount": f"{abs(off):,.2f}"})


def inputs(entry: VoucherEntry) -> list[LineInput]:
    """The lines as the services take them; call when the shape is right."""
    return [_input(line) for line in entry.lines]


def _input(line: EntryLine) -> LineInput:
    return LineInput(
        summary=line.summary,
        account=line.account,
        debit=_number(line.debit) or Decimal(0),
        credit=_number(line.credit) or Decimal(0),
        aux=dict(line.aux),
        currency=line.currency or None,
        fc_amount=_number(line.fc_amount),
        rate=_number(line.rate),
        quantity=_number(line.quantity),
        unit_price=_number(line.unit_price),
        due_on=_day(line.due_on),
        ref=line.ref,
        cash_flow=line.cash_flow,
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text and _NUMBER.fullmatch(text) else None


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def take_refusal(entry: VoucherEntry, error: DomainError) -> None:
    """Put a service's refusal on the cells it names; what names no cell is said above the grid."""
    placed = False
    for spot, texts in (error.fields or {}).items():
        placed |= _place(entry, spot, " ".join(str(text) for text in texts))
    if not placed or error.code == "voucher_unbalanced":
        entry.faults.append(error.message)


def _place(entry: VoucherEntry, spot: str, text: str) -> bool:
    head, *rest = spot.split(".")
    if head == "lines" and len(rest) == 2 and rest[0].isdigit() and int(rest[0]) < len(entry.lines):
        entry.lines[int(rest[0])].errors[rest[1]] = text
        return True
    if head in ("date", "word", "attachment_count"):
        entry.errors[head] = text
        return True
    return False


def padded(lines: Sequence[EntryLine]) -> Iterable[EntryLine]:
    """At least five rows on the screen."""
    return [*lines, *(EntryLine() for _ in range(BLANK_LINES - len(lines)))]
