"""The settings that the shop floor reads."""

from decimal import Decimal

from apps.production.models import ProductionSettings


def report_tolerance() -> Decimal:
    """The share by which more may be reported than came in; 0 until somebody set one."""
    found = ProductionSettings.objects.values_list("report_tolerance", flat=True).first()
    return found if found is not None else Decimal(0)


def overhead_rate() -> Decimal:
    """CNY an hour, for work centres that have no rate of their own."""
    found = ProductionSettings.objects.values_list("overhead_rate", flat=True).first()
    return found if found is not None else Decimal(0)
