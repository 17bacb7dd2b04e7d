"""The proof of the books: the chain, the balances against the lines, the numbers against their counters."""

from dataclasses import dataclass

from django.db import connection

from apps.finance.domain.chain import ChainReport
from apps.finance.services.chain import prove_chain

_LINES = """
SELECT v.period_id, l.account_id, l.combo_id, l.currency, sum(l.debit) AS debit, sum(l.credit) AS credit,
       count(*) AS n
  FROM finance_voucherline l JOIN finance_voucher v ON v.id = l.voucher_id
 WHERE v.state = 'posted' GROUP BY 1, 2, 3, 4
"""
_BALANCES_DIFFER = f"""
SELECT count(*) FROM ({_LINES}) summed
  FULL JOIN finance_periodbalance b USING (period_id, account_id, combo_id, currency)
 WHERE summed.debit IS DISTINCT FROM b.debit OR summed.credit IS DISTINCT FROM b.credit OR summed.n IS DISTINCT FROM b.n
"""  # noqa: S608  # both parts are literals of this file
_UNBALANCED = """
SELECT count(*) FROM (
    SELECT 1 FROM finance_voucherline l JOIN finance_voucher v ON v.id = l.voucher_id WHERE v.state = 'posted'
     GROUP BY v.id, v.total HAVING sum(l.debit) <> sum(l.credit) OR sum(l.debit) <> v.total OR count(*) < 2) broken
"""
_GAPS = """
SELECT count(*) FROM (
    SELECT 1 FROM finance_voucher v LEFT JOIN finance_numbercounter c ON c.period_id = v.period_id AND c.word = v.word
     WHERE v.state = 'posted'
     GROUP BY v.period_id, v.word, c.last_no
    HAVING count(*) <> max(v.no) OR min(v.no) <> 1 OR max(v.no) IS DISTINCT FROM c.last_no) broken
"""


@dataclass(frozen=True)
class BookProof:
    """What a proof found: the chain, balance rows that are not the sum of their lines, unbalanced posted vouchers,
    and (period, word) pairs whose numbers have a gap.
    """

    chain: ChainReport
    balances_differ: int
    unbalanced: int
    gaps: int

    @property
    def ok(self) -> bool:
        return self.chain.ok and not (self.balances_differ or self.unbalanced or self.gaps)

    def problems(self) -> list[str]:
        """What does not hold, as sentences for operations; empty when all is well."""
        counts = {
            "links of the chain are broken": len(self.chain.problems),
            "balances are not the sum of their lines": self.balances_differ,
            "posted vouchers do not balance": self.unbalanced,
            "number series have a gap": self.gaps,
        }
        return [f"{count} {what}" for what, count in counts.items() if count]


def prove_books() -> BookProof:
    """Prove the whole book; reads only."""
    return BookProof(prove_chain(), _count(_BALANCES_DIFFER), _count(_UNBALANCED), _count(_GAPS))


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def broken_books() -> list[str]:
    """For the doctor: what does not hold in the books of this company."""
    return prove_books().problems()
