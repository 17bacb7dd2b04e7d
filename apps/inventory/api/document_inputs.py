"""Shapes of the bodies that make stock documents."""

from typing import Any

from rest_framework import serializers

from apps.inventory.api.inputs import MONEY, PRICE, WIDE, Body, chars, day, decimal, ident, rows, serials

WHEN_CLOSED = ["refuse", "first_open_day"]


class LineBody(Body):
    """What lines of receipts, issues, transfers and assemblies share."""

    item = chars(200, required=True)
    quantity = decimal(WIDE, required=True)
    unit = chars(64)
    lot = chars(64)
    serials = serials()
    location = chars(64)


class ReceiptLineBody(LineBody):
    unit_cost = decimal(PRICE)
    amount = decimal({**MONEY, "min_value": 0})
    made_on = day()
    expires_on = day()
    supplier_lot = chars(64)
    origin = ident()


class IssueLineBody(LineBody):
    reservation = ident()
    origin = ident()


class TransferLineBody(LineBody):
    to_location = chars(64)


class AssemblyLineBody(LineBody):
    share = decimal({**PRICE})
    made_on = day()
    expires_on = day()


class DocumentBody(Body):
    """What all documents share; `draft` only saves."""

    moved_on = day()
    when_closed = serializers.ChoiceField(choices=WHEN_CLOSED, required=False)
    note = chars(500)
    draft = serializers.BooleanField(required=False, default=False)


class ReceiptBody(DocumentBody):
    warehouse = chars(64, required=True)
    reason = serializers.ChoiceField(
        choices=["opening", "purchase", "production", "subcontract", "gain", "sales_return", "material_return",
                 "other_in"],
        default="other_in",
    )  # fmt: skip
    partner = chars(64)
    lines = rows(ReceiptLineBody, allow_empty=False)


class IssueBody(DocumentBody):
    warehouse = chars(64, required=True)
    reason = serializers.ChoiceField(
        choices=["sale", "material", "loss", "scrap", "purchase_return", "subcontract_sent", "other_out"],
        default="other_out",
    )
    partner = chars(64)
    lines = rows(IssueLineBody, allow_empty=False)


class TransferBody(DocumentBody):
    from_warehouse = chars(64, required=True)
    to_warehouse = chars(64, required=True)
    in_transit = serializers.BooleanField(required=False, default=False)
    lines = rows(TransferLineBody, allow_empty=False)


class AssemblyBody(DocumentBody):
    warehouse = chars(64, required=True)
    inputs = rows(AssemblyLineBody, allow_empty=False)
    outputs = rows(AssemblyLineBody, allow_empty=False)
    extra_cost = decimal({**MONEY, "min_value": 0})


class AdjustmentLineBody(Body):
    item = chars(200, required=True)
    warehouse = chars(64)
    lot = chars(64)
    amount = decimal(MONEY, required=True)


class AdjustmentBody(DocumentBody):
    """成本调整; `reason` is a sentence for the record."""

    reason = chars(200)
    lines = rows(AdjustmentLineBody, allow_empty=False)


class LandedTargetBody(Body):
    receipt = ident(required=True)
    line = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=100_000)


class LandedBody(Body):
    on = day()
    amount = decimal(MONEY, required=True)
    basis = serializers.ChoiceField(choices=["quantity", "value", "weight"], default="value")
    receipts = rows(LandedTargetBody, allow_empty=False)
    partner = chars(64)
    when_closed = serializers.ChoiceField(choices=WHEN_CLOSED, required=False)
    note = chars(500)
    draft = serializers.BooleanField(required=False, default=False)


class ReverseBody(Body):
    reason = chars(200)
    when_closed = serializers.ChoiceField(choices=WHEN_CLOSED, required=False)


class PostBody(Body):
    moved_on = day()
    when_closed = serializers.ChoiceField(choices=WHEN_CLOSED, required=False)


def line_values(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines as keyword arguments of the records of `apps.inventory.records`."""
    return [{**row, "serials": tuple(row["serials"])} if "serials" in row else dict(row) for row in lines]
