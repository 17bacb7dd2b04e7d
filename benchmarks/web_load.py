"""Many people at once on the demo company's home page and voucher list, through the real web server.

Twenty who open a page every two seconds, busier than people are, and fifty who take five; client and server share the
machine. What a thread reads once in its life is read before the clock starts.
"""

import http.client
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.management import call_command

from benchmarks.common import Timing, finish, installation, result
from kernel.demo import SLUG
from tenants.context import shared_context
from tenants.models import Membership
from tenants.sessions import SessionStore
from tools.web_server import web_server

PAGES = ("/", "/finance/vouchers/")
SECONDS = 20.0
LOADS = ((20, 2.0, 200.0), (50, 5.0, 500.0))  # people, seconds between two pages of one, promise in milliseconds


def main() -> None:
    with installation():
        call_command("demo", stdout=sys.stderr)
        keys = sessions(max(people for people, _pause, _promise in LOADS))
        with web_server() as port:
            load(port, keys, seconds=SECONDS, pause=10.0)
            kept = []
            for people, pause, promise in LOADS:
                samples = load(port, keys[:people], seconds=SECONDS, pause=pause)
                for path in PAGES:
                    timing = Timing(path, samples[path])
                    print(f"{path}: p50 {timing.percentile(0.5):.0f} ms")
                    name = f"{path} with {people} people, a page every {pause:g} s each, p95 of {len(samples[path])}"
                    kept.append(result(name, timing.percentile(0.95), promise, "ms", "promise"))
        finish(kept)


def sessions(count: int) -> list[str]:
    """Keys of that many signed-in browsers of the company's owner."""
    keys = []
    with shared_context():
        row = Membership.objects.get(tenant__slug=SLUG, role="owner")
        for _number in range(count):
            session = SessionStore()
            session.update({"user_id": row.user_id, "tenant_id": row.tenant_id})
            session.save()
            keys.append(str(session.session_key))
    return keys


def load(port: int, keys: list[str], *, seconds: float, pause: float) -> dict[str, list[float]]:
    """One thread a person for `seconds`; milliseconds of every page, by path."""
    with ThreadPoolExecutor(len(keys)) as people:
        found = list(people.map(lambda key: browse(port, key, seconds, pause), keys))
    return {path: [ms for pages in found for asked, ms in pages if asked == path] for path in PAGES}


def ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """One page, read whole; on a fresh connection, as browsers do, where the server had closed the idle one."""
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, BrokenPipeError):
        connection.close()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
    answer.read()
    return answer


def browse(port: int, key: str, seconds: float, pause: float) -> list[tuple[str, float]]:
    """What one person waits for; the first page comes at a random moment of the first pause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": f"{SLUG}.{settings.QZ_BASE_DOMAIN}:{port}",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}",
        "Accept-Encoding": "gzip",
    }
    pages = []
    due = time.perf_counter() + random.random() * pause
    until = due + seconds
    for number in range(int(seconds / pause) + 1):
        if due > until:
            break
        time.sleep(max(0.0, due - time.perf_counter()))
        path = PAGES[number % len(PAGES)]
        begin = time.perf_counter()
        answer = ask(connection, path, headers)
        assert answer.status == http.client.OK, (path, answer.status)
        pages.append((path, (time.perf_counter() - begin) * 1000))
        due += pause
    connection.close()
    return pages


if __name__ == "__main__":
    main()
