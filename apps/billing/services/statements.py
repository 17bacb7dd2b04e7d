"""A bank's statement as rows: encoding, header, one reason per bad row. A profile is data."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from apps.billing.domain.calendar import ZONE
from kernel.errors import Invalid

MAX_ROWS = 20_000
MAX_BYTES = 10 * 1024 * 1024
HEADER = ("serial", "booked_at", "amount", "currency", "payer_name", "payer_account", "remark")
PROFILES = {"generic": {name: name for name in HEADER}}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a statement; `amount` CNY (or its currency) with sign, negative = outgoing."""

    serial: str
    booked_at: datetime
    amount: Decimal
    currency: str
    payer_name: str
    payer_account: str
    remark: str

    @property
    def body_hash(self) -> str:
        """Equal rows under a known serial are duplicates, others a conflict (R-BANK)."""
        moment = self.booked_at.astimezone(ZONE).isoformat()
        body = [moment, f"{self.amount:.2f}", self.currency, self.payer_name, self.payer_account, self.remark]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def read(content: bytes, profile: str) -> tuple[list[Row], list[dict[str, object]]]:
    """Rows and errors `{row, reason}` of a CSV in UTF-8 or GB18030. Raises Invalid when it is no such file."""
    if profile not in PROFILES:
        raise Invalid(_("没有这种对账单格式。"), fields={"profile": [_("可用：generic。")]})
    if len(content) > MAX_BYTES:
        raise Invalid(_("对账单文件太大，请拆分后导入。"), "too_large", fields={"file": [_("最大 10 MB。")]})
    reader = csv.DictReader(io.StringIO(_text(content), newline=""))
    columns = PROFILES[profile]
    missing = sorted(set(columns.values()) - {(name or "").strip() for name in _header(reader)})
    if missing:
        raise Invalid(
            _("对账单缺少列：%(names)s。") % {"names": "、".join(missing)}, fields={"file": [_("表头不对。")]}
        )
    rows, errors = list[Row](), list[dict[str, object]]()
    for number, raw in _numbered(reader):
        if number > MAX_ROWS + 1:
            raise Invalid(_("对账单行数太多，请拆分后导入。"), "too_large")
        try:
            rows.append(_row({key: (raw.get(column) or "").strip() for key, column in columns.items()}))
        except ValueError as error:
            errors.append({"row": number, "reason": str(error)})
    return rows, errors


def _header(reader: "csv.DictReader[str]") -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error as error:
        raise _unreadable(1) from error


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str | None]]]:
    """Rows with their numbers in the file. Raises Invalid where the file stops being CSV."""
    number = 1
    try:
        for raw in reader:
            number += 1
            yield number, raw
    except csv.Error as error:
        raise _unreadable(number + 1) from error


def _unreadable(number: int) -> Invalid:
    return Invalid(
        _("对账单第 %(number)s 行无法按 CSV 读取。") % {"number": number}, fields={"file": [_("格式不对。")]}
    )


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("文件不是 UTF-8 或 GB18030 编码的 CSV。"), fields={"file": [_("编码无法识别。")]})


def _row(raw: dict[str, str]) -> Row:
    if not raw["serial"] or len(raw["serial"]) > 80:
        raise ValueError(_("流水号为空或太长"))
    if "\x00" in "".join(raw.values()):
        raise ValueError(_("含有无法识别的字符"))
    return Row(
        serial=raw["serial"],
        booked_at=_moment(raw["booked_at"]),
        amount=_amount(raw["amount"]),
        currency=(raw["currency"] or "CNY").upper()[:3],
        payer_name=raw["payer_name"][:200],
        payer_account=raw["payer_account"][:60],
        remark=raw["remark"][:400],
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError(_("记账时间“%(text)s”无法识别") % {"text": text[:40]}) from None
    if not 2000 <= moment.year <= 2199:
        raise ValueError(_("记账时间“%(text)s”无法识别") % {"text": text[:40]})
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError(_("金额“%(text)s”无法识别") % {"text": text[:40]}) from None
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or abs(amount) >= 10**15 or not isinstance(exponent, int) or exponent < -2:
        raise ValueError(_("金额“%(text)s”超出范围") % {"text": text[:40]})
    if not amount:
        raise ValueError(_("金额为零"))
    return amount
