"""Shapes of despatches and receipts as they are sent to us."""

from rest_framework import serializers

from apps.supply.api.inputs import MOST_LINES, Body, Day, Figure, LineNo, Note, PackageNo, Seen, Text, many


class DespatchLineBody(Body):
    order = Text(max_length=64)
    line = LineNo()
    quantity = Figure(places=4)
    lot = Note(max_length=60)
    package = PackageNo(max_length=20, required=False, allow_blank=True, default="")


class PackageBody(Body):
    no = PackageNo(max_length=20)
    kind = Note(max_length=20)
    sscc = Note(max_length=20, allow_null=True)


class DespatchBody(Body):
    partner = Text(max_length=64)
    ship_date = Day()
    eta = Day(required=False, allow_null=True)
    carrier = Note(max_length=100)
    tracking = Note(max_length=100)
    lines = many(DespatchLineBody, allow_empty=False, max_length=MOST_LINES)
    packages = many(PackageBody, required=False, max_length=MOST_LINES)


class GuestDespatchBody(DespatchBody):
    partner = Note(max_length=64)


class ReceiptLineBody(Body):
    order = Note(max_length=64)
    line = LineNo()
    received = Figure(places=4)
    rejected = Figure(places=4, required=False)
    reason = Note(max_length=200)


class ReceiptBody(Body):
    despatch = serializers.UUIDField(required=False, allow_null=True)
    version = Seen(required=False)
    order = Note(max_length=64)
    received_on = Day(required=False)
    complete = serializers.BooleanField(default=True)
    lines = many(ReceiptLineBody, required=False, max_length=MOST_LINES)
