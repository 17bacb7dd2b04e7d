"""Shapes of request bodies. What they mean is decided by the services."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.finance.api.fields import BookDay, NumberText, Text
from apps.finance.services.lines import LineInput
from apps.finance.services.opening import ItemInput, OpeningInput

_DIMENSION = re.compile(r"[a-z][a-z0-9_]{0,29}")
MOST_IDS = 500
MOST_ROWS = 20_000


class Body(serializers.Serializer):  # type: ignore[misc,type-arg,unused-ignore]  # DRF ships no types
    """A request body."""


class AuxField(serializers.DictField):  # type: ignore[misc,unused-ignore]  # as above
    """{dimension: value code}."""

    child = Text(max_length=60)
    default_error_messages = {"unknown_key": _("“{name}”不是辅助核算维度的编码。")}

    def to_internal_value(self, data: Any) -> dict[str, str]:
        found: dict[str, str] = super().to_internal_value(data)
        for key in found:
            if not _DIMENSION.fullmatch(key):
                self.fail("unknown_key", name=key[:30])
        return found


class SetupBody(Body):
    company_name = Text(max_length=120)
    tax_id = Text(max_length=20)
    standard = Text(max_length=20, default="small_enterprise")
    taxpayer_kind = Text(max_length=12)
    start_period = Text(max_length=7)
    voucher_words = serializers.ListField(child=Text(max_length=8), min_length=1, max_length=20, required=False)
    closing_word = Text(max_length=8, required=False, allow_null=True)
    code_lengths = serializers.ListField(child=serializers.IntegerField(), max_length=6, required=False)
    payable_details = serializers.BooleanField(required=False)


class BookBody(Body):
    separate_reviewer = serializers.BooleanField(required=False)
    reason = Text(max_length=200, required=False, allow_blank=True)
    cashier_sign = serializers.BooleanField(required=False)
    monthly_profit_transfer = serializers.BooleanField(required=False)
    balance_side = Text(max_length=10, required=False)
    crossing = Text(max_length=10, required=False)
    voucher_words = serializers.ListField(child=Text(max_length=8), min_length=1, max_length=20, required=False)
    version = serializers.IntegerField(required=False, min_value=0, max_value=10**9)


class KindBody(Body):
    kind = Text(max_length=12)
    vat_filing = Text(max_length=8, required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": BookDay()}  # a word of Python cannot be an attribute


class AuxRule(Body):
    dimension = Text(max_length=30)
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]  # DRF takes it off the class


class AccountProperties(Body):
    name = Text(max_length=80, required=False)
    direction = Text(max_length=6, required=False)
    aux = AuxRule(many=True, required=False)
    quantity = serializers.BooleanField(required=False)
    currencies = serializers.ListField(child=Text(max_length=3), max_length=50, required=False)
    revalue = serializers.BooleanField(required=False)
    cash_kind = Text(max_length=8, required=False)
    open_item = Text(max_length=12, required=False)
    income_line = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=99)

    @staticmethod
    def properties(data: Mapping[str, Any]) -> dict[str, Any]:
        """What was stated, with aux as {dimension: required}."""
        stated = {name: value for name, value in data.items() if name not in ("code", "version")}
        if "aux" in stated:
            stated["aux"] = {row["dimension"]: row["required"] for row in stated["aux"]}
        return stated


class AccountBody(AccountProperties):
    code = Text(max_length=20)
    name = Text(max_length=80)


class AccountChange(AccountProperties):
    is_active = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False, min_value=0, max_value=10**9)


class DimensionBody(Body):
    code = Text(max_length=30)
    name = Text(max_length=40)


class ValueBody(Body):
    code = Text(max_length=60)
    name = Text(max_length=200)
    unit = Text(max_length=20, required=False, allow_null=True)


class ValueChange(Body):
    name = Text(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False)


class RateBody(Body):
    currency = Text(max_length=3)
    on = BookDay()
    rate = NumberText(places=8)


class OpeningItemBody(Body):
    ref = Text(max_length=40)
    on = BookDay()
    due_on = BookDay()
    amount = NumberText()


class OpeningRowBody(Body):
    account = Text(max_length=20)
    aux = AuxField(required=False)
    balance = NumberText()
    ytd_debit = NumberText(required=False)
    ytd_credit = NumberText(required=False)
    ytd_actual = NumberText(required=False, allow_null=True)
    quantity = NumberText(places=4, required=False)
    currency = Text(max_length=3, required=False, allow_null=True, allow_blank=True)
    fc_balance = NumberText(required=False)
    items = OpeningItemBody(many=True, required=False)

    @staticmethod
    def row(data: Mapping[str, Any]) -> OpeningInput:
        """As the service takes it."""
        items = tuple(ItemInput(**item) for item in data.get("items", ()))
        return OpeningInput(**{**data, "items": items})


class OpeningBody(Body):
    rows = OpeningRowBody(many=True, max_length=MOST_ROWS)  # type: ignore[call-arg]  # DRF hands it to the list
    cash_flow_ytd = serializers.DictField(child=NumberText(), required=False)


class ReasonBody(Body):
    reason = Text(max_length=200, allow_blank=True)


class OptionalReasonBody(Body):
    reason = Text(max_length=200, required=False, allow_blank=True)


class BasisRow(Body):
    aux = AuxField()
    weight = NumberText(places=4)


class OverheadBody(Body):
    from_account = Text(max_length=20)
    to_account = Text(max_length=20)
    basis = BasisRow(many=True, allow_empty=False, max_length=1000)  # type: ignore[call-arg]  # DRF hands it to the list


class CostOfSalesBody(Body):
    stock_account = Text(max_length=20, required=False)
    income_account = Text(max_length=20, required=False)
    cost_account = Text(max_length=20, required=False)
    dimension = Text(max_length=30, required=False)


class SurchargeRates(Body):
    city = NumberText(places=8, required=False)
    education = NumberText(places=8, required=False)
    local_education = NumberText(places=8, required=False)


class SurchargesBody(Body):
    rates = SurchargeRates(required=False)
    relief = NumberText(places=8, required=False)


class IncomeTaxBody(Body):
    rate = NumberText(places=8, required=False)


STEP_BODIES: dict[str, type[Body]] = {
    "overhead": OverheadBody,
    "cost_of_sales": CostOfSalesBody,
    "surcharges": SurchargesBody,
    "income_tax": IncomeTaxBody,
}


class LineBody(Body):
    summary = Text(max_length=200)
    account = Text(max_length=20)
    aux = AuxField(required=False)
    debit = NumberText(required=False)
    credit = NumberText(required=False)
    currency = Text(max_length=3, required=False, allow_null=True, allow_blank=True)
    fc_amount = NumberText(required=False, allow_null=True)
    rate = NumberText(places=8, required=False, allow_null=True)
    quantity = NumberText(places=4, required=False, allow_null=True)
    unit_price = NumberText(places=6, required=False, allow_null=True)
    due_on = BookDay(required=False, allow_null=True)
    ref = Text(max_length=40, required=False, allow_blank=True, allow_null=True)
    cash_flow = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=18)

    @staticmethod
    def line(data: Mapping[str, Any]) -> LineInput:
        """As the service takes it."""
        return LineInput(**{**data, "ref": data.get("ref") or ""})


class VoucherBody(Body):
    date = BookDay()
    word = Text(max_length=8)
    attachment_count = serializers.IntegerField(required=False, min_value=0, max_value=9999)
    kind = Text(max_length=8, required=False)
    lines = LineBody(many=True, max_length=2000)  # type: ignore[call-arg]  # DRF hands it to the list


class VoucherChange(Body):
    version = serializers.IntegerField(min_value=0, max_value=10**9)
    date = BookDay(required=False)
    word = Text(max_length=8, required=False)
    attachment_count = serializers.IntegerField(required=False, min_value=0, max_value=9999)
    kind = Text(max_length=8, required=False)
    lines = LineBody(many=True, required=False, max_length=2000)  # type: ignore[call-arg]  # DRF hands it to the list


class ReverseBody(Body):
    date = BookDay()
    reason = Text(max_length=20)


class CopyBody(Body):
    date = BookDay()


class TagBody(Body):
    seq = serializers.IntegerField(min_value=1, max_value=32767)
    cash_flow = serializers.IntegerField(min_value=1, max_value=18)


class TagsBody(Body):
    lines = TagBody(many=True, allow_empty=False, max_length=2000)  # type: ignore[call-arg]  # DRF hands it to the list


class BatchBody(Body):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**18), min_length=1, max_length=MOST_IDS
    )


class ReclassifyBody(Body):
    period = Text(max_length=7)
    from_line = serializers.IntegerField(min_value=1, max_value=99)
    to_line = serializers.IntegerField(min_value=1, max_value=99)
    amount = NumberText()
    reason = Text(max_length=200)
