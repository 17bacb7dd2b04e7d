"""Shape of what comes in. The services decide; nothing is saved here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.billing.api.values import number
from apps.billing.domain.access import MODULES
from apps.billing.services.changes import VERBS

FIRST_YEAR, LAST_YEAR = 2000, 2199
INTERVALS, ALIGNMENTS = ("month", "year"), ("calendar", "anniversary")


class Text(serializers.CharField):
    """A line of text without NUL, at most `max_length`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 200)
        super().__init__(**options)


class Day(serializers.DateField):
    """A date that business can mean: arithmetic around it must not leave the calendar."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise serializers.ValidationError(_("日期要在 2000 年到 2199 年之间。"))
        return day


class Instant(serializers.DateTimeField):
    """A moment that the business clock can stand at."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment: datetime = super().to_internal_value(value)
        except OverflowError:
            raise serializers.ValidationError(_("日期要在 2000 年到 2199 年之间。")) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise serializers.ValidationError(_("日期要在 2000 年到 2199 年之间。"))
        return moment


class Money(serializers.DecimalField):
    """CNY, two decimals at most, not negative unless told."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        super().__init__(max_digits=16, decimal_places=2, **options)


class Reason(serializers.Serializer):
    reason = Text()


class ChangeStep(serializers.Serializer):
    do = serializers.ChoiceField(VERBS)
    item = Text(max_length=60, required=False)
    quantity = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    to = serializers.ChoiceField(INTERVALS, required=False)


class Changes(serializers.Serializer):
    changes = ChangeStep(many=True, allow_empty=False)
    quote = Text(max_length=64, required=False)


class Account(serializers.Serializer):
    legal_name = Text(required=False, allow_blank=True)
    tax_id = Text(max_length=20, required=False, allow_blank=True)
    bank_name = Text(max_length=100, required=False, allow_blank=True)
    bank_account = Text(max_length=40, required=False, allow_blank=True)
    address = Text(required=False, allow_blank=True)
    phone = Text(max_length=40, required=False, allow_blank=True)
    emails = serializers.ListField(child=serializers.EmailField(), max_length=10, required=False)


class Cap(serializers.Serializer):
    meter = Text(max_length=60, allow_null=True, required=False, default=None)
    mode = serializers.ChoiceField(("hard", "soft"))
    amount = Money()


class Caps(serializers.Serializer):
    caps = Cap(many=True)


class Alert(serializers.Serializer):
    meter = Text(max_length=60)
    limit_amount = Money(allow_null=True, required=False, default=None)
    thresholds = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=1000), min_length=1, max_length=10
    )


class Alerts(serializers.Serializer):
    alerts = Alert(many=True)


class Pay(serializers.Serializer):
    gateway = serializers.ChoiceField(("bank_transfer", "stripe"))


class Days(serializers.Serializer):
    """`?meter=&from=&to=`; `from` is no name that Python lets a field have."""

    meter = Text(max_length=60, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": Day(required=False), "to": Day(required=False), **super().get_fields()}


class Signup(serializers.Serializer):
    company = Text()
    slug = Text(max_length=35)
    owner_name = Text(max_length=60)
    owner_email = serializers.EmailField(max_length=254)
    phone = Text(max_length=20, required=False, allow_blank=True, default="")
    password = serializers.CharField(max_length=200, trim_whitespace=False, validators=[validate_password])
    modules = serializers.ListField(child=serializers.ChoiceField(MODULES), max_length=8, default=list)
    interval = serializers.ChoiceField(INTERVALS, default="month")
    alignment = serializers.ChoiceField(ALIGNMENTS, default="calendar")
    accept_terms = serializers.BooleanField()

    def validate_accept_terms(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError(_("请先阅读并同意服务条款。"))
        return value


class Confirm(serializers.Serializer):
    code = Text(max_length=12)


class Estimate(serializers.Serializer):
    modules = serializers.ListField(child=serializers.ChoiceField(MODULES), max_length=8, default=list)
    seats = serializers.IntegerField(min_value=0, max_value=100_000, default=3)
    interval = serializers.ChoiceField(INTERVALS, default="month")
    usage = serializers.DictField(
        child=serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0), default=dict
    )
    yearly_revenue = Money(required=False, allow_null=True, default=None)


class NewCompany(serializers.Serializer):
    slug = Text(max_length=63)
    name = Text()
    owner_email = serializers.EmailField(max_length=254)
    owner_name = Text(max_length=60, required=False, default="", allow_blank=True)
    modules = serializers.ListField(child=serializers.ChoiceField(MODULES), max_length=8, default=list)
    trial_days = serializers.IntegerField(min_value=0, max_value=366, default=0)


class Until(serializers.Serializer):
    until = Day()
    reason = Text()


class Terms(serializers.Serializer):
    terms_days = serializers.IntegerField(min_value=0, max_value=365)


class Allocation(serializers.Serializer):
    invoice = Text(max_length=40)
    share = serializers.ChoiceField(("enterprise", "government"), default="enterprise")
    amount = Money(min_value=Decimal("0.01"))


class BankMatch(serializers.Serializer):
    tenant = Text(max_length=63)
    allocations = Allocation(many=True, required=False, default=list)


class Statement(serializers.Serializer):
    file = serializers.FileField()
    account = Text(max_length=20, default="main")
    profile = Text(max_length=20, default="generic")


class Moment(serializers.Serializer):
    now = Instant()


class To(serializers.Serializer):
    to = Instant()


class PriceTier(serializers.Serializer):
    up_to = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0, allow_null=True)
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0)


class PlanPrice(serializers.Serializer):
    item = Text(max_length=60, required=False)
    meter = Text(max_length=60, required=False)
    interval = serializers.ChoiceField(INTERVALS, default="month")
    unit_price = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0, required=False)
    free_units = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=0, required=False)
    package_size = serializers.DecimalField(max_digits=18, decimal_places=6, min_value=1, required=False)
    package_price = Money(required=False)
    minimum = Money(required=False)
    tiers = PriceTier(many=True, required=False, allow_empty=False)

    def validate_tiers(self, rows: list[dict[str, Decimal | None]]) -> list[dict[str, str | None]]:
        """Tops rise and the last tier has none; stored as text, as the catalogue keeps them."""
        tops = [row["up_to"] for row in rows[:-1]]
        if rows[-1]["up_to"] is not None or None in tops or tops != sorted(set(tops)):  # type: ignore[type-var]  # no None left
            raise serializers.ValidationError(_("阶梯上限要逐级升高，最后一级不设上限。"))
        return [{name: None if value is None else number(value) for name, value in row.items()} for row in rows]


class NewPlan(serializers.Serializer):
    code = Text(max_length=40, default="standard")
    name = Text(max_length=80, required=False, default="", allow_blank=True)
    effective_from = Day()
    grandfathered_until = Day(required=False, allow_null=True, default=None)
    prices = PlanPrice(many=True, required=False, default=list)
