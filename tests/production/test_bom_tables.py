"""What the database itself keeps of bills: no overlap, no change of a used version."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.masterdata import public as masterdata
from apps.production.models import Bom, BomLine
from tenants.context import Company
from tenants.rights import Member

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def given_bom(actor: Member, version: str, **more: object) -> Bom:
    item = masterdata.ensure_item(code="FLANGE-DN50", name="法兰盘 DN50", actor=actor)
    return Bom.objects.create(item_id=item.id, version=version, created_at=NOW, **more)


def test_active_versions_share_no_day(alice: Member, in_hongda: Company) -> None:
    given_bom(alice, "A", state="active", valid_to=date(2026, 6, 30))
    given_bom(alice, "B", state="active", valid_from=date(2026, 7, 1))

    with pytest.raises(IntegrityError, match="production_bom_no_overlap"), transaction.atomic():
        given_bom(alice, "C", state="active", valid_from=date(2026, 6, 30), valid_to=date(2026, 6, 30))

    assert given_bom(alice, "D", state="draft").pk


def test_lines_of_a_used_bill_are_frozen(alice: Member, in_hongda: Company) -> None:
    bolt = masterdata.ensure_item(code="M6-BOLT", name="六角螺栓", actor=alice)
    bom = given_bom(alice, "A", state="active")
    line = BomLine.objects.create(bom=bom, line=10, component_id=bolt.id, quantity=Decimal(4))
    Bom.objects.filter(pk=bom.pk).update(is_used=True)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        BomLine.objects.filter(pk=line.pk).update(quantity=Decimal(5))
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        BomLine.objects.create(bom=bom, line=20, component_id=bolt.id, quantity=Decimal(1))

    line.refresh_from_db()
    assert line.quantity == Decimal(4)
