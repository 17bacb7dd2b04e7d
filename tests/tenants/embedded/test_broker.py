"""The queue survives the death of the broker."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import kombu
import pytest

from tenants.embedded.endpoints import settings_urls
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.valkey import EmbeddedValkey, file_transport_options


@pytest.fixture
def broker(folder: Path) -> Iterator[EmbeddedValkey]:
    broker = EmbeddedValkey(folder)
    broker.start()
    yield broker
    broker.stop()


def test_queued_tasks_survive_kill_9(broker: EmbeddedValkey):
    with kombu.Connection(broker.address) as connection, connection.SimpleQueue("finance") as queue:
        for number in range(200):
            queue.put({"voucher": number})

    os.kill(broker.pid or 0, signal.SIGKILL)
    broker.stop()

    with kombu.Connection(broker.start()) as connection, connection.SimpleQueue("finance") as queue:
        kept = {queue.get(timeout=5).payload["voucher"] for _ in range(200)}
    assert kept == set(range(200))


def test_the_password_is_asked_for_and_not_in_the_process_list(broker: EmbeddedValkey):
    command = Path(f"/proc/{broker.pid}/cmdline").read_text()

    assert broker.secrets.broker_password not in command
    assert broker.answers()


def test_a_damaged_queue_file_is_one_sentence(broker: EmbeddedValkey, folder: Path):
    broker.stop()
    manifest = next((folder / "broker" / "appendonlydir").glob("*.manifest"))
    manifest.write_text("nonsense\n")

    with pytest.raises(EmbeddedError) as refusal:
        EmbeddedValkey(folder).start()

    assert str(folder / "broker") in refusal.value.en


def test_the_settings_know_the_address_before_the_start(folder: Path):
    urls = settings_urls(folder, {})

    broker = EmbeddedValkey(folder)
    broker.start()

    assert broker.address == urls.broker_url
    broker.stop()


def test_without_a_broker_messages_go_through_files(folder: Path):
    options = file_transport_options(folder)
    connection = kombu.Connection("filesystem://", transport_options=options)

    with connection, connection.SimpleQueue("finance") as queue:
        queue.put({"voucher": 17})
        assert queue.get(timeout=5).payload == {"voucher": 17}
