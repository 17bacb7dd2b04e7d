"""Many facts, few messages: the first is told at once, and no fact waits for a message that has already started."""

from datetime import timedelta

import pytest

from kernel import events, nudging
from kernel.models import Delivery
from kernel.tasks import deliver_facts
from tests.kernel.test_facts import listener, publish  # noqa: F401  # a fixture

SHARE = timedelta(milliseconds=200)


@pytest.fixture
def sent(settings, monkeypatch):
    """Moments at which the messages are to be taken up; `sent.clock` is the machine's."""

    class Sent(list):
        clock = 1000.0

    told = Sent()
    settings.QZ_FACTS_GATHERED = SHARE
    monkeypatch.setattr(nudging, "_due", {})
    monkeypatch.setattr(nudging.time, "monotonic", lambda: told.clock)
    monkeypatch.setattr(deliver_facts, "apply_async", lambda countdown: told.append(round(told.clock + countdown, 3)))
    monkeypatch.setattr(deliver_facts, "delay", lambda: told.append(told.clock))
    return told


def test_three_hundred_moves_of_a_second_share_some_messages(in_hongda, sent):
    for number in range(300):
        sent.clock = 1000 + number / 300
        nudging.nudge()

    # at once, then one for each fifth of a second that follows
    assert sent == [1000.0, 1000.2, 1000.4, 1000.6, 1000.8, 1001.0]


def test_whatever_is_published_a_message_starts_after_it_and_soon(in_hongda, sent):
    moments = [1000.0, 1000.01, 1000.19, 1000.2, 1000.21, 1000.5, 1003.0, 1003.05]

    for moment in moments:
        sent.clock = moment
        nudging.nudge()

    waits = [min(start - moment for start in sent if start >= moment) for moment in moments]
    assert max(waits) <= SHARE.total_seconds() + 0.001
    assert waits[0] == waits[6] == 0  # after a pause nobody waits


def test_companies_do_not_share_their_silence(in_hongda, sent, monkeypatch):
    nudging.nudge()
    monkeypatch.setattr(nudging, "current_company", lambda: type("Other", (), {"id": 999_999}))

    nudging.nudge()

    assert sent == [1000.0, 1000.0]


def test_a_queue_that_is_down_is_asked_again_by_the_next_fact(in_hongda, sent, monkeypatch):
    def broken() -> None:
        raise ConnectionError("the queue is down")

    with monkeypatch.context() as down:
        down.setattr(deliver_facts, "delay", broken)
        with pytest.raises(ConnectionError):
            nudging.nudge()

    nudging.nudge()

    assert sent == [1000.0]


def test_what_one_message_leaves_over_gets_another(in_hongda, listener, monkeypatch):  # noqa: F811  # the fixture
    monkeypatch.setattr(events, "AT_ONCE", 2)
    for number in range(5):
        publish(number)

    deliver_facts()

    assert not Delivery.objects.exclude(state="done").exists()
