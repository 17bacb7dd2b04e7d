"""Field classes 字段密级: who may see which field, and payloads that cannot leak.

Sharing with another firm goes through `SharedPayload`. It is made when its module is imported, and refuses a
field that is internal, secret or unknown: a leak stops the program at start, not a customer at month end.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class FieldClass(StrEnum):
    """From open to closed: anybody, a linked partner, members, members with the right for it."""

    PUBLIC = "public"
    PARTNER = "partner"
    INTERNAL = "internal"
    SECRET = "secret"  # noqa: S105 - the name of a class, not a password

    def may_reach(self, audience: "FieldClass") -> bool:
        """Whether a field of this class may be shown to `audience`: the same class or a more open one."""
        return _OPENNESS.index(self) <= _OPENNESS.index(audience)


_OPENNESS = tuple(FieldClass)


class LeakError(TypeError):
    """A shared document names a field that must not leave the company: a mistake of the programmer."""


_PUBLIC, _PARTNER = FieldClass.PUBLIC, FieldClass.PARTNER
_INTERNAL, _SECRET = FieldClass.INTERNAL, FieldClass.SECRET


def _fields(classes: Mapping[FieldClass, str]) -> dict[str, FieldClass]:
    return {field: field_class for field_class, fields in classes.items() for field in fields.split()}


# Every field of a record that has a class at all; what is not listed may not be shared.
FIELD_CLASSES: Mapping[str, Mapping[str, FieldClass]] = {
    "item": _fields(
        {
            _PUBLIC: "code name spec drawing_no revision stock_unit units barcodes identifiers tracking"
            " shelf_life_days weight family axis_values",
            _PARTNER: "is_sold is_purchased is_service state",
            _INTERNAL: "aliases category source is_stocked is_phantom internal_note pictures attributes"
            " template_version",
            _SECRET: "standard_cost target_price",
        }
    ),
    "partner": _fields(
        {
            _PUBLIC: "name short_name uscc gln kind",
            _PARTNER: "code addresses contacts currency payment_terms tax_rate",
            _INTERNAL: "category status is_customer is_supplier owner internal_note",
            _SECRET: "credit_limit bank_accounts",
        }
    ),
    "contact": _fields({_PARTNER: "name mobile email role is_primary"}),
    "address": _fields({_PARTNER: "kind text receiver phone"}),
    "bank_account": _fields({_SECRET: "bank account_no account_name cnaps"}),
    "company": _fields(
        {
            _PUBLIC: "name short_name uscc gln gs1_prefix",
            _PARTNER: "addresses contacts",
            _SECRET: "bank_accounts",
        }
    ),
    "warehouse": _fields({_PARTNER: "code name", _INTERNAL: "kind state locations"}),
    "location": _fields({_INTERNAL: "code barcode state warehouse"}),
    "department": _fields({_INTERNAL: "code name parent"}),
    "employee": _fields({_INTERNAL: "code name department mobile member state"}),
}

# Personal data can be erased one by one; a hash over it could not be verified afterwards.
PERSONAL_FIELDS: Mapping[str, frozenset[str]] = {
    "partner": frozenset({"contacts"}),
    "company": frozenset({"contacts"}),
    "contact": frozenset({"name", "mobile", "email"}),
    "address": frozenset({"receiver", "phone"}),
    "employee": frozenset({"name", "mobile", "member"}),
}


def class_of(record: str, field: str) -> FieldClass:
    """The class of a field, `class_of("item", "standard_cost")`. Unknown names are SECRET."""
    return FIELD_CLASSES.get(record, {}).get(field, FieldClass.SECRET)


class SharedPayload:
    """The fields of one record kind that a shared document carries, fixed at import time."""

    def __init__(
        self,
        record: str,
        fields: Iterable[str],
        *,
        audience: FieldClass = FieldClass.PARTNER,
        hashed: bool = False,
    ) -> None:
        """`audience` is PUBLIC or PARTNER; `hashed` payloads are kept free of personal data.

        Raises LeakError for an unknown field, one that `audience` may not see, or personal data to be hashed.
        """
        if not audience.may_reach(FieldClass.PARTNER):
            raise LeakError(f"a shared payload cannot be meant for {audience} readers")
        self.record = record
        self.fields = tuple(fields)
        self.audience = audience
        for field in self.fields:
            self._refuse_leak(field, hashed=hashed)

    def build(self, values: Mapping[str, object]) -> dict[str, object]:
        """Pick the shared fields out of `values`, in their fixed order. A missing one is a KeyError."""
        return {field: values[field] for field in self.fields}

    def _refuse_leak(self, field: str, *, hashed: bool) -> None:
        field_class = FIELD_CLASSES.get(self.record, {}).get(field)
        if field_class is None:
            raise LeakError(f"{self.record}.{field} has no field class and cannot be shared")
        if not field_class.may_reach(self.audience):
            raise LeakError(f"{self.record}.{field} is {field_class} and cannot be shown to {self.audience}")
        if hashed and field in PERSONAL_FIELDS.get(self.record, frozenset()):
            raise LeakError(f"{self.record}.{field} is personal data and cannot be hashed")
