"""The hash chain of posted vouchers: any later change of any field is found (12号 art. 31, 34).

hash = sha256(previous hash + canonical JSON of voucher, lines, signers and moments)
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring

GENESIS = "0" * 64


@dataclass(frozen=True)
class ChainLine:
    """What the hash covers of one line; `aux` is the canonical key of the combination."""

    seq: int
    summary: str
    account: str
    aux: str
    debit: Decimal
    credit: Decimal
    currency: str | None = None
    fc_amount: Decimal | None = None
    rate: Decimal | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    due_on: date | None = None
    ref: str = ""


@dataclass(frozen=True)
class Signature:
    """Who and when; `by` is the user's stable name (or `rule:<code>@<version>`)."""

    by: str
    at: datetime


@dataclass(frozen=True)
class ChainVoucher:
    """What the hash covers of one posted voucher. Cash-flow tags are left out: they may change until the
    close.
    """

    word: str
    period: str
    no: int
    on: date
    kind: str
    attachment_count: int
    prepared: Signature
    reviewed: Signature | None
    posted: Signature
    cashier: Signature | None
    lines: Sequence[ChainLine]
    reverses: str | None = None
    source_kind: str | None = None
    source_ref: str | None = None
    rule: str | None = None
    rule_version: int | None = None


def canonical_json(value: object) -> str:
    """One text for equal values: sorted keys, no blanks, decimals without trailing zeros, moments in UTC.

    The scale of a decimal does not count (7.1 and 7.10000000 are one value), so a column read back from the
    database hashes as it did when it was written. Floats and naive moments are refused with TypeError.
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Field names by class: asking a dataclass for them a million times is what a proof would spend its time on.
_names_of: dict[type, tuple[str, ...]] = {}


def _names(kind: type) -> tuple[str, ...]:
    if kind not in _names_of:
        _names_of[kind] = tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()
    return _names_of[kind]


def _plain(value: object) -> object:
    if value is None or type(value) is str or type(value) is int:
        return value
    names = _names(type(value))
    if names:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return "0" if value.is_zero() else f"{value.normalize():f}"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def chain_hash(previous_hash: str, voucher: ChainVoucher) -> str:
    """64 hexadecimal digits; the first voucher of a book takes GENESIS as previous."""
    before, behind = json_around_number(voucher)
    return link_hash(previous_hash, before, voucher.no, behind)


def link_hash(previous_hash: str, before: str, no: int, behind: str) -> str:
    """`chain_hash` of what `json_around_number` wrote."""
    return hashlib.sha256(f"{previous_hash}{before}{_whole(no)}{behind}".encode()).hexdigest()


def voucher_json(voucher: ChainVoucher) -> str:
    """`canonical_json` of a voucher, written out: posting has no time to ask each line for its fields."""
    before, behind = json_around_number(voucher)
    return f"{before}{_whole(voucher.no)}{behind}"


def json_around_number(voucher: ChainVoucher) -> tuple[str, str]:
    """What stands before and behind the number, for whoever gives the number and hashes in one step."""
    lines = ",".join(map(_line_json, voucher.lines))
    before = (
        f'{{"attachment_count":{_whole(voucher.attachment_count)},"cashier":{_signed(voucher.cashier)},'
        f'"kind":{_text(voucher.kind)},"lines":[{lines}],"no":'
    )
    behind = (
        f',"on":{_day(voucher.on)},'
        f'"period":{_text(voucher.period)},"posted":{_signed(voucher.posted)},"prepared":{_signed(voucher.prepared)},'
        f'"reverses":{_text(voucher.reverses)},"reviewed":{_signed(voucher.reviewed)},"rule":{_text(voucher.rule)},'
        f'"rule_version":{_whole(voucher.rule_version)},"source_kind":{_text(voucher.source_kind)},'
        f'"source_ref":{_text(voucher.source_ref)},"word":{_text(voucher.word)}}}'
    )
    return before, behind


def _line_json(line: ChainLine) -> str:
    return (
        f'{{"account":{_text(line.account)},"aux":{_text(line.aux)},"credit":{_number(line.credit)},'
        f'"currency":{_text(line.currency)},"debit":{_number(line.debit)},"due_on":{_day(line.due_on)},'
        f'"fc_amount":{_number(line.fc_amount)},"quantity":{_number(line.quantity)},"rate":{_number(line.rate)},'
        f'"ref":{_text(line.ref)},"seq":{_whole(line.seq)},"summary":{_text(line.summary)},'
        f'"unit_price":{_number(line.unit_price)}}}'
    )


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


def _whole(value: int | None) -> str:
    if value is None:
        return "null"
    return str(value) if type(value) is int else canonical_json(value)


def _number(value: Decimal | None) -> str:
    if value is None:
        return "null"
    if type(value) is not Decimal:
        return canonical_json(value)
    return f'"{value.normalize():f}"' if value else '"0"'


def _day(value: date | None) -> str:
    return "null" if value is None else f'"{_plain_scalar(value)}"'


def _signed(value: Signature | None) -> str:
    if type(value) is not Signature:
        return canonical_json(value)
    return f'{{"at":"{_moment(value.at)}","by":{_text(value.by)}}}'


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("a moment in the chain needs a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True)
class ChainEntry:
    """A stored link: the caller's key, the two stored hashes, and what the voucher hashes to as it is now."""

    key: int
    previous_hash: str
    hash: str
    found: str


@dataclass(frozen=True)
class ChainProblem:
    """`kind` broken_link (a voucher is missing, added or moved before it), changed (its contents) or head."""

    key: int
    kind: str


@dataclass(frozen=True)
class ChainReport:
    """Outcome over a whole chain; `last` is the key of its last link, 0 for none."""

    length: int
    head: str
    problems: tuple[ChainProblem, ...]
    last: int = 0

    @property
    def ok(self) -> bool:
        """Nothing was found."""
        return not self.problems

    def against(self, head: str | None) -> "ChainReport":
        """The report beside the stored head of the book: without it a voucher cut off at the end could not be seen."""
        if head is None or head == self.head:
            return self
        return replace(self, problems=(*self.problems, ChainProblem(self.last, "head")))


def verify_chain(entries: Iterable[ChainEntry], *, limit: int = 100) -> ChainReport:
    """Walk the chain in posting order, one entry in memory at a time.

    At most `limit` problems are listed; the walk follows the stored hashes, so one change gives one problem.
    """
    previous, length, key = GENESIS, 0, 0
    problems: list[ChainProblem] = []
    for entry in entries:
        key, length = entry.key, length + 1
        if entry.previous_hash != previous and len(problems) < limit:
            problems.append(ChainProblem(key, "broken_link"))
        if entry.found != entry.hash and len(problems) < limit:
            problems.append(ChainProblem(key, "changed"))
        previous = entry.hash
    return ChainReport(length, previous, tuple(problems), key)
