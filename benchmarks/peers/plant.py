"""A made plant for planning on both sides: levels of items, two components each, lot for lot, demands over a year."""

import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from apps.masterdata import public as masterdata
from apps.production.models import Bom, BomLine, Demand, PlanningData
from benchmarks.mrp import START
from tenants.rights import Member

EACH = 2


@dataclass(frozen=True)
class Plant:
    """Items by number: components of each, days it takes, and (item, quantity, days from the start) of each demand."""

    lead_days: list[int]
    components: dict[int, list[int]]
    demands: list[tuple[int, int, int]]


def made_plant(items: int, levels: int, demands: int) -> Plant:
    """The same plant for the same numbers; every item but those of the lowest level is made of two below it."""
    chance = random.Random(20260105)  # a made plant, not a secret
    size = items // levels
    below = {item: range((item // size + 1) * size, (item // size + 2) * size) for item in range(size * (levels - 1))}
    return Plant(
        lead_days=[chance.randrange(1, 12) for _ in range(items)],
        components={item: sorted(chance.sample(found, EACH)) for item, found in below.items()},
        demands=[
            (chance.randrange(size), chance.randrange(1, 60), chance.randrange(60, 340)) for _demand in range(demands)
        ],
    )


def load_plant(plant: Plant, owner: Member) -> None:
    """The plant in our tables; the company is the current one."""
    count = len(plant.lead_days)
    ids = [masterdata.ensure_item(code=f"P{at:06d}", name=f"零件 {at}", actor=owner).id for at in range(count)]
    now = timezone.now()
    heads = Bom.objects.bulk_create(
        Bom(item_id=ids[item], version="1", state=Bom.State.ACTIVE, created_at=now) for item in plant.components
    )
    BomLine.objects.bulk_create(
        BomLine(bom=head, line=10 * (place + 1), component_id=ids[one], quantity=1, scrap_rate=Decimal(0))
        for head, below in zip(heads, plant.components.values(), strict=True)
        for place, one in enumerate(below)
    )
    PlanningData.objects.bulk_create(
        PlanningData(item_id=ids[at], lot_rule=PlanningData.LotRule.L4L, lead_days=days)
        for at, days in enumerate(plant.lead_days)
    )
    Demand.objects.bulk_create(
        Demand(item_id=ids[item], quantity=quantity, due_on=START + timedelta(days=day), priority=5, created_at=now)
        for item, quantity, day in plant.demands
    )
