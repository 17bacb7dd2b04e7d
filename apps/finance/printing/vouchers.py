"""记账凭证 on paper: A5 landscape, A4 two-up, 240 × 140 mm; long ones in parts numbered 1/3, 2/3 (分数编号)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.finance.domain.numbers import fractions
from apps.finance.models import Book, Voucher
from apps.finance.printing.paper import pdf
from apps.finance.selectors.voucher_detail import LineRow, in_words, rows_of
from kernel.errors import Invalid

PAPERS = ("a5", "a4", "240x140")
LINES_A_SHEET = 5
MOST = 500


@dataclass(frozen=True)
class Sheet:
    """One printed form: a part of a voucher. Only the last part carries the words of the total."""

    voucher: Voucher
    lines: Sequence[LineRow]
    fraction: str
    blanks: range
    words: str
    debit: Decimal
    credit: Decimal


def voucher_pdf(*, book: Book, vouchers: Sequence[Voucher], paper: str = "a5") -> bytes:
    """The vouchers (from `with_lines`) in the order given. Raises Invalid for another paper or too many."""
    if paper not in PAPERS:
        raise Invalid(_("纸张只能是 a5、a4 或 240x140。"), fields={"paper": [paper[:20]]})
    if len(vouchers) > MOST:
        raise Invalid(_("一次最多打印 %(most)s 张凭证，请分批打印。") % {"most": MOST})
    with override("zh-hans"):  # the form of the law is Chinese, whoever prints it (令98 art. 53)
        rows = rows_of(list(vouchers))
        sheets = [sheet for voucher in vouchers for sheet in _sheets(voucher, rows[voucher.pk])]
        return pdf("finance/print/vouchers.html", {"book": book, "sheets": sheets, "paper": paper})


def _sheets(voucher: Voucher, lines: Sequence[LineRow]) -> list[Sheet]:
    parts = fractions(len(lines), LINES_A_SHEET)
    return [
        _sheet(voucher, lines[index * LINES_A_SHEET : (index + 1) * LINES_A_SHEET], part, last=index == len(parts) - 1)
        for index, part in enumerate(parts)
    ]


def _sheet(voucher: Voucher, lines: Sequence[LineRow], fraction: str, *, last: bool) -> Sheet:
    return Sheet(
        voucher=voucher,
        lines=lines,
        fraction=fraction,
        blanks=range(LINES_A_SHEET - len(lines)),
        words=in_words(voucher.total) if last else "",
        debit=voucher.total,
        credit=voucher.total,
    )
