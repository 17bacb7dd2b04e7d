"""The door: what finance, inventory and the others may ask of master data."""

from datetime import date
from decimal import Decimal

import pytest

from apps.masterdata import public
from apps.masterdata.services import numbers, usage
from kernel.errors import DomainError, Invalid
from kernel.models import Fact

ON = date(2026, 6, 30)


def test_a_fresh_company_has_units_and_number_rules(alice, in_hongda):
    bolt = public.ensure_item(code="M6-BOLT", name="六角螺栓 M6x20", unit="个", actor=alice)

    assert bolt.stock_unit == "pcs"
    assert public.next_number("work_order", ON) == "MO2606-0001"
    assert public.next_number("work_order", ON) == "MO2606-0002"
    assert public.next_number("work_order", date(2026, 7, 1)) == "MO2607-0001"


def test_ensuring_twice_makes_one_record(alice, in_hongda):
    first = public.ensure_partner(code="C001", name="宏图机械有限公司", is_customer=True, actor=alice)
    again = public.ensure_partner(code="ｃ001", name="另一个名字", is_supplier=True, actor=alice)

    assert again.id == first.id
    assert (again.is_customer, again.is_supplier, again.name) == (True, True, "宏图机械有限公司")


def test_dimension_values_come_by_code_and_pinyin(alice, in_hongda):
    public.ensure_department(code="D1", name="生产部", actor=alice)
    public.ensure_department(code="D2", name="销售部", actor=alice)
    public.ensure_employee(code="E1", name="张伟", department="D1", actor=alice)

    assert [row.code for row in public.find_departments("shengchan")] == ["D1"]
    assert [row.name for row in public.find_departments("xsb")] == ["销售部"]
    assert public.find_employees("zw")[0].department == "D1"


def test_an_unknown_unit_is_made_with_the_item(alice, in_hongda):
    item = public.ensure_item(code="WIRE", name="铜线", unit="盘", actor=alice)

    assert (item.stock_unit_name, item.decimals) == ("盘", 4)


def test_conversion_is_exact_or_refused(alice, in_hongda):
    item = public.ensure_item(code="NUT", name="螺母", unit="pcs", actor=alice)

    with pytest.raises(Invalid) as refused:
        public.convert(item.id, Decimal(1), "box")

    assert refused.value.code == "unknown_unit"
    assert public.convert(item.id, "12", "个") == Decimal("12.0000")


def test_saving_tells_the_floors_above(alice, in_hongda):
    item = public.ensure_item(code="NUT", name="螺母", actor=alice)

    assert Fact.objects.filter(name="masterdata.item_saved", payload__item_id=item.id).count() == 1


def test_a_guard_keeps_what_a_floor_above_still_needs(alice, in_hongda):
    usage._guards.clear()
    public.guard("item", lambda item_id: "还有库存 40 个。")
    try:
        with pytest.raises(DomainError) as refused:
            usage.check_unused("item", 1)
    finally:
        usage._guards.clear()

    assert (refused.value.code, refused.value.message) == ("in_use", "还有库存 40 个。")


def test_a_number_is_never_given_twice_even_when_the_rule_changes(alice, in_hongda):
    public.ensure_number_rule("label", "L{yy}{seq:4}", reset="year")
    first = public.next_number("label", ON)
    numbers.save_rule(document="label", pattern="L{yy}{seq:4}", reset="never", gapless=False, version=None, actor=alice)

    assert first == "L260001"
    assert public.next_number("label", ON) == "L260002"
