"""The one row of settings."""

from apps.production.models import ProductionSettings


def settings() -> ProductionSettings:
    """The settings as saved, or as they are before anybody saved them."""
    return ProductionSettings.objects.first() or ProductionSettings()
