"""10,000 voucher lines from a file: check and draft, as an import job does. `python -m benchmarks.finance_import`."""

from django.utils import timezone

from apps.finance.imports.vouchers import apply, check
from apps.finance.services.book import BookSetup, set_up_book, start_book
from benchmarks.common import finish, installation, make_company, measure
from kernel.imports import ImportContext, ImportRow
from tenants.context import tenant_context
from tenants.rights import Member

VOUCHERS, LINES_EACH = 2500, 4
PROMISE = 30_000.0


def main() -> None:
    with installation():
        company, owner = make_company()
        with tenant_context(company):
            _prepare_book(owner)
            rows = _rows()
            context = ImportContext(member=owner, now=timezone.now(), job_id=1)
            kept = measure("import of 10,000 voucher lines", lambda: _import(rows, context), times=1, warm_up=0)
            done = kept.kept(PROMISE)
    finish([done])


def _prepare_book(owner: Member) -> None:
    setup = BookSetup(
        company_name="宏达五金制品", tax_id="91330200MA2AH12345", taxpayer_kind="general", start_period="2026-01"
    )
    set_up_book(setup=setup, actor=owner, at=timezone.now())
    start_book(actor=owner)


def _rows() -> list[ImportRow]:
    """Vouchers of four lines spread over January."""
    rows: list[ImportRow] = []
    for group in range(VOUCHERS):
        head = {"date": f"2026-01-{group % 28 + 1:02d}", "word": "记", "group": str(group + 1), "summary": "费用"}
        for account, debit, credit in (
            ("560206", "10.00", ""), ("560207", "20.00", ""), ("560208", "30.00", ""), ("1002", "", "60.00"),
        ):  # fmt: skip
            values = {**head, "account": account, "debit": debit, "credit": credit}
            rows.append(ImportRow(len(rows) + 2, values))
    return rows


def _import(rows: list[ImportRow], context: ImportContext) -> None:
    assert not check(rows, context).errors
    assert apply(rows, context).created == VOUCHERS


if __name__ == "__main__":
    main()
