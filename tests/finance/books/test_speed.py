"""Promises of finance.md section 16 that a change may break unnoticed: how often posting asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.finance import services
from tests.finance.books.hands import AT, credit, debit


def four_lines() -> list:
    return [
        debit("1403", "700.00", aux={"item": "M-STEEL"}),
        debit("560206", "30.00", "办公用品"),
        credit("1002", "30.00"),
        credit("220201", "700.00", "应付", aux={"supplier": "S001"}),
    ]


def test_posting_four_lines_asks_eight_times(draft, alice):
    draft(four_lines())  # the combos are known now, as they are on any ordinary day
    voucher = draft(four_lines())
    services.review(voucher_id=voucher.pk, actor=alice, at=AT)

    with CaptureQueriesContext(connection) as queries:
        services.post(voucher_id=voucher.pk, actor=alice, at=AT)

    # Hold, lines, fact, webhooks, books, log; savepoint and release counted.
    assert len(queries) <= 8


def test_the_number_of_lines_does_not_count(draft, alice):
    many = draft([*four_lines()] * 20)
    services.review(voucher_id=many.pk, actor=alice, at=AT)

    with CaptureQueriesContext(connection) as queries:
        services.post(voucher_id=many.pk, actor=alice, at=AT)
    with CaptureQueriesContext(connection) as drafting:
        draft([*four_lines()] * 20)

    assert len(queries) <= 8
    assert len(drafting) <= 15


def test_the_proof_finds_nothing_in_sound_books(posted):
    posted(four_lines())
    posted()

    proof = services.prove_books()

    assert proof.ok
    assert proof.chain.length == 2
