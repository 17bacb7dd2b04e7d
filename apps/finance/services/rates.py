"""Exchange rates, and reclassifications on the balance sheet of one period."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.finance.domain.amounts import CENT, WIDE
from apps.finance.domain.catalogue import BALANCE_SHEET, form_lines
from apps.finance.domain.periods import Period as Month
from apps.finance.models import ExchangeRate, Reclassification
from apps.finance.services.locks import share_open_period
from apps.finance.services.refusals import bookkeeping, raise_fields, refused
from kernel import audit
from tenants.rights import Member

_CURRENCY = re.compile(r"[A-Z]{3}")


@transaction.atomic
def add_rate(*, currency: str, on: date, rate: Decimal, actor: Member, at: datetime, source: str = "") -> ExchangeRate:
    """Record CNY for one unit of `currency` on a day. Raises `invalid`, `rate_exists`."""
    problems = {}
    if (
        not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper())
        or currency == "CNY"
    ):
        problems["currency"] = _("币种写三位大写字母，例如 USD；人民币不用汇率。")
    if not rate.is_finite() or not 0 < rate < 10**10 or rate != rate.quantize(Decimal("1E-8"), context=WIDE):
        problems["rate"] = _("汇率要大于零，小数最多 8 位。")
    raise_fields(problems)
    try:
        with transaction.atomic():
            made = ExchangeRate.objects.create(
                currency=currency, on=on, rate=rate, source=source[:60], created_at=at,
                created_by_id=actor.user_id, created_by_name=actor.name,
            )  # fmt: skip
    except IntegrityError as error:
        message = _("%(currency)s 在 %(on)s 的汇率已经有了。") % {"currency": currency, "on": on}
        raise refused("rate_exists", message, "on") from error
    audit.record(actor=actor, action="rate.add", object=f"rate:{made.pk}", label=f"{currency} {on} {rate}")
    return made


@transaction.atomic
def reclassify(
    *, period: str, from_line: int, to_line: int, amount: Decimal, reason: str, actor: Member, at: datetime
) -> Reclassification:
    """Move `amount` between two account lines of one side of 会小企01表, for the sheet of that period only.

    Raises `invalid`, `period_missing`, `period_closed` (a final sheet does not move).
    """
    with bookkeeping("period"):
        month = Month.parse(period)
    _check_lines(from_line, to_line)
    problems = {}
    if not amount.is_finite() or not amount or abs(amount) >= 10**16 or amount != amount.quantize(CENT, context=WIDE):
        problems["amount"] = _("请填写金额，只能到分。")
    if not 1 <= len(reason.strip()) <= 200:
        problems["reason"] = _("请写明重分类的理由，最多 200 字。")
    raise_fields(problems)
    made = Reclassification.objects.create(
        period=share_open_period(month.first_day), from_line=from_line, to_line=to_line, amount=amount,
        reason=reason.strip(), created_at=at, created_by_id=actor.user_id, created_by_name=actor.name,
    )  # fmt: skip
    label = f"{month} L{from_line} → L{to_line} {amount}"
    audit.record(actor=actor, action="statement.reclassify", object=f"reclassification:{made.pk}", label=label)
    return made


def _check_lines(from_line: int, to_line: int) -> None:
    rows = {row.line: row for row in form_lines(BALANCE_SHEET) if row.kind == "account"}
    problems = {}
    for name, line in (("from_line", from_line), ("to_line", to_line)):
        if line not in rows:
            problems[name] = _("资产负债表第 %(line)s 行不是科目行，不能重分类。") % {"line": line}
    raise_fields(problems)
    # Liabilities and equity share the right side.
    if from_line == to_line or (rows[from_line].side == "asset") != (rows[to_line].side == "asset"):
        raise_fields({"to_line": _("只能在资产负债表同一侧的两个不同行之间重分类。")})
