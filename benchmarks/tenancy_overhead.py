"""Entering a company (role and path) costs under a millisecond and under a tenth of a small page."""

import statistics
import time

from django.db import connection
from django.test import Client

from benchmarks.common import finish, installation, make_company, result
from tenants.context import shared_context, tenant_context
from tenants.models import Membership

ROUNDS = 2000
PAGES = 200


def main() -> None:
    with installation():
        company, member = make_company()
        other, _ = make_company("hengxin", "恒信机械")
        switching = _per_round(lambda: _ask(company), lambda: _ask(other))
        plain = _per_round(_ask_nothing, _ask_nothing)
        page = _small_page(company.slug, member.user_id, company.id)
        cost = (switching - plain) * 1000
        finish(
            [
                result("switch of role and path, per request", cost, 1.0, "ms", "promise"),
                result("switch against a small page", cost, page * 1000 * 0.1, "ms", "a tenth of the page"),
            ]
        )


def _ask(company: object) -> None:
    with tenant_context(company), connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute("SELECT 1")


def _ask_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _per_round(*asks: object) -> float:
    """Median seconds of one ask."""
    times = []
    for _ in range(ROUNDS // len(asks)):
        for ask in asks:
            begin = time.perf_counter()
            ask()  # type: ignore[operator]
            times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _small_page(slug: str, user_id: int, tenant_id: int) -> float:
    """Median seconds of the home page of a member who is signed in."""
    with shared_context():
        Membership.objects.get(tenant_id=tenant_id, user_id=user_id)
        client = Client(HTTP_HOST=f"{slug}.localhost")
        session = client.session
        session.update({"user_id": user_id, "tenant_id": tenant_id})
        session.save()
        client.cookies["qz_session"] = str(session.session_key)
    times = []
    for _ in range(PAGES):
        begin = time.perf_counter()
        assert client.get("/").status_code == 200
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


if __name__ == "__main__":
    main()
