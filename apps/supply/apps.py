"""供应协同."""

from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "apps.supply"
    verbose_name = "供应协同"
