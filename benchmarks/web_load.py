"""Many people at once on the demo company's home page and voucher list, through the real web server.

Everybody opens a page every two seconds, which is busier than people are; client and server share the machine.
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
SECONDS, PAUSE = 20.0, 2.0
MOST_ROUNDS = int(SECONDS / PAUSE) + 1
LOADS = ((20, 200.0), (50, 500.0))  # people, promise in milliseconds


def main() -> None:
    with installation():
        call_command("demo", stdout=sys.stderr)
        keys = sessions(max(people for people, _promise in LOADS))
        with web_server() as port:
            load(port, keys[:4], seconds=3.0)  # templates are read, connections stand
            kept = []
            for people, promise in LOADS:
                samples = load(port, keys[:people], seconds=SECONDS)
                for path in PAGES:
                    timing = Timing(path, samples[path])
                    name = f"{path} with {people} people, a page every {PAUSE:g} s each, p95 of {len(samples[path])}"
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


def load(port: int, keys: list[str], *, seconds: float) -> dict[str, list[float]]:
    """One thread a person for `seconds`; milliseconds of every page, by path."""
    with ThreadPoolExecutor(len(keys)) as people:
        found = list(people.map(lambda key: browse(port, key, seconds), keys))
    return {path: [ms for pages in found for asked, ms in pages if asked == path] for path in PAGES}


def browse(port: int, key: str, seconds: float) -> list[tuple[str, float]]:
    """What one person waits for; the first page comes at a random moment of the first pause."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": f"{SLUG}.{settings.QZ_BASE_DOMAIN}:{port}",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}",
        "Accept-Encoding": "gzip",
    }
    pages = []
    due = time.perf_counter() + random.random() * PAUSE
    until = due + seconds
    for number in range(MOST_ROUNDS):
        if due > until:
            break
        time.sleep(max(0.0, due - time.perf_counter()))
        path = PAGES[number % len(PAGES)]
        begin = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == http.client.OK, (path, answer.status)
        pages.append((path, (time.perf_counter() - begin) * 1000))
        due += PAUSE
    connection.close()
    return pages


if __name__ == "__main__":
    main()
