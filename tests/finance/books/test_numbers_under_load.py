"""12号 art. 21(3), 令98 art. 51(2): numbers run on without a gap, whoever posts at the same moment."""

from typing import Any

from django.db import transaction

from apps.finance import services
from apps.finance.domain.numbers import check_numbers
from apps.finance.models import ChainHead, Period, PeriodBalance, Voucher
from kernel.errors import DomainError
from tests.finance.books.hands import AT, JAN, Committed, at_once, yuan


def numbers(committed: Committed) -> list[int]:
    posted = Voucher.objects.filter(state="posted").order_by("no")
    return committed.inside(lambda: list(posted.values_list("no", flat=True)))


def codes_of(answers: list[Any]) -> list[str]:
    """Codes of the refusals; anything else that went wrong under its own name."""
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    return [error.code if isinstance(error, DomainError) else repr(error) for error in errors]


def test_eight_hands_post_and_no_number_is_missing(committed):
    ids = committed.drafts(48)

    def post(voucher_id: int):
        return lambda: committed.inside(lambda: services.post(voucher_id=voucher_id, actor=committed.alice, at=AT))

    answers = at_once([post(voucher_id) for voucher_id in ids])

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert check_numbers("记", numbers(committed)).gaps == ()
    assert numbers(committed) == list(range(1, 49))
    assert committed.inside(lambda: services.prove_chain().ok)
    assert committed.inside(lambda: ChainHead.objects.get().length) == 48
    bank = committed.inside(lambda: PeriodBalance.objects.get(account__code="1002"))
    assert (bank.credit, bank.n) == (yuan("480.00"), 48)  # 48 × 10.00


def test_one_voucher_is_posted_once(committed):
    (voucher_id,) = committed.drafts(1)

    answers = at_once(
        [lambda: committed.inside(lambda: services.post(voucher_id=voucher_id, actor=committed.alice, at=AT))] * 8
    )

    refused = codes_of(answers)
    assert refused == ["voucher_posted"] * 7
    assert numbers(committed) == [1]


def test_a_post_that_fails_gives_its_number_back(committed):
    first, second = committed.drafts(2)

    def break_off() -> None:
        with transaction.atomic():
            services.post(voucher_id=first, actor=committed.alice, at=AT)
            raise RuntimeError("the power failed")

    answers = at_once([lambda: committed.inside(break_off)])
    committed.inside(lambda: services.post(voucher_id=second, actor=committed.alice, at=AT))

    assert isinstance(answers[0], RuntimeError)
    assert numbers(committed) == [1]


def test_a_batch_numbers_by_date(committed):
    late = committed.drafts(1, date=JAN.replace(day=20))
    early = committed.drafts(1, date=JAN.replace(day=3))

    result = committed.inside(
        lambda: services.post_many(voucher_ids=[*late, *early, 999], actor=committed.alice, at=AT)
    )

    assert [(voucher.pk, voucher.no) for voucher in result.done] == [(early[0], 1), (late[0], 2)]
    assert [(voucher_id, error.code) for voucher_id, error in result.refused] == [(999, "not_found")]


def test_closing_and_posting_at_once_leave_no_row_behind(committed):
    committed.inside(
        lambda: services.alter_book(change=services.BookChange(monthly_profit_transfer=False), actor=committed.alice)
    )
    ids = committed.drafts(12)

    def post(voucher_id: int):
        return lambda: committed.inside(lambda: services.post(voucher_id=voucher_id, actor=committed.alice, at=AT))

    def close() -> None:
        committed.inside(lambda: services.close_period(period="2026-01", actor=committed.alice, at=AT))

    answers = at_once([*[post(voucher_id) for voucher_id in ids], *[close] * 12])

    closed = committed.inside(lambda: Period.objects.get(year=2026, month=1).is_closed)
    left = committed.inside(lambda: Voucher.objects.exclude(state="posted").count())
    codes = set(codes_of(answers))
    assert codes <= {"period_not_ready", "period_closed"}
    assert not (closed and left)
    assert numbers(committed) == list(range(1, len(numbers(committed)) + 1))


def test_drafting_altering_and_closing_never_wait_in_a_circle(committed):
    ids = committed.drafts(0) + _plain_drafts(committed, 6)

    def alter(voucher_id: int):
        return lambda: committed.inside(
            lambda: services.alter_draft(
                voucher_id=voucher_id, version=None, attachment_count=2, actor=committed.bob, at=AT
            )
        )

    def close() -> None:
        committed.inside(lambda: services.close_period(period="2026-01", actor=committed.alice, at=AT))

    answers = at_once([act for voucher_id in ids for act in (alter(voucher_id), close)])

    codes = set(codes_of(answers))
    assert codes == {"period_not_ready"}


def _plain_drafts(committed: Committed, count: int) -> list[int]:
    ids = committed.drafts(count)
    for voucher_id in ids:
        committed.inside(lambda: services.unreview(voucher_id=voucher_id, actor=committed.alice))  # noqa: B023  # run at once
    return ids
