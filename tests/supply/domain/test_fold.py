"""The fold: who may do what when, and what is agreed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.supply.domain.errors import RuleBroken
from apps.supply.domain.fold import Order, Version, advance, fold
from tests.supply.domain.given import BOLT, D, cancel, change, order, respond, withdraw


def code_of(before: Order, version: Version) -> str:
    with pytest.raises(RuleBroken) as broken:
        advance(before, version)
    return broken.value.code


def test_an_order_is_accepted_and_an_empty_promise_becomes_the_requested_date():
    folded = fold([order(), respond(2, "seller", "AP")])

    line = folded.terms.lines[0]
    assert (folded.state, folded.waiting_for, folded.agreed.seq) == ("agreed", None, 2)
    assert line.promised_date == line.first_promised == date(2026, 7, 10)
    # 1000 x 0.12 + 20 x 35.5 = 120.00 + 710.00
    assert folded.terms.total(price_includes_tax=True) == D("830.00")
    # 120 x 1.13 + 710 x 1.13 = 135.60 + 802.30
    assert folded.terms.total(price_includes_tax=False) == D("937.90")


def test_a_split_counter_waits_for_the_buyer_and_is_agreed_by_him():
    counter = respond(
        2, "seller", "CA",
        {"line": 1, "action": 3, "quantity": "600", "promised_date": "2026-07-12"},
        {"line": 3, "action": 1, "split_of": 1, "quantity": "400", "promised_date": "2026-07-20"},
    )  # fmt: skip

    countered = fold([order(), counter])
    agreed = fold([order(), counter, respond(3, "buyer", "AP")])

    assert (countered.state, countered.waiting_for, countered.agreed) == ("countered", "buyer", None)
    lines = agreed.terms.by_number()
    assert [lines[n].quantity for n in (1, 2, 3)] == [D("600"), D("20"), D("400")]
    assert lines[3].item == "M6-BOLT" and lines[3].first_promised == date(2026, 7, 20)


def test_first_promised_follows_the_buyers_move_alone():
    agreed = [order(BOLT), respond(2, "seller", "AP")]
    later = [
        change(3, "seller", {"line": 1, "action": 3, "promised_date": "2026-07-18"}),
        respond(4, "buyer", "AP"),
    ]
    moved = [
        change(5, "buyer", {"line": 1, "action": 3, "requested_date": "2026-08-01"}),
        respond(6, "seller", "AP"),
    ]

    seller_was_late = fold(agreed + later).terms.lines[0]
    buyer_moved = fold(agreed + later + moved).terms.lines[0]

    assert (seller_was_late.promised_date, seller_was_late.first_promised) == (date(2026, 7, 18), date(2026, 7, 10))
    assert (buyer_moved.promised_date, buyer_moved.first_promised) == (date(2026, 8, 1), date(2026, 8, 1))


@pytest.mark.parametrize(
    ("chain", "next_version", "code"),
    [
        ([order()], respond(2, "buyer", "AP"), "not_your_turn"),
        ([order(), respond(2, "seller", "AP")], respond(3, "buyer", "AP"), "not_your_turn"),
        ([order()], change(2, "seller", {"line": 1, "action": 3, "quantity": "5"}), "answer_first"),
        ([order()], withdraw(2, "buyer"), "not_agreed"),
        ([order()], cancel(2, "seller"), "wrong_side"),
        ([order()], respond(2, "seller", "AP", {"line": 1, "action": 5}), "use_counter"),
        ([order()], respond(2, "seller", "CA", {"line": 9, "action": 3, "quantity": "5"}), "unknown_line"),
        ([order(), cancel(2, "buyer")], respond(3, "seller", "AP"), "order_closed"),
        ([order(), respond(2, "seller", "RE")], change(3, "buyer", {"line": 1, "action": 2}), "order_closed"),
        (
            [order(), respond(2, "seller", "AP"), change(3, "buyer", {"line": 1, "action": 3, "quantity": "5"})],
            cancel(4, "seller"), "answer_first",
        ),
        (
            [order(), respond(2, "seller", "AP"), cancel(3, "buyer")],
            respond(4, "seller", "CA", {"line": 1, "action": 3, "quantity": "5"}), "answer_first",
        ),
        (
            [order(), respond(2, "seller", "AP")],
            change(3, "seller", {"line": 1, "action": 3, "requested_date": "2026-09-01"}), "wrong_side",
        ),
    ],
)  # fmt: skip
def test_refusals(chain: list[Version], next_version: Version, code: str):
    before = fold(chain)

    assert code_of(before, next_version) == code
    assert fold([*chain, next_version]).ineffective == (next_version.seq,)


def test_cancelling_an_agreed_order_needs_the_other_side():
    agreed = [order(), respond(2, "seller", "AP"), cancel(3, "buyer")]

    asked = fold(agreed)
    kept = fold([*agreed, respond(4, "seller", "RE")])
    gone = fold([*agreed, respond(4, "seller", "AP")])

    assert (asked.state, asked.waiting_for) == ("cancelling", "seller")
    assert (kept.state, gone.state) == ("agreed", "cancelled")


_line = st.fixed_dictionaries(
    {"line": st.integers(1, 4), "action": st.sampled_from([1, 2, 3, 4, 5, 7])},
    optional={
        "quantity": st.sampled_from(["1", "25", "600"]),
        "unit_price": st.sampled_from(["0.1", "7"]),
        "promised_date": st.sampled_from(["2026-07-11", "2026-08-11"]),
        "requested_date": st.sampled_from(["2026-07-01", "2026-08-01"]),
        "split_of": st.integers(1, 4),
    },
)
_step = st.tuples(
    st.sampled_from(["buyer", "seller"]),
    st.one_of(
        st.tuples(st.just("order_change"), st.fixed_dictionaries({"lines": st.lists(_line, max_size=3)})),
        st.tuples(st.just("order_change"), st.just({"withdraw": True})),
        st.tuples(
            st.just("order_response"),
            st.fixed_dictionaries({"code": st.sampled_from(["AP", "CA", "RE"]), "lines": st.lists(_line, max_size=2)}),
        ),
        st.tuples(st.just("order_response"), st.just({"code": "AP"})),
        st.tuples(st.just("order_cancel"), st.just({})),
        st.tuples(st.just("order_response"), st.just({"code": "nonsense", "lines": 7})),
    ),
)


def chain_of(steps: list) -> list[Version]:
    rest = [Version(seq=n, kind=kind, by=by, payload=payload) for n, (by, (kind, payload)) in enumerate(steps, 2)]
    return [order(), *rest]


@given(st.lists(_step, max_size=12), st.randoms())
def test_p2_any_order_and_any_repeat_folds_the_same(steps, random):
    chain = chain_of(steps)
    shuffled = chain + random.sample(chain, k=len(chain) // 2)
    random.shuffle(shuffled)

    assert fold(shuffled) == fold(chain)


@given(st.lists(_step, max_size=15))
def test_p3_agreed_terms_change_only_by_the_side_that_did_not_propose(steps):
    chain = chain_of(steps)

    for size in range(1, len(chain)):
        before, after, version = fold(chain[:size]), fold(chain[: size + 1]), chain[size]
        if after.agreed != before.agreed:
            assert before.open is not None and before.open.by != version.by
            assert version.kind == "order_response" and version.payload["code"] == "AP"


@given(st.lists(_step, min_size=1, max_size=10))
def test_p4_what_is_refused_has_no_effect(steps):
    chain = chain_of(steps)
    folded = fold(chain)
    effective = [version for version in chain if version.seq not in folded.ineffective]
    renumbered = [replace(version, seq=place) for place, version in enumerate(effective, 1)]

    again = fold(renumbered)

    assert (again.state, again.closed, again.waiting_for) == (folded.state, folded.closed, folded.waiting_for)
    assert [line.quantity for line in again.terms.lines] == [line.quantity for line in folded.terms.lines]
