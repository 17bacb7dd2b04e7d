"""Posting under load: 8 clients on 20 hot items, each move a receipt or an issue through the service, valuation on.

`python -m benchmarks.stock_moves [seconds]`; promises of inventory.md §18: 300 moves/s, a document of 200 lines < 1 s.
"""

import multiprocessing
import random
import sys
import time
from datetime import date
from decimal import Decimal

from django.db import connections
from django.utils import timezone

from apps.inventory.records import IssueLine
from apps.inventory.services.proof import broken_stock
from apps.inventory.services.stock.heads import Head
from apps.inventory.services.stock.issuing import issue
from benchmarks.common import finish, installation, make_company, measure, result
from benchmarks.stock_common import make_items, make_warehouses, put_in, take_out, use_method
from kernel.errors import DomainError
from tenants.context import Company, tenant_context
from tenants.rights import Member

CLIENTS, HOT, SECONDS = 8, 20, 20.0
TODAY = date(2026, 6, 15)


def main(seconds: float) -> None:
    with installation():
        company, owner = make_company()
        with tenant_context(company):
            codes = stocked(200, owner)
            document = measure("issue of 200 lines", lambda: _big(codes, owner), times=10).kept(1000)
        rate = load(company, owner, codes[:HOT], seconds)
        with tenant_context(company):
            proved = broken_stock() == []
        # `result` keeps what stays below a limit: milliseconds of one move at the promised rate.
        kept = result(f"a move, {CLIENTS} clients on {HOT} hot items", 1000 / rate, 1000 / 300, "ms", "promise")
        print(f"moves per second: {rate:.0f}; the sums hold: {proved}")
    finish([document, kept, proved])


def stocked(count: int, owner: Member) -> list[str]:
    """Items at the moving average with plenty of each in the first of two warehouses."""
    codes = make_items(count)
    make_warehouses(2)
    use_method(codes, "moving_average", owner)
    for code in codes:
        put_in(code, "100000", "100000.00", on=TODAY, actor=owner)
    return codes


def _big(codes: list[str], owner: Member) -> None:
    lines = [IssueLine(item=code, quantity=Decimal(1)) for code in codes]
    head = Head(moved_on=TODAY, reason="material", actor=owner, at=timezone.now())
    issue(head=head, warehouse="W01", lines=lines)


def load(company: Company, owner: Member, codes: list[str], seconds: float) -> float:
    """Moves per second of all clients, each a process with a connection of its own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    counts = context.Queue()
    gate = context.Barrier(CLIENTS)
    clients = [
        context.Process(target=_client, args=(company, owner, codes, seconds, number, gate, counts))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    done = sum(counts.get() for _client_ in clients)
    for client in clients:
        client.join()
    return float(done) / seconds


def _client(company, owner, codes, seconds, number, gate, counts) -> None:
    chance = random.Random(number)
    done = 0
    with tenant_context(company):
        gate.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            code = chance.choice(codes)
            try:
                if chance.random() < 0.5:
                    put_in(code, "3", f"{chance.randint(100, 900)}.17", on=TODAY, actor=owner)
                else:
                    take_out(code, "2", on=TODAY, actor=owner)
                done += 1
            except DomainError:
                continue
    connections.close_all()
    counts.put(done)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
