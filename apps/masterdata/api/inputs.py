"""Shapes of what the API takes in. What a code, unit or check digit means is decided by the services."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.masterdata.models import Address, Employee, Item, NumberRule, Partner, Warehouse
from apps.masterdata.models.places import PlaceState

MONEY: dict[str, Any] = {"max_digits": 18, "decimal_places": 2, "min_value": 0, "required": False, "allow_null": True}
PRICE: dict[str, Any] = {"max_digits": 18, "decimal_places": 6, "min_value": 0, "required": False, "allow_null": True}


def check_texts(value: Any) -> None:
    """Every text in a free-form body can be stored: no NUL, no half of a surrogate pair."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise serializers.ValidationError(_("含有无法保存的字符，请检查。"))
    elif isinstance(value, dict):
        check_texts(list(value))
        check_texts(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            check_texts(one)


def chars(length: int = 200, *, required: bool = False) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=required, allow_blank=not required)


def reference() -> serializers.CharField:
    """Another record by code or id; null or empty = none."""
    return serializers.CharField(max_length=200, required=False, allow_null=True, allow_blank=True)


class Input(serializers.Serializer[Any]):
    """A body: `version` is what the writer read, and may be left out."""

    version = serializers.IntegerField(required=False, allow_null=True, min_value=0)


class UnitInput(Input):
    code = chars(64, required=True)
    name = chars(required=True)
    decimals = serializers.IntegerField(required=False, min_value=0, max_value=4)
    rec20 = chars(10)


class CategoryInput(Input):
    code = chars(64, required=True)
    name = chars(required=True)
    parent = reference()  # type: ignore[assignment]  # a field: the metaclass takes it out


class TemplateInput(Input):
    category = chars(required=True)
    rows = serializers.ListField(child=serializers.DictField(), max_length=500, validators=[check_texts])


class FamilyInput(Input):
    code = chars(64, required=True)
    name = chars()
    axes = serializers.DictField(validators=[check_texts])
    pattern = chars()
    stock_unit = chars(64)
    category = reference()


class FactorInput(serializers.Serializer[Any]):
    unit = chars(64, required=True)
    factor = chars(40, required=True)


class BarcodeInput(serializers.Serializer[Any]):
    value = chars(64, required=True)
    unit = chars(64)


class IdentifierInput(serializers.Serializer[Any]):
    issuer = chars(100)
    type = chars(40)
    value = chars(200, required=True)


class ItemInput(Input):
    code = chars(200, required=True)
    name = chars(required=True)
    stock_unit = chars(64, required=True)
    spec = chars()
    drawing_no = chars(100)
    revision = chars(20)
    category = reference()
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field: the metaclass takes it out
        choices=Item.Source.choices, required=False
    )
    tracking = serializers.ChoiceField(choices=Item.Tracking.choices, required=False)
    shelf_life_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=36500)
    is_stocked = serializers.BooleanField(required=False)
    is_purchased = serializers.BooleanField(required=False)
    is_sold = serializers.BooleanField(required=False)
    is_service = serializers.BooleanField(required=False)
    is_phantom = serializers.BooleanField(required=False)
    weight = serializers.DecimalField(**PRICE)
    units = FactorInput(many=True, required=False)
    barcodes = BarcodeInput(many=True, required=False)
    identifiers = IdentifierInput(many=True, required=False)
    attributes = serializers.DictField(required=False, validators=[check_texts])
    standard_cost = serializers.DecimalField(**PRICE)
    target_price = serializers.DecimalField(**PRICE)
    internal_note = chars(5000)
    state = serializers.ChoiceField(choices=Item.State.choices, required=False)


class ContactInput(serializers.Serializer[Any]):
    id = serializers.IntegerField(required=False, allow_null=True)
    name = chars(60, required=True)
    mobile = chars(30)
    email = chars(254)
    role = chars(60)
    is_primary = serializers.BooleanField(required=False)


class BankAccountInput(serializers.Serializer[Any]):
    bank = chars(100, required=True)
    account_no = chars(60, required=True)
    account_name = chars(100)
    cnaps = chars(30)


class AddressInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Address.Kind.choices, required=False)
    text = chars(300, required=True)
    receiver = chars(60)
    phone = chars(30)


class CompanyInput(Input):
    name = chars()
    short_name = chars(60)
    uscc = chars(40)
    gln = chars(30)
    gs1_prefix = chars(30)
    contacts = ContactInput(many=True, required=False)
    addresses = AddressInput(many=True, required=False)
    bank_accounts = BankAccountInput(many=True, required=False)


class PartnerInput(Input):
    code = chars(200, required=True)
    name = chars(required=True)
    short_name = chars(60)
    kind = serializers.ChoiceField(choices=Partner.Kind.choices, required=False)
    is_customer = serializers.BooleanField(required=False)
    is_supplier = serializers.BooleanField(required=False)
    uscc = chars(40)
    category = chars(60)
    status = serializers.ChoiceField(choices=Partner.Status.choices, required=False)
    currency = serializers.RegexField(r"^[A-Z]{3}$", required=False)
    payment_terms = chars(100)
    tax_rate = serializers.DecimalField(
        max_digits=9, decimal_places=8, min_value=0, max_value=1, required=False, allow_null=True
    )
    credit_limit = serializers.DecimalField(**MONEY)
    owner = reference()
    gln = chars(30)
    internal_note = chars(5000)
    contacts = ContactInput(many=True, required=False)
    addresses = AddressInput(many=True, required=False)
    bank_accounts = BankAccountInput(many=True, required=False)


class WarehouseInput(Input):
    code = chars(64, required=True)
    name = chars(required=True)
    kind = serializers.ChoiceField(choices=Warehouse.Kind.choices, required=False)
    state = serializers.ChoiceField(choices=PlaceState.choices, required=False)


class LocationInput(Input):
    warehouse = chars(required=True)
    code = chars(64, required=True)
    barcode = chars(64)
    state = serializers.ChoiceField(choices=PlaceState.choices, required=False)


class DepartmentInput(Input):
    code = chars(64, required=True)
    name = chars(required=True)
    parent = reference()  # type: ignore[assignment]  # a field: the metaclass takes it out


class EmployeeInput(Input):
    code = chars(64, required=True)
    name = chars(required=True)
    department = reference()
    mobile = chars(30)
    member = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    state = serializers.ChoiceField(choices=Employee.State.choices, required=False)


class NumberRuleInput(Input):
    pattern = chars(100, required=True)
    reset = serializers.ChoiceField(choices=NumberRule.RESETS, required=False, default="never")
    gapless = serializers.BooleanField(required=False, default=False)


class MergeInput(serializers.Serializer[Any]):
    keep = chars(required=True)
    drop = chars(required=True)
