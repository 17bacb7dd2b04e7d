"""取号 with many at once: nobody waits for a number that has a gap to spare, nobody gets one twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections, transaction

from apps.masterdata import public
from apps.masterdata.models import IssuedNumber
from apps.masterdata.services import numbers
from kernel.models import NumberCounter
from tenants.context import Company, company_of, leave_company, tenant_context
from tenants.models import Tenant

JUNE = date(2026, 6, 30)


def hongda() -> Company:
    return company_of(Tenant.objects.get(slug="hongda"))


def taken_beside(company: Company, document: str = "receipt") -> str:
    """A number that somebody else takes on a connection of his own, committed."""

    def take() -> str:
        try:
            with tenant_context(company), transaction.atomic():
                return public.next_number(document, JUNE)
        finally:
            leave_company()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(take).result(timeout=20)


def test_who_comes_second_does_not_wait(committed_db: str):
    company = hongda()

    with tenant_context(company), transaction.atomic():
        mine = public.next_number("receipt", JUNE)
        other = taken_beside(company)

    assert (mine, other) == ("RK2606-0001", "RK2606-0002")


def test_what_was_rolled_back_comes_again(committed_db: str):
    company = hongda()

    with tenant_context(company):
        with pytest.raises(RuntimeError), transaction.atomic():
            public.next_number("receipt", JUNE)
            raise RuntimeError
        assert public.next_number("receipt", JUNE) == "RK2606-0001"


def test_eight_at_once_get_numbers_of_their_own(committed_db: str):
    company, gate = hongda(), Barrier(8)

    def take() -> list[str]:
        try:
            with tenant_context(company):
                gate.wait()
                return [public.next_number("issue", JUNE) for _ in range(25)]
        finally:
            leave_company()
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        given = [number for answer in [pool.submit(take) for _ in range(8)] for number in answer.result()]

    assert len(set(given)) == 200  # 8 x 25
    with tenant_context(company):
        assert IssuedNumber.objects.filter(document="issue").count() == 200


def test_a_long_transaction_makes_others_wait_not_fail(committed_db: str):
    company = hongda()
    with tenant_context(company), transaction.atomic():
        many = [public.next_number("receipt", JUNE) for _ in range(100)]

    assert many[-1] == "RK2606-0100"
    assert taken_beside(company) == "RK2606-0101"


def test_a_changed_rule_counts_at_once(alice, in_hongda):
    first = public.next_number("receipt", JUNE)
    numbers.save_rule(
        document="receipt", pattern="SL{yy}{MM}-{seq:3}", reset="month", gapless=False, version=None, actor=alice
    )

    assert [first, public.next_number("receipt", JUNE)] == ["RK2606-0001", "SL2606-002"]


def test_a_rule_becomes_gapless_and_goes_on(alice, in_hongda):
    public.next_number("receipt", JUNE)
    public.next_number("receipt", JUNE)
    for gapless, expected in ((True, "RK2606-0003"), (False, "RK2606-0004")):
        numbers.save_rule(
            document="receipt", pattern="RK{yy}{MM}-{seq:4}", reset="month", gapless=gapless, version=None, actor=alice
        )

        assert public.next_number("receipt", JUNE) == expected


def test_counters_of_before_go_on(in_hongda):
    NumberCounter.objects.create(scope="masterdata:receipt::2026-06", last=41)

    assert public.next_number("receipt", JUNE) == "RK2606-0042"


def test_a_number_that_is_taken_is_stepped_over(in_hongda):
    for number in ("RK2606-0001", "RK2606-0002"):
        IssuedNumber.objects.create(document="receipt", number=number)

    assert public.next_number("receipt", JUNE) == "RK2606-0003"


def test_a_rule_that_starts_anew_steps_over_a_busy_month(alice, in_hongda):
    # 1,200 receipts of June, counted by the month; then the rule counts for ever, and prints the same text.
    rows = [
        IssuedNumber(document="receipt", number=f"RK2606-{n:04d}", counter="masterdata:receipt::2026-06", sequence=n)
        for n in range(1, 1201)
    ]
    IssuedNumber.objects.bulk_create(rows)
    rule = numbers.NumberRule.objects.get(document="receipt")
    numbers.save_rule(document="receipt", pattern=rule.pattern, reset="never", gapless=False, version=None, actor=alice)

    assert public.next_number("receipt", date(2026, 6, 30)) == "RK2606-1201"
