"""Bytes on the wire of the first and of a repeated view, and how much a page jumps, in a real browser."""

import os
import shutil
import sys

from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from benchmarks.common import finish, installation, result
from benchmarks.web_load import sessions
from kernel.demo import SLUG
from tools.web_server import web_server
from tools.wire import first_and_repeat

PAGES = ("/", "/finance/vouchers/", "/finance/vouchers/new/", "/finance/reports/trial-balance/", "/company/apps/")
WIDTHS = (1280, 390)
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]


def main() -> None:
    with installation():
        call_command("demo", stdout=sys.stderr)
        cookies = {settings.SESSION_COOKIE_NAME: sessions(1)[0]}
        with web_server() as port:
            kept = measure(f"http://{SLUG}.{settings.QZ_BASE_DOMAIN}:{port}", cookies)
        finish(kept)


def measure(host: str, cookies: dict[str, str]) -> list[bool]:
    program = os.environ.get("BROWSER_BIN") or shutil.which("chromium") or shutil.which("google-chrome")
    kept = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program, args=FLAGS)
        for path in PAGES:
            for width in WIDTHS:
                first, repeat = first_and_repeat(browser, host + path, cookies, width)
                assert first.status == repeat.status == 200, (path, first.status)
                name = f"{path} at {width} px"
                kept.append(result(f"{name}, first view", first.bytes / 1000, 80, "KB", "budget"))
                kept.append(result(f"{name}, repeat view", repeat.bytes / 1000, 12, "KB", "budget"))
                shift = max(first.shift, repeat.shift)
                kept.append(result(f"{name}, layout shift", shift, 0.05, "CLS", "budget"))
        browser.close()
    return kept


if __name__ == "__main__":
    main()
