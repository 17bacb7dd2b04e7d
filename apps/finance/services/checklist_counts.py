"""What the checklist of a month counts, in one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.finance.models import Period

_COUNTS = """
SELECT (SELECT count(*) FROM finance_period WHERE index < %(index)s AND state = 'open'),
       vouchers.posted, vouchers.unposted,
       (SELECT count(*) FROM (
           SELECT 1 FROM finance_voucher v
             LEFT JOIN finance_numbercounter c ON c.period_id = v.period_id AND c.word = v.word
            WHERE v.period_id = %(period)s AND v.state = 'posted' GROUP BY v.word, c.last_no
           HAVING count(*) <> max(v.no) OR min(v.no) <> 1 OR max(v.no) IS DISTINCT FROM c.last_no) broken),
       moved.debit IS DISTINCT FROM moved.credit,
       (moved.debit, moved.credit) IS DISTINCT FROM (posted.debit, posted.credit),
       (SELECT count(*) FROM finance_cashflowtag t JOIN finance_voucherline l ON l.id = t.voucher_line_id
          JOIN finance_voucher v ON v.id = l.voucher_id
         WHERE v.period_id = %(period)s AND v.state = 'posted' AND t.guessed),
       facts.told, facts.waiting,
       (SELECT count(DISTINCT b.combo_id) FROM finance_periodbalance b
          JOIN finance_ledgeraccount a ON a.id = b.account_id
         WHERE b.period_id = %(period)s AND a.code LIKE '5001%%' AND NOT (b.qty_in = 0 AND b.qty_out = 0)),
       EXISTS (SELECT 1 FROM finance_periodbalance b JOIN finance_ledgeraccount a ON a.id = b.account_id
         WHERE b.period_id = %(period)s AND a.code LIKE '5401%%' AND b.n > 0),
       (SELECT coalesce(sum(b.debit), 0) FROM finance_periodbalance b
          JOIN finance_ledgeraccount a ON a.id = b.account_id
         WHERE b.period_id = %(period)s AND a.code LIKE %(vat_paid)s),
       (SELECT kind FROM finance_taxpayerkind WHERE from_date <= %(first)s ORDER BY from_date DESC LIMIT 1),
       (SELECT coalesce(json_object_agg(currency, rate::text), '{}') FROM finance_exchangerate WHERE "on" = %(last)s),
       (SELECT coalesce(json_object_agg(s.category, a.code), '{}') FROM finance_stockaccount s
          JOIN finance_ledgeraccount a ON a.id = s.account_id),
       (SELECT coalesce(json_agg(json_build_array(code, moved::text) ORDER BY code, date), '[]') FROM (
           SELECT a.code, l.date, sum(l.debit - l.credit) AS moved FROM finance_voucherline l
             JOIN finance_voucher v ON v.id = l.voucher_id JOIN finance_ledgeraccount a ON a.id = l.account_id
            WHERE v.period_id = %(period)s AND v.state = 'posted' AND a.cash_kind IN ('cash', 'bank')
            GROUP BY a.code, l.date) days)
  FROM (SELECT count(*) FILTER (WHERE state = 'posted') AS posted, count(*) FILTER (WHERE state <> 'posted') AS unposted
          FROM finance_voucher WHERE period_id = %(period)s) vouchers,
       (SELECT sum(debit) AS debit, sum(credit) AS credit FROM finance_periodbalance
         WHERE period_id = %(period)s) moved,
       (SELECT sum(l.debit) AS debit, sum(l.credit) AS credit FROM finance_voucherline l
          JOIN finance_voucher v ON v.id = l.voucher_id
         WHERE v.period_id = %(period)s AND v.state = 'posted') posted,
       (SELECT count(*) AS told, count(*) FILTER (WHERE state = 'waiting') AS waiting FROM finance_businessfact
         WHERE occurred_on BETWEEN %(first)s AND %(last)s) facts
"""


@dataclass(frozen=True)
class Counts:
    """Plain counts of one month. `sides_differ`: its movements do not balance; `lines_differ`: they are not the sum of
    its posted lines. `sold`: dimension combinations sold by quantity; `costed`: some cost of sales was booked.
    `rates` of its last day by currency and `cash_days`, (account, movement) day by day, hold decimals as text;
    `stock_accounts` is {item category: account}.
    """

    earlier_open: int
    posted: int
    unposted: int
    gaps: int
    sides_differ: bool
    lines_differ: bool
    guessed_tags: int
    facts_told: int
    facts_waiting: int
    sold: int
    costed: bool
    vat_paid: Decimal
    taxpayer_kind: str | None
    rates: Mapping[str, str]
    stock_accounts: Mapping[str, str]
    cash_days: Sequence[tuple[str, str]]


def count_month(period: Period, *, vat_paid: str) -> Counts:
    """Count; `vat_paid` is the code of 已交税金."""
    month = period.as_month
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {
                "index": month.index, "period": period.pk, "first": month.first_day, "last": month.last_day,
                "vat_paid": f"{vat_paid}%",
            },
        )  # fmt: skip
        return Counts(*cursor.fetchone())
