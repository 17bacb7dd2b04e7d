"""Two sides change the same order at the same moment: one wins, the other is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from apps.supply.domain.terms import CHANGED, Change
from apps.supply.models import SharedOrder
from apps.supply.services import delivering, links, negotiating
from apps.supply.services.orders import LineWish, OrderWish, create_order
from apps.supply.services.turns import Act
from kernel.clock import now
from kernel.errors import DomainError, StaleVersion
from tenants.context import Company, company_of, tenant_context
from tenants.models import Tenant
from tests.people import member
from tests.supply.domain.given import D
from tests.supply.given import given_items, given_partner

ROUNDS = 50


def _companies() -> tuple[Company, Company]:
    return tuple(company_of(Tenant.objects.get(slug=slug)) for slug in ("hongda", "hengxin"))  # type: ignore[return-value]


@pytest.fixture
def agreed(committed_db: str) -> tuple[Company, Company, Any]:
    hongda, hengxin = _companies()
    alice, charlie = member("alice@hongda.example"), member("charlie@hengxin.example")
    given_partner(hongda, alice, "S-HX", "恒信机械")
    given_partner(hengxin, charlie, "C-HD", "宏达五金制品")
    given_items(hongda, alice, "M6-BOLT")
    with tenant_context(hongda):
        link, code = links.create_link(partner_code="S-HX", role="buyer", guest=None, actor=alice, at=now())
    with tenant_context(hengxin):
        links.accept_link(code=code, partner_code="C-HD", actor=charlie, at=now())
    with tenant_context(hongda):
        links.move_link(link_id=link.pk, verb="confirm", reason="", actor=alice, at=now())
        line = LineWish(item="M6-BOLT", quantity=D("100"), unit_price=D("1"))
        order = create_order(wish=OrderWish(partner="S-HX", lines=[line]), act=Act(actor=alice, at=now()))
    with tenant_context(hengxin):
        delivering.deliver_waiting(at=now())
        SharedOrder.objects.get(pk=order.pk).items.update(is_text=True)
        act = Act(actor=charlie, at=now())
        negotiating.respond(order_id=order.pk, seen=1, code="AP", changes=[], reason="", act=act)
    with tenant_context(hongda):
        delivering.deliver_waiting(at=now())
    return hongda, hengxin, order.pk


def test_fifty_pairs_of_simultaneous_changes_have_fifty_winners(agreed):
    hongda, hengxin, order_id = agreed
    people = {hongda.id: member("alice@hongda.example"), hengxin.id: member("charlie@hengxin.example")}
    gate = Barrier(2)

    def propose(company: Company, seen: int, quantity: int) -> str:
        try:
            with tenant_context(company):
                gate.wait(30)
                change = Change(line=1, action=CHANGED, quantity=D(quantity))
                negotiating.change(
                    order_id=order_id, seen=seen, changes=[change], reason="",
                    act=Act(actor=people[company.id], at=now()),
                )  # fmt: skip
            return "won"
        except StaleVersion:
            return "stale"
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    outcomes = []
    with ThreadPoolExecutor(2) as pool:
        for _round in range(ROUNDS):
            for company in (hengxin, hongda):  # what the worker does between two rounds
                with tenant_context(company):
                    delivering.deliver_waiting(at=now())
            with tenant_context(hongda):
                seen = SharedOrder.objects.get(pk=order_id).seq
            pair = [pool.submit(propose, company, seen, 100 + seen) for company in (hongda, hengxin)]
            outcomes.append(sorted(one.result(60) for one in pair))
            winner = hongda if pair[0].result() == "won" else hengxin
            with tenant_context(winner):
                negotiating.withdraw(order_id=order_id, seen=seen + 1, act=Act(actor=people[winner.id], at=now()))

    assert outcomes == [["stale", "won"]] * ROUNDS
