"""One Chromium for all browser tests of a run: the driver cannot be started twice in one process."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
PATIENCE = 20_000  # milliseconds: a busy machine must not look like a broken page
_running: list[tuple[Playwright, Browser]] = []
_holders: list[object] = []


def find_browser() -> str:
    """$BROWSER_BIN, else what stands in PATH; without one the tests fail and say what to do."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("BROWSER_BIN") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.fail("no browser: set BROWSER_BIN or install chromium and fonts-noto-cjk")
    return found


@contextmanager
def shared_chromium() -> Iterator[Browser]:
    """The browser of this run; started for the first who asks, closed by the last who leaves."""
    if not _running:
        # The driver keeps an event loop in this thread, in which Django would refuse the database; nothing here is
        # asynchronous, the tests only stand on that loop.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        player = sync_playwright().start()
        expect.set_options(timeout=PATIENCE)
        _running.append((player, player.chromium.launch(executable_path=find_browser(), args=FLAGS)))
    holder = object()
    _holders.append(holder)
    try:
        yield _running[0][1]
    finally:
        _holders.remove(holder)
        if not _holders:
            player, browser = _running.pop()
            browser.close()
            player.stop()
