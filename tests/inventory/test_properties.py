"""What holds whatever happens: P1 to P5, P7 and P8 of stock."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.inventory.domain.amounts import half_up, spread
from apps.inventory.domain.costing import Group, Move, Values, fold
from apps.inventory.models import CostEntry, CostGroup, Level, StockDocument, StockMove
from apps.inventory.selectors.valuation import cells
from apps.inventory.services.proof import broken_stock
from kernel.errors import DomainError
from tests.inventory import shop

METHODS = st.sampled_from(
    [("moving_average", "company"), ("moving_average", "warehouse"), ("fifo", "company"), ("fifo", "warehouse"),
     ("monthly_average", "company")]
)  # fmt: skip
# A story is dozens of postings: showing one that fails matters more than showing the shortest.
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@dataclass(frozen=True)
class Deed:
    """One posting of a random story."""

    do: str
    day: int
    quantity: int
    amount: int
    place: str
    pick: int


DEEDS = st.builds(
    Deed,
    do=st.sampled_from(["receive", "receive", "issue", "issue", "transfer", "return", "reverse", "adjust", "land"]),
    day=st.integers(1, 28), quantity=st.integers(1, 30), amount=st.integers(0, 5000),
    place=st.sampled_from(["W1", "W2"]), pick=st.integers(0, 50),
)  # fmt: skip


def play(deed: Deed, done: list[StockDocument]) -> None:
    """Post one deed; the business may say no."""
    on, quantity = f"2026-03-{deed.day:02d}", f"{deed.quantity}.5"
    try:
        with transaction.atomic():
            done.append(_post(deed, on, quantity, done))
    except DomainError:
        return


def _post(deed: Deed, on: str, quantity: str, done: list[StockDocument]) -> StockDocument:
    if deed.do == "receive" or not done:
        amount = str(Decimal(deed.amount) / 100)
        return shop.receive_of("X", quantity, on=on, warehouse=deed.place, amount=amount)
    other = "W2" if deed.place == "W1" else "W1"
    chosen = done[deed.pick % len(done)]
    if deed.do == "issue":
        return shop.issue_of("X", quantity, on=on, warehouse=deed.place)
    if deed.do == "transfer":
        return shop.transfer_of("X", quantity, on=on, source=deed.place, target=other)
    if deed.do == "adjust":
        return shop.adjust_of("X", str(Decimal(deed.amount - 2500) / 100), on=on, warehouse=deed.place)
    if deed.do == "land":
        return shop.land_of([chosen.pk], str(Decimal(deed.amount + 1) / 100), on="2026-03-28")
    if deed.do == "return":
        return _back(chosen, on, quantity)
    return shop.reverse_of(chosen)


def _back(chosen: StockDocument, on: str, quantity: str) -> StockDocument:
    move = chosen.moves.select_related("warehouse").order_by("id").first()
    if move is None:
        return shop.reverse_of(chosen)
    if move.quantity < 0:
        return shop.receive_of(
            "X", quantity, on=on, warehouse=move.warehouse.code, reason="sales_return", origin=move.pk
        )
    return shop.issue_of("X", quantity, on=on, warehouse=move.warehouse.code, reason="purchase_return", origin=move.pk)


@pytest.fixture
def fresh(in_hongda: object) -> Any:
    """Every example starts from an empty store and leaves nothing."""

    def begin(method: str, scope: str) -> None:
        shop.make_item("X", method=method, scope=scope)
        shop.make_warehouse("W1")
        shop.make_warehouse("W2")

    return begin


class Undo(Exception):
    """Takes an example back."""


@SLOW
@given(kind=METHODS, deeds=st.lists(DEEDS, min_size=3, max_size=14))
def test_sums_hold_after_any_story_and_after_its_close(fresh: Any, kind: tuple[str, str], deeds: list[Deed]):
    with pytest.raises(Undo), transaction.atomic():
        fresh(*kind)
        done: list[StockDocument] = []
        for deed in deeds:
            play(deed, done)

        assert broken_stock() == []
        shop.close_of("2026-03")
        assert broken_stock() == []
        for group in CostGroup.objects.filter(quantity=0):
            assert group.value == 0
        raise Undo


@SLOW
@given(
    kind=METHODS,
    deeds=st.lists(DEEDS.filter(lambda deed: deed.do in ("receive", "issue", "transfer")), min_size=2, max_size=8),
    shuffle=st.randoms(use_true_random=False),
)
def test_any_order_of_posting_gives_the_same_sums(fresh: Any, kind: tuple[str, str], deeds: list[Deed], shuffle: Any):
    # One posting a day: the order within a day is the order of posting, and that is meant.
    days = {deed.day: deed for deed in deeds}
    sums = []
    for order in (sorted(days), shuffle.sample(sorted(days), len(days))):
        with pytest.raises(Undo), transaction.atomic():
            fresh(*kind)
            posted: list[StockDocument] = []
            for day in order:
                play(days[day], posted)
            shop.close_of("2026-03")
            # A story's first deed is a receipt whatever it was drawn as: only the same documents are compared.
            sums.append((frozenset((document.moved_on, document.kind) for document in posted), _by_day()))
            raise Undo

    if sums[0][0] == sums[1][0]:
        assert sums[0][1] == sums[1][1]


def _by_day() -> dict[date, Decimal]:
    found: dict[date, Decimal] = {}
    for move in StockMove.objects.order_by("id"):
        found[move.moved_on] = found.get(move.moved_on, Decimal(0)) + (shop.amount_of(move) or Decimal(0))
    return found


@SLOW
@given(kind=METHODS, before=st.lists(DEEDS, min_size=3, max_size=8), after=st.lists(DEEDS, min_size=1, max_size=6))
def test_a_closed_month_never_changes(fresh: Any, kind: tuple[str, str], before: list[Deed], after: list[Deed]):
    with pytest.raises(Undo), transaction.atomic():
        fresh(*kind)
        done: list[StockDocument] = []
        for deed in before:
            play(deed, done)
        shop.close_of("2026-03")
        fingerprint, moment = _march(), timezone.now()
        first_print = cells(day=date(2026, 3, 31), known_at=moment, today=date(2026, 4, 30))

        for deed in after:
            _play_in_april(deed, done)

        assert _march() == fingerprint
        assert cells(day=date(2026, 3, 31), known_at=moment, today=date(2026, 4, 30)) == first_print
        assert broken_stock() == []
        shop.close_of("2026-04")
        assert broken_stock() == []
        raise Undo


def _play_in_april(deed: Deed, done: list[StockDocument]) -> None:
    try:
        with transaction.atomic():
            done.append(_post(deed, f"2026-04-{deed.day:02d}", f"{deed.quantity}.5", done))
    except DomainError:
        return


def _march() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, move_id, amount, kind, dated_on FROM inventory_costentry"
            " WHERE dated_on <= '2026-03-31' ORDER BY id"
        )
        return hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()


@SLOW
@given(kind=METHODS, deeds=st.lists(DEEDS, min_size=2, max_size=8))
def test_a_reversal_restores_quantity_and_value(fresh: Any, kind: tuple[str, str], deeds: list[Deed]):
    with pytest.raises(Undo), transaction.atomic():
        fresh(*kind)
        done: list[StockDocument] = []
        for deed in deeds[:-1]:
            play(deed, done)
        before = _state()
        posted = len(done)
        play(deeds[-1], done)
        if len(done) > posted and done[-1].reverses_id is None:
            shop.reverse_of(done[-1])
            assert _state() == before
        raise Undo


def _state() -> list[tuple[Any, ...]]:
    levels = [row for row in Level.objects.order_by("id").values_list("id", "quantity") if row[1]]
    return [
        *levels,
        *(row for row in CostGroup.objects.order_by("id").values_list("id", "quantity", "value") if row[1]),
    ]


@SLOW
@given(
    amounts=st.lists(st.integers(1, 99999), min_size=1, max_size=4),
    quantity=st.integers(1, 40),
    share=st.integers(1, 9),
)
def test_transfers_and_assemblies_conserve_value(fresh: Any, amounts: list[int], quantity: int, share: int):
    with pytest.raises(Undo), transaction.atomic():
        fresh("moving_average", "warehouse")
        shop.make_item("Y", method="moving_average", scope="warehouse")
        shop.make_item("Z", method="fifo", scope="warehouse")
        for amount in amounts:
            shop.receive_of("X", "13", on="2026-03-01", amount=str(Decimal(amount) / 100))
        whole = sum(amounts)

        shop.transfer_of("X", f"{min(quantity, 13)}", on="2026-03-02", source="W1", target="W2")
        outputs = [{"item": "Y", "quantity": "3", "share": f"{share}"}, {"item": "Z", "quantity": "2", "share": "1"}]
        shop.assemble_of([{"item": "X", "quantity": "1"}], outputs, on="2026-03-03", warehouse="W2")

        assert sum(group.value for group in CostGroup.objects.all()) == Decimal(whole) / 100
        assert sum(entry.amount for entry in CostEntry.objects.all()) == Decimal(whole) / 100
        raise Undo


# -- The fold alone ----------------------------------------------------------------------------------------------


@given(
    steps=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 10**6)), min_size=1, max_size=20),
    outs=st.lists(st.integers(1, 400), max_size=20),
    method=st.sampled_from(["moving_average", "fifo", "specific"]),
)
def test_value_is_the_sum_of_amounts_and_nothing_is_left_when_nothing_is_left(steps, outs, method):
    group, values, moves = Group(1, 1, method), Values(), []
    for number, (quantity, amount) in enumerate(steps, start=1):
        moves.append(Move(number, date(2026, 1, 1), 1, quantity, "given", given=amount))
    left = sum(quantity for quantity, _amount in steps)
    for number, quantity in enumerate([*outs, left], start=len(steps) + 1):
        taken = min(quantity, left)
        if taken:
            moves.append(Move(number, date(2026, 1, 2), 1, -taken, "issue"))
            left -= taken
    if left:
        moves.append(Move(len(moves) + 1, date(2026, 1, 3), 1, -left, "issue"))

    fold({1: group}, moves, values)

    assert (group.quantity, group.value, group.layers) == (0, 0, [])
    assert sum(amount or 0 for amount in values.amounts.values()) == 0


@given(total=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_a_spread_sums_to_the_whole_and_no_part_is_off_by_more_than_one(total, weights):
    parts = spread(total, weights)

    assert sum(parts) == total
    if sum(weights):
        assert all(
            abs(part * sum(weights) - total * weight) < sum(weights)
            for part, weight in zip(parts, weights, strict=True)
        )


@given(numerator=st.integers(-(10**12), 10**12), denominator=st.integers(1, 10**6))
def test_halves_go_away_from_zero(numerator, denominator):
    found = half_up(numerator, denominator)

    assert found == -half_up(-numerator, denominator)
    assert abs(2 * (found * denominator - numerator)) <= denominator
