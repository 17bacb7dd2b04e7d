"""The search for cyclic garbage rests while plans are computed, and goes on afterwards."""

import gc

import pytest

from apps.production import collector


def test_it_rests_until_the_last_plan_is_done() -> None:
    first, second = collector.put_off(), collector.put_off()
    first.__enter__()
    second.__enter__()

    first.__exit__(None, None, None)  # the first plan ends while the second goes on
    assert not gc.isenabled()
    second.__exit__(None, None, None)

    assert gc.isenabled()


def test_it_goes_on_after_a_plan_that_broke_off() -> None:
    with pytest.raises(ZeroDivisionError), collector.put_off():
        1 / 0  # noqa: B018  # the fault is what is wanted

    assert gc.isenabled()


def test_who_had_turned_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with collector.put_off():
            pass

        assert not gc.isenabled()
    finally:
        gc.enable()
