"""Facts go up exactly once, survive a failing listener, and catch a late listener up."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from kernel import events
from kernel.models import Delivery, Fact, NumberCounter


@dataclass(frozen=True, kw_only=True)
class BoltsCounted(events.Event):
    """A test's own fact."""

    name: ClassVar[str] = "test.bolts_counted"
    count_id: int


@dataclass(frozen=True, kw_only=True)
class FatFact(events.Event):
    name: ClassVar[str] = "test.fat"
    lines: list


@pytest.fixture
def listener(monkeypatch):
    """A reaction that writes one counter row for each fact; `broken` makes it fail."""
    monkeypatch.setattr(events, "_reactions", {})
    state = {"broken": False}

    def note(event: BoltsCounted) -> None:
        NumberCounter.objects.create(scope=f"bolts:{event.count_id}", last=1)
        if state["broken"]:
            raise RuntimeError("the listener fell over")

    events.on(BoltsCounted, note, module="finance")
    return state


def publish(count_id: int) -> None:
    with transaction.atomic():
        events.publish(BoltsCounted(count_id=count_id))


def due_again() -> None:
    Delivery.objects.update(next_try_at="2026-01-01T00:00:00+08:00")


def test_a_fact_reaches_its_listener_once(in_hongda, listener):
    publish(40)

    assert events.deliver_waiting() == (1, 0)
    assert events.deliver_waiting() == (0, 0)
    assert NumberCounter.objects.filter(scope="bolts:40").count() == 1


def test_a_failing_listener_leaves_no_trace_and_is_tried_again(in_hongda, listener):
    listener["broken"] = True
    publish(41)

    assert events.deliver_waiting() == (0, 1)
    assert not NumberCounter.objects.filter(scope="bolts:41").exists()  # its rows went with its transaction
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert "fell over" in delivery.last_error

    listener["broken"] = False
    due_again()
    assert events.deliver_waiting() == (1, 0)
    assert NumberCounter.objects.filter(scope="bolts:41").exists()


def test_a_module_bought_later_catches_up(in_hongda, listener, monkeypatch):
    monkeypatch.setattr(events, "has_module", lambda module: False)
    publish(42)
    assert Delivery.objects.count() == 0

    made = events.replay(module="finance")

    assert made == 1
    assert events.replay(module="finance") == 0  # nothing twice
    assert events.deliver_waiting() == (1, 0)


def test_a_rolled_back_fact_never_happened(in_hongda, listener):
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish(BoltsCounted(count_id=43))
        raise RuntimeError

    assert not Fact.objects.exists()


def test_a_fact_carries_only_numbers_and_text(in_hongda):
    with pytest.raises(TypeError), transaction.atomic():
        events.publish(FatFact(lines=[]))
