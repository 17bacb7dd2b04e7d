"""Field classes: a payload that could leak cannot even be made."""

import pytest

from apps.masterdata.domain.classes import FIELD_CLASSES, FieldClass, LeakError, SharedPayload, class_of


@pytest.mark.parametrize(
    ("record", "field"),
    [(record, field) for record, fields in FIELD_CLASSES.items() for field, field_class in fields.items()
     if field_class in {FieldClass.INTERNAL, FieldClass.SECRET}],
)  # fmt: skip
def test_internal_and_secret_fields_are_refused_when_the_payload_is_made(record, field):
    with pytest.raises(LeakError, match=f"{record}.{field}"):
        SharedPayload(record, [field])


def test_the_fields_the_specification_keeps_at_home():
    for field in ("standard_cost", "target_price", "internal_note", "pictures"):
        assert class_of("item", field) in {FieldClass.INTERNAL, FieldClass.SECRET}
    assert class_of("partner", "bank_accounts") is FieldClass.SECRET
    assert class_of("employee", "mobile") is FieldClass.INTERNAL
    assert class_of("contact", "mobile") is FieldClass.PARTNER
    assert class_of("item", "never heard of") is FieldClass.SECRET


def test_unknown_field_and_unknown_audience_are_refused():
    with pytest.raises(LeakError):
        SharedPayload("item", ["nmae"])
    with pytest.raises(LeakError):
        SharedPayload("item", ["code"], audience=FieldClass.INTERNAL)
    with pytest.raises(LeakError):
        SharedPayload("partner", ["payment_terms"], audience=FieldClass.PUBLIC)


def test_personal_data_is_never_hashed():
    assert SharedPayload("contact", ["name", "mobile"]).fields == ("name", "mobile")
    with pytest.raises(LeakError, match="hashed"):
        SharedPayload("contact", ["role", "mobile"], hashed=True)


def test_payload_carries_its_fields_and_nothing_else():
    payload = SharedPayload("item", ("code", "name", "spec"))
    item = {"name": "六角螺栓", "standard_cost": "0.12", "spec": "M6×20", "code": "M6-BOLT"}

    assert payload.build(item) == {"code": "M6-BOLT", "name": "六角螺栓", "spec": "M6×20"}
